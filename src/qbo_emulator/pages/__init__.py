"""Pages for a person who looks into "QuickBooks", or sets the emulator.

Absent on purpose: rules of their own; a form writes as a client would.
"""
