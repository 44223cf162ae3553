"""Sync with QuickBooks: keeps a Company and a QuickBooks company the same.

Reading order: planner (what is decided), kinds (how each Kind translates), models (what is
remembered), observe -> settle -> apply -> run (what a run does), connection, views.
"""
