"""What the product costs: calls, queries, milliseconds, memory. Run by `make bench`.

Nothing here passes or fails. Counts are the same on every machine and can be compared; seconds say
something only beside other seconds of the same machine.
"""
