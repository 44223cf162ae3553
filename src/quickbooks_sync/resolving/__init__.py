"""What a person can answer to each question, and what the answer does.

An answer only moves what is agreed, or a local record; the next run carries out the rest. Absent on
purpose: questions to QuickBooks.
"""
