"""What is said of results, of what was voided, of what is gone, and on the cards of Needs attention."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.pages.history import record_address
from quickbooks_sync.pages.report import story
from quickbooks_sync.pages.status import status_line
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.integration.sync.test_paid_there import pay_there, said, sent
from tests.issue_details import DETAILS
from tests.pressing import Client
from tests.world import World

SAME = "Both sides were already the same."
PLACE = "/settings/quickbooks/"


@pytest.fixture
def office(selling: World, client: Client, alice: User) -> World:
    client.force_login(alice)
    return selling


def test_a_quiet_run_says_the_same_and_one_with_something_waiting_or_paid_there_does_not(
    office: World,
) -> None:
    invoice = sent(office)
    assert story(office.sync()) == SAME
    pay_there(office, invoice, 40)
    assert story(office.sync()) == "Nothing was copied or changed."


def test_a_full_sync_says_what_it_does_not_move(office: World) -> None:
    sales.invoice(office, AMELIA)
    assert story(office.full()) == "Nothing was copied or changed; 1 invoice or payment goes with a Sync."


def test_a_run_as_shown_counts_what_it_left(office: World) -> None:
    preview = office.work(ask(connection=office.connection, scope=SyncRun.Scope.SYNC, preview=True))
    customers.create(company=office.company, values={"display_name": "Zoe Adler"})
    customers.update(
        company=office.company,
        id=sales.customer(AMELIA).pk,
        values={"phone": "555 0100"},
        expected_revision=None,
    )
    run = office.work(ask(connection=office.connection, scope=SyncRun.Scope.SYNC, from_preview=preview))
    assert story(run) == "Nothing was copied or changed; 2 were left for the next Sync."
    assert SAME not in story(run)


def test_after_connecting_again_nothing_is_red(office: World, client: Client) -> None:
    now = datetime.now(UTC)
    SyncRun.objects.create(
        connection=office.connection,
        scope="sync",
        state="failed",
        trouble="lost",
        error="QuickBooks no longer accepts the connection.",
        created_at=now,
        due_at=now,
        finished_at=now,
    )
    line = status_line(office.company)
    assert line is not None
    assert line.tone == "refused"
    Connection.objects.update(authorized_at=now + timedelta(seconds=1))
    line = status_line(office.company)
    assert line is not None
    assert (line.text, line.tone) == ("QuickBooks is connected again. Press Sync to go on", "quiet")
    page = client.get(PLACE).content.decode()
    assert 'class="notice refused"' not in page
    assert "is connected again since. Press Sync to go on." in page


@pytest.mark.parametrize(
    ("amount", "told"), [(0, ""), (40, " The $40.00 paid on it is the customer's credit now.")]
)
def test_voiding_speaks_of_credit_only_if_something_was_paid(
    office: World, client: Client, amount: int, told: str
) -> None:
    invoice = sales.invoice(office, AMELIA)
    if amount:
        paid(office, invoice.pk, amount)
    page = said(client, client.post(f"/invoices/{invoice.pk}/void/").headers["Location"])
    assert f"{invoice} is voided.{told}" in page
    assert ("credit" in page.partition("is voided.")[2].partition("Quantity")[0]) == bool(amount)


def test_voiding_a_payment_speaks_of_what_it_paid_only_if_it_paid_something(
    office: World, client: Client
) -> None:
    invoice = sales.invoice(office, AMELIA)
    free, applied = paid(office, 0, 10), paid(office, invoice.pk, 40)
    for payment, told in ((free, False), (applied, True)):
        assert ("What it paid is open again" in said(client, f"/payments/{payment.pk}/")) == told
        page = said(client, client.post(f"/payments/{payment.pk}/void/").headers["Location"])
        assert ("What it paid is open again" in page) == told


def paid(world: World, invoice: int, amount: int) -> Payment:
    allocations = [{"invoice": invoice, "amount": Decimal(amount)}] if invoice else []
    values = {
        "customer": sales.customer(AMELIA).pk,
        "date": sales.DAY,
        "amount": Decimal(amount),
        "allocations": allocations,
    }
    return payments.create(company=world.company, values=values)


def test_a_payment_without_a_reference_is_named_by_its_amount_and_customer(
    office: World, client: Client
) -> None:
    row = next(row for row in office.there("Customer") if row["DisplayName"] == AMELIA)
    office.post("payment", {"CustomerRef": {"value": row["Id"]}, "TotalAmt": 25, "TxnDate": str(sales.DAY)})
    paid(office, 0, 25)
    office.sync()
    issue = Issue.objects.get(reason=Reason.LOOK_ALIKE)
    page = said(client, reverse("quickbooks:issue", kwargs={"id": issue.pk}))
    assert f"QuickBooks Payment of $25.00 by {AMELIA}" in page
    told = resolve.carry_out(issue, "same", value=str(issue.details["holder_id"]))
    assert f"is linked with “Payment of $25.00 by {AMELIA}”" in told


def test_no_link_leads_to_what_is_deleted_there(office: World, client: Client) -> None:
    invoice = sent(office)
    link = Link.objects.get(kind="invoice", local_id=invoice.pk)
    assert link.remote is not None
    address = record_address(office.connection, link.remote)
    assert address
    run = SyncRun.objects.filter(changes__kind="invoice").latest("pk")
    pages = [f"/invoices/{invoice.pk}/", reverse("quickbooks:run", kwargs={"id": run.pk})]
    for page in pages:
        assert address in client.get(page).content.decode()
    row = next(row for row in office.there("Invoice") if row["DocNumber"] == invoice.number)
    office.post("invoice?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})
    office.sync()
    issue = Issue.objects.get(reason=Reason.REMOVED_THERE)
    pages.append(reverse("quickbooks:issue", kwargs={"id": issue.pk}))
    for page in [*pages, reverse("quickbooks:attention")]:
        assert address not in client.get(page).content.decode(), page


@pytest.mark.parametrize("reason", Reason)
def test_every_card_says_whose_it_is_how_much_and_when(office: World, client: Client, reason: Reason) -> None:
    invoice = sent(office)
    payment = sales.paid(office, invoice)
    office.sync()
    for kind, local_id in (("invoice", invoice.pk), ("payment", payment.pk)):
        issue = Issue.objects.create(
            connection=office.connection,
            link=Link.objects.get(kind=kind, local_id=local_id),
            reason=reason,
            details={"proposal": "", **DETAILS[reason]},
            label="Some label",
            raised_at=datetime.now(UTC),
        )
        page = said(client, reverse("quickbooks:issue", kwargs={"id": issue.pk}))
        assert f"{AMELIA} · $100.00 · Mar 2, 2026" in page


def test_a_card_of_what_is_only_there_says_it_too(office: World, client: Client) -> None:
    office.post(
        "customer",
        {
            "DisplayName": "Zoe Adler",
            "PrimaryEmailAddr": {"Address": "zoe@example.com"},
            "PrimaryPhone": {"FreeFormNumber": "555 0199"},
        },
    )
    office.sync()
    link = Link.objects.get(remote__name="Zoe Adler")
    issue = Issue.objects.create(
        connection=office.connection,
        link=link,
        reason=Reason.REFUSED_HERE,
        details=DETAILS[Reason.REFUSED_HERE],
        label="Zoe Adler",
        raised_at=datetime.now(UTC),
    )
    Link.objects.filter(pk=link.pk).update(local_id=None)
    page = said(client, reverse("quickbooks:issue", kwargs={"id": issue.pk}))
    assert "zoe@example.com · 555 0199" in page


def test_what_was_deleted_there_is_voided_here_only_after_a_question(office: World, client: Client) -> None:
    invoice = sent(office)
    row = next(row for row in office.there("Invoice") if row["DocNumber"] == invoice.number)
    office.post("invoice?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})
    office.sync()
    page = client.get(reverse("quickbooks:attention")).content.decode()
    question, _, form = page.partition('<summary class="button plain">Do the same here</summary>')
    assert question.rstrip().endswith('<details class="confirm left">')
    form, _, _ = form.partition("</details>")
    assert "cannot be brought back" in form
    assert '<button class="button danger wide">Void it here</button>' in form
    assert ">Do the same here</button>" not in page
