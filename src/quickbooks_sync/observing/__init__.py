"""Looking at both sides, and storing what was seen.

To store the same twice is harmless. Absent on purpose: decisions; a watermark moves only when everything up
to it is stored.
"""
