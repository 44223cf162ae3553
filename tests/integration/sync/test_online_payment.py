"""No sync makes QuickBooks mail somebody, or open an invoice to online payment, unless a person said so."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.resolving import holds, resolve
from quickbooks_sync.runs.queue import ask
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.work_codes import operations as work_codes
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.pressing import Client
from tests.records_here import create, operations, text_fields
from tests.world import World

CARD, BANK = "AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"
PAYPAL, AFFIRM = "AllowOnlinePayPalPayment", "AllowOnlineAffirmPayment"
WAYS = (CARD, BANK, PAYPAL, AFFIRM)
NONE = [False, False, False, False]
ADDRESS = "amelia@example.com"


def takes_payments_online(world: World, *, on: bool = True) -> None:
    world.emulator.preferences(world.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": on})


@pytest.fixture
def paying_online(world: World) -> World:
    """Customers pay online there, and Amelia, who has an address, is on both sides."""
    takes_payments_online(world)
    customers.create(company=world.company, values={"display_name": AMELIA, "email": ADDRESS})
    work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(100)})
    world.full()
    return world


def chosen(world: World, pay_link: str) -> World:
    world.connection.pay_link = pay_link
    world.connection.save(update_fields=["pay_link"])
    return world


@pytest.fixture
def without(paying_online: World) -> World:
    """Invoices go without the pay link."""
    return chosen(paying_online, "no")


def row(world: World, number: str = "1001") -> dict[str, Any]:
    [found] = [one for one in world.there("Invoice") if one["DocNumber"] == number]
    return found


def ways(world: World, number: str = "1001") -> list[bool | None]:
    return [row(world, number).get(way) for way in WAYS]


def mailed(world: World) -> list[tuple[str, bool]]:
    return [(one["address"], one["asked"]) for one in world.emulator.mails(world.realm)]


def set_there(world: World, number: str = "1001", **change: Any) -> None:
    """What a person sets on an invoice in QuickBooks: its page says all four ways each time."""
    stored = row(world, number)
    said = {way: stored[way] for way in WAYS}
    head = {"Id": stored["Id"], "SyncToken": stored["SyncToken"], "sparse": True}
    world.post("invoice", head | said | change)


def quiet(world: World) -> None:
    run = world.sync()
    assert (run.state, run.calls["write_batches"]) == ("done", 0), run.error
    assert list(run.changes.all()) == []
    assert world.issues() == {}


# What is made there


def test_where_nothing_is_paid_online_an_invoice_goes_unmailed_and_nobody_is_asked(selling: World) -> None:
    sales.invoice(selling, AMELIA)
    selling.sync()
    assert (ways(selling), row(selling)["EmailStatus"]) == (NONE, "NotSet")
    assert (selling.issues(), mailed(selling)) == ({}, [])


def test_one_question_is_asked_before_the_first_invoice(paying_online: World) -> None:
    for _ in range(3):
        sales.paid(paying_online, sales.invoice(paying_online, AMELIA))
    run = paying_online.sync()
    assert run.state == "done"
    assert paying_online.issues() == {"Invoice 1001": "pay_link"}
    assert paying_online.there("Invoice") == []
    assert mailed(paying_online) == []
    waits = Link.objects.filter(kind="invoice", waiting=True).values_list("waits_for", flat=True)
    assert set(waits) == {"the answer whether invoices carry the pay link, asked at Invoice 1001"}
    run = paying_online.sync()
    assert run.calls["write_batches"] == 0
    assert paying_online.issues() == {"Invoice 1001": "pay_link"}


@pytest.mark.parametrize(
    ("what", "on", "mails"),
    [
        ("without_pay_link", NONE, []),
        ("with_pay_link", [True, True, False, False], [(ADDRESS, False)] * 2),
    ],
)
def test_the_answer_counts_for_every_invoice_and_is_not_asked_again(
    paying_online: World, what: str, on: list[bool], mails: list[tuple[str, bool]]
) -> None:
    for _ in range(2):
        sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    resolve.carry_out(Issue.objects.get(), what, value="")
    paying_online.sync()
    assert [ways(paying_online, number) for number in ("1001", "1002")] == [on, on]
    assert mailed(paying_online) == mails
    quiet(paying_online)
    sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    assert ways(paying_online, "1003") == on
    quiet(paying_online)


def test_without_the_pay_link_an_invoice_says_so_in_every_way(without: World) -> None:
    sales.invoice(without, AMELIA)
    without.sync()
    assert (ways(without), row(without)["EmailStatus"], mailed(without)) == (NONE, "NotSet", [])


def test_with_the_pay_link_an_invoice_names_the_address_of_its_customer(paying_online: World) -> None:
    chosen(paying_online, "yes")
    sales.invoice(paying_online, AMELIA)
    customers.create(company=paying_online.company, values={"display_name": "Nora Vance"})
    sales.invoice(paying_online, "Nora Vance")
    paying_online.sync()
    assert row(paying_online)["BillEmail"] == {"Address": ADDRESS}
    assert "BillEmail" not in row(paying_online, "1002")
    assert mailed(paying_online) == [(ADDRESS, False)]


def test_the_question_moves_on_when_its_invoice_is_taken_back(paying_online: World) -> None:
    first = sales.invoice(paying_online, AMELIA)
    sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    invoices.void(company=paying_online.company, id=first.pk)
    paying_online.sync()
    assert paying_online.issues() == {"Invoice 1002": "pay_link"}


def test_the_question_moves_on_when_its_invoice_is_not_synced(paying_online: World) -> None:
    for _ in range(2):
        sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    holds.stop(paying_online.connection, "invoice", Issue.objects.get().link.local_id or 0)
    paying_online.sync()
    assert paying_online.issues() == {"Invoice 1002": "pay_link"}


def test_the_question_goes_when_payments_are_turned_off_there(paying_online: World) -> None:
    sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    takes_payments_online(paying_online, on=False)
    paying_online.sync()
    assert paying_online.issues() == {}
    assert ways(paying_online) == NONE


def test_payments_that_are_turned_on_later_are_asked_about_before_the_next_invoice(selling: World) -> None:
    sales.invoice(selling, AMELIA)
    selling.sync()
    assert ways(selling) == NONE
    takes_payments_online(selling)
    sales.invoice(selling, AMELIA)
    selling.sync()
    assert selling.issues() == {"Invoice 1002": "pay_link"}


def test_a_preview_shows_the_question_and_what_waits_for_it(paying_online: World) -> None:
    customers.create(company=paying_online.company, values={"display_name": "Nora Vance"})
    sales.invoice(paying_online, "Nora Vance")  # whose customer goes in the same run
    sales.invoice(paying_online, AMELIA)
    run = paying_online.work(ask(connection=paying_online.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = [(step.label, step.action) for step in run.plannedsteps.filter(kind="invoice")]
    assert sorted(action for _, action in steps) == ["attention", "waits"]


def test_the_choice_stands_among_the_others_where_customers_can_pay_online(
    paying_online: World, client: Client, alice: User
) -> None:
    client.force_login(alice)
    sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    kept = {"income_account": "1", "deposit_account": "4", "start_date": "2026-01-01"}
    client.post("/settings/quickbooks/choices/", {**kept, "pay_link": "no"})
    paying_online.sync()
    assert (paying_online.issues(), ways(paying_online)) == ({}, NONE)
    takes_payments_online(paying_online, on=False)
    sales.invoice(paying_online, AMELIA)
    paying_online.sync()
    assert "pay_link" not in client.get("/settings/quickbooks/").content.decode()


# What is changed there afterwards


@pytest.fixture
def sent(without: World) -> World:
    sales.invoice(without, AMELIA)
    without.sync()
    return without


def _edited(world: World) -> None:
    invoices.update(company=world.company, id=Invoice.objects.get().pk, values={"memo": "Thank you"})
    world.sync()


def _renumbered(world: World) -> None:
    invoices.update(company=world.company, id=Invoice.objects.get().pk, values={"number": "2001"})
    world.sync()


def _relined(world: World) -> None:
    line = {"work_code": Invoice.objects.get().lines.get().work_code_id, "unit_price": Decimal(120)}
    invoices.update(company=world.company, id=Invoice.objects.get().pk, values={"lines": [line]})
    world.sync()


def _paid(world: World) -> None:
    sales.paid(world, Invoice.objects.get())
    world.sync()


def _voided(world: World) -> None:
    invoices.void(company=world.company, id=Invoice.objects.get().pk)
    world.sync()


def _moved(world: World) -> None:
    other = customers.create(company=world.company, values={"display_name": "Nora", "email": "n@example.com"})
    invoices.update(company=world.company, id=Invoice.objects.get().pk, values={"customer": other.pk})
    world.sync()


def _overruled(world: World) -> None:
    """Somebody has changed the memo there, and is overruled here."""
    set_there(world, CustomerMemo={"value": "Theirs"})
    world.sync()
    resolve.carry_out(Issue.objects.get(), "send", value="")
    world.sync()


EVERY_WRITE = (_edited, _renumbered, _relined, _paid, _voided, _moved, _overruled)


@pytest.mark.parametrize("write", EVERY_WRITE)
@pytest.mark.parametrize(
    "on", [NONE, [True, False, False, False], [False, True, True, False], [False, False, False, True]]
)
def test_every_write_leaves_the_ways_to_pay_as_a_person_set_them(
    sent: World, write: Callable[[World], None], on: list[bool]
) -> None:
    if any(on):
        with_address = {"BillEmail": {"Address": "other@example.com"}}
        sent.emulator.settings(auto_mail="off")  # what the person's own change brings about is not ours
        set_there(sent, **dict(zip(WAYS, on, strict=True)), **with_address)
        sent.emulator.settings(auto_mail="on")
        sent.sync()
    before = row(sent)
    write(sent)
    [after] = sent.there("Invoice")
    assert [after[way] for way in WAYS] == on
    assert (after.get("BillEmail"), after["EmailStatus"]) == (before.get("BillEmail"), before["EmailStatus"])
    assert mailed(sent) == []
    quiet(sent)


def test_what_was_mailed_stays_mailed_also_if_that_happened_after_the_look(sent: World) -> None:
    """A sending moves no SyncToken: to say again what was seen before it would undo it."""

    def mail(name: str) -> None:
        if name == "sending committed":
            sent.checkpoint = lambda _name: None
            path = f"invoice/{row(sent)['Id']}/send?sendTo=boss@example.com"
            sent.post(path, {})

    set_there(sent, EmailStatus="NeedToSend", BillEmail={"Address": ADDRESS})
    sent.checkpoint = mail
    _edited(sent)
    after = row(sent)
    assert after["CustomerMemo"] == {"value": "Thank you"}
    assert (after["EmailStatus"], after["BillEmail"]) == ("EmailSent", {"Address": "boss@example.com"})
    sent.sync()
    invoices.update(company=sent.company, id=Invoice.objects.get().pk, values={"memo": "Once more"})
    sent.sync()
    after = row(sent)
    assert (after["EmailStatus"], after["BillEmail"]) == ("EmailSent", {"Address": "boss@example.com"})
    assert mailed(sent) == [("boss@example.com", True)]


def test_an_invoice_that_is_sent_anew_is_decided_on_like_a_new_one(sent: World) -> None:
    stored = row(sent)
    head = {"Id": stored["Id"], "SyncToken": stored["SyncToken"]}
    sent.post("invoice?operation=delete", head)
    sent.sync()
    resolve.carry_out(Issue.objects.get(), "recreate", value="")
    sent.sync()
    assert (ways(sent), row(sent)["EmailStatus"], mailed(sent)) == (NONE, "NotSet", [])


def test_an_older_invoice_that_knows_fewer_ways_gets_none_of_the_others(sent: World) -> None:
    stored = row(sent)
    older = {name: value for name, value in stored.items() if name not in {PAYPAL, AFFIRM}}
    sent.emulator.load(sent.realm, {"Invoice": [older]})
    sent.full()
    _edited(sent)
    assert (ways(sent), mailed(sent)) == (NONE, [])


# What Intuit does by itself


@pytest.fixture(params=["time", "token"])
def moves(sent: World, request: pytest.FixtureRequest) -> Iterator[World]:
    sent.emulator.settings(backfill=request.param)
    yield sent
    sent.emulator.settings(backfill="time")


@pytest.mark.parametrize("edited_here", [False, True])
def test_new_members_in_old_invoices_change_nothing(moves: World, *, edited_here: bool) -> None:
    if not edited_here:
        _paid(moves)
    members = {"EInvoiceStatus": "NotSent", "NeverHeardOf": {"list": [1, None, {"a": 1.5}]}}
    assert moves.emulator.backfill(moves.realm, **members) == 1
    if edited_here:
        _edited(moves)
        assert row(moves)["CustomerMemo"] == {"value": "Thank you"}
    quiet(moves)
    run = moves.full()
    assert (run.calls["write_batches"], list(run.changes.all()), moves.issues()) == (0, [], {})
    assert row(moves)["NeverHeardOf"] == members["NeverHeardOf"]
    assert ways(moves) == NONE


def _edit(world: World, kind: Kind) -> None:
    """Somebody here edits a record of a Kind."""
    field = text_fields(kind)[-1]
    record = kind.rows_here(world.company).order_by("pk").first()
    operations(kind).update(company=world.company, id=record.pk, values={field: "Thank you"})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("edited_here", [False, True])
@pytest.mark.parametrize("two_way", [False, True])
def test_new_members_in_objects_of_any_kind_change_nothing_and_stay(
    moves: World, *, kind: Kind, edited_here: bool, two_way: bool
) -> None:
    moves.connection.two_way_edits = two_way
    moves.connection.save(update_fields=["two_way_edits"])
    if kind.money and not moves.there(kind.entity):
        Connection.objects.update(send_estimates=True)
        values = {"customer": sales.customer(AMELIA).pk, "date": sales.DAY}
        create(kind, moves.company, **values)
        moves.sync()
    before = len(moves.there(kind.entity))
    assert moves.emulator.backfill(moves.realm, kind.entity, NeverHeardOf={"list": [1, {"a": 1.5}]}) == before
    if edited_here:
        _edit(moves, kind)
        run = moves.sync()
        assert (run.state, moves.issues()) == ("done", {}), run.error
        assert run.calls["write_batches"] == 1
        assert {change.side for change in run.changes.all()} == {"there"}
    quiet(moves)
    run = moves.full()
    assert (run.calls["write_batches"], list(run.changes.all()), moves.issues()) == (0, [], {})
    assert all("NeverHeardOf" in row for row in moves.there(kind.entity))
