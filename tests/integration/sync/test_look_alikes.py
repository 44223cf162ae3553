"""What was entered in QuickBooks by hand already is found before anything is sent, and a person is asked."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.sending import look_alikes, newcomers
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.world import World

TODAY = date(2026, 3, 2)


@pytest.fixture
def synced(world: World) -> World:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call"})
    world.full()
    return world


def ids_there(world: World) -> tuple[str, str]:
    item = next(row for row in world.there("Item") if row["Name"] == "Service Call")
    return str(world.there("Customer")[0]["Id"]), str(item["Id"])


def invoice_there(world: World, number: str, amount: str = "100.00") -> dict[str, object]:
    customer, item = ids_there(world)
    line = {
        "Amount": float(amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item}},
    }
    body = {"DocNumber": number, "CustomerRef": {"value": customer}, "TxnDate": "2026-03-01", "Line": [line]}
    return world.post("invoice", body)


def invoice_here(world: World, number: str) -> Invoice:
    links = Link.objects.filter(connection=world.connection)
    line = {
        "work_code": links.get(kind="work_code", remote__name="Service Call").local_id,
        "description": "",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "taxable": False,
    }
    customer = links.get(kind="customer").local_id
    values = {"number": number, "customer": customer, "date": TODAY, "due_date": TODAY, "lines": [line]}
    return invoices.create(company=world.company, values=values)


def payment_here(world: World, sent: Invoice, amount: str = "100.00") -> None:
    values = {
        "customer": sent.customer_id,
        "date": TODAY,
        "amount": Decimal(amount),
        "allocations": [{"invoice": sent.pk, "amount": Decimal(amount)}],
    }
    payments.create(company=world.company, values=values)


def test_an_invoice_entered_there_by_hand_is_asked_about_and_can_be_linked(synced: World) -> None:
    there = invoice_there(synced, "1001")
    invoice_here(synced, "1001")

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {"Invoice 1001": "look_alike"}
    assert len(synced.there("Invoice")) == 1
    resolve.carry_out(Issue.objects.get(), "same", value=str(there["Id"]))
    synced.sync()
    assert synced.issues() == {}
    assert len(synced.there("Invoice")) == 1


def paired(world: World) -> Invoice:
    """A person has said that it is the one there; no sync has followed yet."""
    there = invoice_there(world, "1001")
    here = invoice_here(world, "1001")
    world.sync()
    resolve.carry_out(Issue.objects.get(), "same", value=str(there["Id"]))
    return here


def test_what_was_voided_here_since_it_was_paired_is_voided_there(synced: World) -> None:
    here = paired(synced)
    invoices.void(company=synced.company, id=here.pk)
    synced.sync()
    assert synced.issues() == {}
    [there] = synced.there("Invoice")
    assert (there["TotalAmt"], there.get("PrivateNote")) == (0, "Voided")
    assert synced.sync().calls["write_batches"] == 0


def test_what_was_voided_there_since_it_was_paired_is_asked_about(synced: World) -> None:
    paired(synced)
    [there] = synced.there("Invoice")
    synced.post("invoice?operation=void", {"Id": there["Id"], "SyncToken": there["SyncToken"]})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "removed_there"}
    assert not Invoice.objects.get().voided


def test_a_number_that_another_sale_holds_waits_for_another_number_and_goes_then(synced: World) -> None:
    invoice_there(synced, "1001", "55.00")
    sent = invoice_here(synced, "1001")
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "number_taken"}

    idle = synced.sync()
    assert idle.calls["total"] == 1, "nobody is asked again about the same"
    invoices.update(company=synced.company, id=sent.pk, values={"number": "1002"})
    synced.sync()

    assert synced.issues() == {}
    assert sorted(row["DocNumber"] for row in synced.there("Invoice")) == ["1001", "1002"]


def test_a_payment_entered_there_by_hand_is_asked_about_and_sent_if_a_person_says_so(synced: World) -> None:
    sent = invoice_here(synced, "1001")
    synced.sync()
    customer, _ = ids_there(synced)
    synced.post("payment", {"CustomerRef": {"value": customer}, "TotalAmt": 100, "TxnDate": "2026-03-04"})
    payment_here(synced, sent)

    synced.sync()

    assert list(synced.issues().values()) == ["look_alike"]
    assert len(synced.there("Payment")) == 1
    resolve.carry_out(Issue.objects.get(), "different", value="")
    synced.sync()
    assert len(synced.there("Payment")) == 2
    assert synced.issues() == {}


def forgotten(kind: str) -> None:
    """A backup is restored that was made after the answer and before it was sent."""
    links = Link.objects.filter(kind=kind, created_by_us=True)
    links.update(
        remote=None, here_baseline=None, there_baseline=None, marker="", created_by_us=False, open=True
    )


def test_send_it_anyway_is_said_of_what_was_shown_and_not_of_what_we_sent_since(synced: World) -> None:
    synced.emulator.preferences(synced.realm, SalesFormsPrefs={"CustomTxnNumbers": False})
    invoice_there(synced, "1001", "100.00")
    invoice_here(synced, "1001")
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "look_alike"}
    resolve.carry_out(Issue.objects.get(), "different", value="")
    synced.sync()
    [sent] = [row for row in synced.there("Invoice") if "Service Genius" in row.get("PrivateNote", "")]

    forgotten("invoice")
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "look_alike"}
    assert Issue.objects.get().details["holder_id"] == sent["Id"]
    assert len(synced.there("Invoice")) == 2
    resolve.carry_out(Issue.objects.get(), "same", value=Issue.objects.get().details["holder_id"])
    synced.sync()
    assert (synced.issues(), len(synced.there("Invoice"))) == ({}, 2)


def test_a_payment_sent_anyway_and_forgotten_is_asked_about_once_more(synced: World) -> None:
    paid = invoice_here(synced, "1001")
    synced.sync()
    customer, _ = ids_there(synced)
    synced.post("payment", {"CustomerRef": {"value": customer}, "TotalAmt": 100, "TxnDate": "2026-03-04"})
    payment_here(synced, paid)
    synced.sync()
    resolve.carry_out(Issue.objects.get(), "different", value="")
    synced.sync()
    assert len(synced.there("Payment")) == 2

    forgotten("payment")
    synced.sync()
    assert set(synced.issues().values()) == {"look_alike"}
    resolve.carry_out(Issue.objects.get(), "same", value=Issue.objects.get().details["holder_id"])
    synced.sync()
    assert (synced.issues(), len(synced.there("Payment"))) == ({}, 2)


@pytest.mark.parametrize("portion", [1, 100])
def test_one_payment_there_answers_for_one_here_among_more_than_a_page_of_them(
    synced: World, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(newcomers, "PORTION", portion)
    monkeypatch.setattr(look_alikes, "ROWS_MAX", 3)
    sent = invoice_here(synced, "1001")
    synced.sync()
    customer, _ = ids_there(synced)
    for amount in (7, 7, 7, 7, 40, 7):
        body = {"CustomerRef": {"value": customer}, "TotalAmt": amount, "TxnDate": "2026-03-04"}
        synced.post("payment", body)
    for _ in range(2):
        payment_here(synced, sent, "40.00")

    synced.sync()

    assert list(synced.issues().values()) == ["look_alike"]
    assert sorted(row["TotalAmt"] for row in synced.there("Payment")) == [7, 7, 7, 7, 7, 40, 40]


def older(world: World, number: str) -> Invoice:
    """An invoice entered and dated before the connection: it stays out."""
    sent = invoice_here(world, number)
    long_ago = datetime.now(UTC) - timedelta(days=400)
    world.connection.connected_at = datetime.now(UTC)
    world.connection.start_date = date(2027, 1, 1)
    world.connection.save()
    Invoice.objects.filter(pk=sent.pk).update(created_at=long_ago, revision=sent.revision)
    return sent


def test_an_older_invoice_stays_out_and_is_linked_when_a_payment_needs_it(synced: World) -> None:
    sent = older(synced, "0900")
    synced.sync()
    assert synced.there("Invoice") == []
    invoice_there(synced, "0900")
    payment_here(synced, sent)

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {}
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]


def test_a_preview_shows_the_payment_of_an_older_invoice_as_it_goes(synced: World) -> None:
    sent = older(synced, "0900")
    synced.sync()
    invoice_there(synced, "0900")
    payment_here(synced, sent)

    preview = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    assert [step.action for step in preview.plannedsteps.filter(kind="payment")] == ["created"]
    assert not Link.objects.filter(kind="invoice").exists()

    synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=preview))
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]


def test_a_payment_for_an_older_invoice_that_is_not_there_is_told(synced: World) -> None:
    payment_here(synced, older(synced, "0900"))

    synced.sync()

    assert list(synced.issues().values()) == ["older_invoice"]
    assert synced.there("Payment") == []


def paying(world: World, amount: int) -> dict[str, object]:
    """A payment of the only invoice there, entered by hand long before."""
    customer, _ = ids_there(world)
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": world.there("Invoice")[0]["Id"], "TxnType": "Invoice"}]}
    return {"CustomerRef": {"value": customer}, "TotalAmt": amount, "TxnDate": "2026-01-05", "Line": [line]}


def test_a_payment_for_an_invoice_that_is_paid_there_already_is_asked_about(synced: World) -> None:
    sent = invoice_here(synced, "1001")
    synced.sync()
    synced.post("payment", paying(synced, 80))
    payment_here(synced, sent, "20.00")
    payment_here(synced, sent, "30.00")

    synced.sync()

    issue = Issue.objects.get()
    assert (issue.reason, issue.label) == ("already_paid", "Payment of $30.00 by Amelia Hartwell")
    assert issue.details == {"number": "1001", "open": "0.00", "applied": "30.00"}
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]


def test_what_only_looks_like_another_is_asked_about_once_more_if_nothing_is_left_to_pay(
    synced: World,
) -> None:
    """QuickBooks would refuse it, whatever was said of the other one."""
    sent = invoice_here(synced, "1001")
    synced.sync()
    synced.post("payment", {**paying(synced, 100), "TxnDate": "2026-03-02"})
    payment_here(synced, sent, "100.00")
    synced.sync()
    resolve.carry_out(Issue.objects.get(reason="look_alike"), "different", value="")
    synced.sync()
    assert list(synced.issues().values()) == ["already_paid"]


def test_two_payments_of_one_invoice_go_one_after_the_other(synced: World) -> None:
    sent = invoice_here(synced, "1001")
    payment_here(synced, sent, "20.00")
    payment_here(synced, sent, "80.00")

    run = synced.sync()

    assert run.state == "done", run.error
    assert synced.issues() == {}
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]
    assert len(synced.there("Payment")) == 2


def test_an_invoice_that_was_raised_here_and_paid_in_full_goes_with_its_payment_in_one_run(
    synced: World,
) -> None:
    sent = invoice_here(synced, "1001")
    synced.sync()
    line = {"work_code": sent.lines.get().work_code_id, "unit_price": Decimal(120), "taxable": False}
    invoices.update(company=synced.company, id=sent.pk, values={"lines": [line]})
    payment_here(synced, sent, "120.00")
    synced.sync()
    assert synced.issues() == {}
    assert [row["Balance"] for row in synced.there("Invoice")] == [0]
