"""Who may come in: clients, codes, tokens, proof keys, identities.

Absent on purpose: HTTP.
"""
