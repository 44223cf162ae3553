"""What no client may do to QuickBooks.

The control plane, and the table of what the emulator covers. Absent on purpose: anything the sync may rely
on.
"""
