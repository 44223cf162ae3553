"""Writing down what happened to a Link: Baselines, Issues, the log.

Always inside the transaction of the caller. Absent on purpose: whether it should happen.
"""
