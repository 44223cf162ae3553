"""What everything stands on.

JSON and money, the clock, switches, the words of refusals, the members an object may have. Absent on
purpose: the data file.
"""
