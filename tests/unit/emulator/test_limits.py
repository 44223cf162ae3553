"""The limits of pace, second by second (qbo-facts C1)."""

from qbo_emulator.limits import Limits


def _enter(limits: Limits, now: float, *, is_batch: bool = False, realm: str = "1") -> bool:
    entered = limits.enter(realm, now=now, is_batch=is_batch, enforced=True)
    if entered:
        limits.leave(realm)
    return entered


def test_ten_calls_a_second_pass_and_the_window_slides() -> None:
    limits = Limits()
    assert all(_enter(limits, 100 + number / 10) for number in range(10))
    assert not _enter(limits, 100.95)
    assert _enter(limits, 101.0)
    assert not _enter(limits, 101.05)


def test_what_was_refused_does_not_count() -> None:
    limits = Limits()
    assert all(_enter(limits, 100) for _ in range(10))
    assert not any(_enter(limits, 100.5) for _ in range(50))
    assert _enter(limits, 101.1)


def test_five_hundred_calls_a_minute_pass() -> None:
    limits = Limits()
    assert all(_enter(limits, 100 + number / 9.9) for number in range(500))
    assert not _enter(limits, 155)
    assert _enter(limits, 160.01)


def test_forty_batches_a_minute_pass_beside_other_calls() -> None:
    limits = Limits()
    assert all(_enter(limits, 100 + number, is_batch=True) for number in range(40))
    assert not _enter(limits, 145, is_batch=True)
    assert _enter(limits, 145)
    assert _enter(limits, 160, is_batch=True)


def test_ten_calls_in_flight_pass_and_each_end_makes_room() -> None:
    limits = Limits()
    for number in range(10):
        assert limits.enter("1", now=100 + number, is_batch=False, enforced=True)
    assert not limits.enter("1", now=111, is_batch=False, enforced=True)
    limits.leave("1")
    assert limits.enter("1", now=112, is_batch=False, enforced=True)


def test_every_company_has_limits_of_its_own_and_they_can_be_turned_off() -> None:
    limits = Limits()
    assert all(_enter(limits, 100) for _ in range(10))
    assert _enter(limits, 100, realm="2")
    assert limits.enter("1", now=100, is_batch=False, enforced=False)


def test_a_clock_set_far_back_starts_anew() -> None:
    limits = Limits()
    assert all(_enter(limits, 1_000_000) for _ in range(10))
    assert _enter(limits, 500_000)
