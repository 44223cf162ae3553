"""The wire: QuickBooks Online as a typed client.

It knows addresses, tokens, envelopes, faults, limits and retries, and nothing of what is sent: no
Record, no Link, no Django, no database. `client` is the way in; everything it raises is in `errors`.
"""
