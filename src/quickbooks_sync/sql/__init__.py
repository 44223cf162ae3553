"""Statements that a run repeats thousands of times, made once from the models.

Absent on purpose: SQL that names a table or a column by hand, and anything that is asked once a run.
"""
