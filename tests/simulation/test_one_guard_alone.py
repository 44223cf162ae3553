"""Stories in which a single guard stands between a mishap and harm; docs/test-of-the-tests.md says which."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.simulation import story
from tests.simulation.books import audit
from tests.simulation.virtual import Mishap
from tests.simulation.world import InProcessEmulator, VirtualWorld, virtual_world

MODES = ["honoured", "ignored"]
#: Of a Sync with one new payment: changes, look-alikes, then the payment itself.
PAYMENT_SENT = 3


@pytest.fixture(params=MODES)
def world(
    transactional_db: None, emulator: InProcessEmulator, request: pytest.FixtureRequest
) -> Iterator[VirtualWorld]:
    """A customer and a work code, after their Full Sync."""
    with virtual_world(emulator, seed=7, mode=request.param) as made:
        customers.create(company=made.company, values={"display_name": "Amelia Hartwell"})
        work_codes.create(company=made.company, values={"name": "Service Call", "price": Decimal(89)})
        made.press("full")
        yield made


def at_request(number: int, mishap: Mishap) -> Callable[[str], Mishap | None]:
    """One mishap at the so many-th request from now, counted from 1."""
    met = 0

    def crossing(boundary: str) -> Mishap | None:
        nonlocal met
        met += boundary == "request"
        return mishap if boundary == "request" and met == number else None

    return crossing


def once_at(world: VirtualWorld, checkpoint: str, act: Callable[[], object]) -> None:
    """Somebody does this the next time the run passes the checkpoint."""

    def passed(name: str) -> None:
        if name == checkpoint:
            world.checkpoint = lambda _name: None
            act()

    world.checkpoint = passed


def pay(world: VirtualWorld) -> Payment:
    values = {"customer": Customer.objects.get().pk, "date": story.DAY, "amount": Decimal(50)}
    return payments.create(company=world.company, values=values)


def pay_there(world: VirtualWorld) -> None:
    """The same payment, entered in QuickBooks by hand."""
    [buyer] = world.there("Customer")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 50, "TxnDate": str(story.DAY)}
    world.post("payment", body)


def paid_there(world: VirtualWorld) -> list[object]:
    return [row["TotalAmt"] for row in world.there("Payment")]


@pytest.mark.parametrize("mishap", [Mishap.REPLY_LOST, Mishap.ERROR_AFTER, Mishap.DIE_AFTER])
def test_a_payment_whose_answer_is_lost_stands_once_and_asks_nobody(
    world: VirtualWorld, mishap: Mishap
) -> None:
    pay(world)
    world.crossing = at_request(PAYMENT_SENT, mishap)

    world.press("sync")

    assert paid_there(world) == [50]
    assert world.issues() == {}
    assert audit(world).nothing


def test_a_payment_that_the_lists_do_not_show_yet_goes_again_as_the_very_same_request(
    world: VirtualWorld,
) -> None:
    """Where QuickBooks honours request ids, they save what a look-up cannot see."""
    world.emulator.settings(batch_request_ids="honoured")
    pay(world)
    world.crossing = at_request(PAYMENT_SENT, Mishap.REPLY_LOST)
    world.emulator.fault("stale_list", {"entity": "Payment"}, times=20, seconds=3600)

    world.press("sync")

    assert paid_there(world) == [50]
    assert world.issues() == {}
    assert audit(world).nothing


def test_a_payment_of_the_same_customer_day_and_amount_by_hand_is_not_taken_for_ours(
    world: VirtualWorld,
) -> None:
    pay(world)
    once_at(world, "sending committed", lambda: pay_there(world))
    world.crossing = at_request(PAYMENT_SENT, Mishap.RESET)

    world.press("sync")

    assert paid_there(world) == [50, 50]
    assert audit(world).nothing
