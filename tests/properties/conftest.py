"""Hypothesis for every test of this folder: no deadlines, because machines differ."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "laws", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")
