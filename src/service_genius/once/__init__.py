"""Whatever is pressed once is done once: a key in every form, kept with what came of it.

Forms and views know nothing of it. `{% csrf_token %}` writes the key, the middleware looks it up.
"""
