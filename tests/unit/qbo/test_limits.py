"""Our own pace never makes QuickBooks throttle, wherever its windows begin (facts C1)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qbo.limits import Pace, pace_of

JITTER_SECONDS = 0.04
"""By how much calls may overtake each other on the way; Pace keeps a little more than this free."""


def most_within(times: list[float], seconds: float) -> int:
    """The most calls in any span of that length: the strictest of all windows."""
    times = sorted(times)
    first, most = 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def run(wishes: list[tuple[float, bool, float]], start: float) -> tuple[list[float], list[float]]:
    """Send each wish (pause before it, batch or not, delay on the way) as early as the pace allows it."""
    pace, now = Pace(), start
    arrivals: list[float] = []
    batches: list[float] = []
    for pause, batch, delay in wishes:
        now += pause
        while (wait := pace.wait_seconds(now, batch=batch)) > 0:
            now += wait
        pace.started(now, batch=batch)
        arrivals.append(now + delay)
        if batch:
            batches.append(now + delay)
    return arrivals, batches


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.0, 0.0, 0.01, 0.3, 5.0]),
            st.booleans(),
            st.floats(min_value=0, max_value=JITTER_SECONDS),
        ),
        min_size=30,
        max_size=700,
    ),
    st.floats(min_value=0, max_value=1e6),
)
def test_no_span_of_a_second_or_a_minute_holds_more_calls_than_allowed(
    wishes: list[tuple[float, bool, float]], start: float
) -> None:
    arrivals, batches = run(wishes, start)
    assert most_within(arrivals, 1.0) <= 10
    assert most_within(arrivals, 60.0) <= 500
    assert most_within(batches, 60.0) <= 40


def test_the_minute_is_kept_in_a_long_run_without_pauses() -> None:
    arrivals, _ = run([(0.0, False, 0.0)] * 1600, 0.0)
    assert most_within(arrivals, 60.0) == 500
    assert most_within(arrivals, 1.0) == 10


def test_a_burst_starts_at_once_and_the_eleventh_call_waits() -> None:
    pace = Pace()
    for _ in range(10):
        assert pace.wait_seconds(5.0, batch=False) == 0
        pace.started(5.0, batch=False)
    assert 1.1 < pace.wait_seconds(5.0, batch=False) < 1.3


def test_batches_count_as_calls_too() -> None:
    pace = Pace()
    for _ in range(10):
        pace.started(5.0, batch=True)
    assert pace.wait_seconds(5.0, batch=False) > 1.0


def test_reads_need_not_wait_for_the_limit_of_batches() -> None:
    pace = Pace()
    for second in range(40):
        pace.started(float(second) / 2, batch=True)
    assert pace.wait_seconds(25.0, batch=False) == 0
    assert 35 < pace.wait_seconds(25.0, batch=True) < 36


def test_after_a_throttle_nothing_goes_out_for_a_minute() -> None:
    pace = Pace()
    pace.throttled(100.0)
    assert pace.wait_seconds(100.0, batch=False) == 60
    assert pace.wait_seconds(159.0, batch=True) == 1
    assert pace.wait_seconds(160.0, batch=False) == 0


def test_a_realm_keeps_its_pace_from_run_to_run() -> None:
    pace_of("4620").throttled(100.0)
    assert pace_of("4620").wait_seconds(101.0, batch=False) == 59
    assert pace_of("4621").wait_seconds(101.0, batch=False) == 0
