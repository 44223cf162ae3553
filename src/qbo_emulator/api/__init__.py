"""The API over HTTP.

Requests become calls, pass the gateway, are carried out and answered; batches, changes, faults on request,
pace. Absent on purpose: what an entity may hold.
"""
