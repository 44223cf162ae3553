"""Deciding and carrying out, wave by wave.

What a step does, the outbox, what an answer settles, and what is looked up before something new is made.
Absent on purpose: sending anything again on a guess.
"""
