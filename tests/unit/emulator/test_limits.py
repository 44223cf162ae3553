"""The limits of pace, second by second (facts C1)."""

from qbo_emulator.api.limits import Limits


def _enter(limits: Limits, now: float, *, is_batch: bool = False, realm: str = "1", app: str = "a") -> bool:
    entered = limits.enter(realm, app, now=now, is_batch=is_batch, enforced=True)
    if entered:
        limits.leave(realm, app)
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
        assert limits.enter("1", "a", now=100 + number, is_batch=False, enforced=True)
    assert not limits.enter("1", "a", now=111, is_batch=False, enforced=True)
    assert limits.enter("1", "b", now=111, is_batch=False, enforced=True)
    limits.leave("1", "a")
    assert limits.enter("1", "a", now=112, is_batch=False, enforced=True)


def test_another_app_has_a_pace_of_its_own_within_the_companys_500_calls() -> None:
    """Facts C1: 10 a second per company and app, 500 a minute per company."""
    limits = Limits()
    assert all(_enter(limits, 100, app=app) for app in "abcde" for _ in range(10))
    assert not _enter(limits, 100, app="a")
    for second in range(1, 10):
        assert all(_enter(limits, 100 + second, app=app) for app in "abcde" for _ in range(10))
    assert not _enter(limits, 120, app="f")
    assert _enter(limits, 120, app="f", realm="2")
    assert _enter(limits, 160, app="f")


def test_three_apps_may_send_40_batches_a_minute_each_and_a_fourth_none() -> None:
    """Facts C1: 40 batches a minute per company and app, 120 per company."""
    limits = Limits()
    for number in range(40):
        assert all(_enter(limits, 100 + number, app=app, is_batch=True) for app in "abc")
    assert not _enter(limits, 145, app="d", is_batch=True)
    assert _enter(limits, 145, app="d")
    assert _enter(limits, 160, app="d", is_batch=True)


def test_forty_e_mails_a_day_are_sent_for_a_company() -> None:
    """Facts C1: the sandbox's limit."""
    limits = Limits()
    sent = []
    for number in range(41):
        sent.append(limits.enter("1", "a", now=100 + number, is_batch=False, is_email=True, enforced=True))
        limits.leave("1", "a")
    assert sent == [True] * 40 + [False]
    assert limits.enter("1", "a", now=100 + 86_400, is_batch=False, is_email=True, enforced=True)


def test_every_company_has_limits_of_its_own_and_they_can_be_turned_off() -> None:
    limits = Limits()
    assert all(_enter(limits, 100) for _ in range(10))
    assert _enter(limits, 100, realm="2")
    assert limits.enter("1", "a", now=100, is_batch=False, enforced=False)


def test_a_clock_set_far_back_starts_anew() -> None:
    limits = Limits()
    assert all(_enter(limits, 1_000_000) for _ in range(10))
    assert _enter(limits, 500_000)
