"""The story of a run.

Whose turn it is (`queue`), what a run does step by step (`run`), who carries it out (`worker`), what is
left over. Absent on purpose: a task queue; a run is a row.
"""
