"""Numbers that QuickBooks has used already: told once, and the series goes on above both sides."""

from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.resolving.resolve import carry_out
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.wording.reasons import issue_sentence
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World


@pytest.fixture
def office(world: World) -> World:
    """1001 to 1020 stand in QuickBooks, for somebody else."""
    customers.create(company=world.company, values={"display_name": "Amelia Cole"})
    work_codes.create(company=world.company, values={"name": "Repair", "price": Decimal(50)})
    assert world.full().state == "done"
    other = world.post("customer", {"DisplayName": "Birch"})
    item = next(row for row in world.there("Item") if row["Name"] == "Repair")
    line = {
        "Amount": 70,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
    }
    for number in range(1001, 1021):
        body = {"DocNumber": str(number), "CustomerRef": {"value": other["Id"]}, "Line": [line]}
        world.post("invoice", body)
    return world


def bill(world: World, number: str = "") -> str:
    code, customer = (
        WorkCode.objects.get(name="Repair").pk,
        Customer.objects.get(display_name="Amelia Cole").pk,
    )
    line = {"work_code": code, "description": "", "quantity": 1, "unit_price": Decimal(50), "taxable": False}
    today = world.company.today()
    number = number or invoices.next_number(company=world.company)
    values = {"number": number, "customer": customer, "date": today, "due_date": today, "lines": [line]}
    return invoices.create(company=world.company, values=values).number


def linked_numbers() -> list[str]:
    links = Link.objects.filter(kind="invoice", local_id__isnull=False, remote__isnull=False)
    return sorted(Invoice.objects.filter(pk__in=links.values("local_id")).values_list("number", flat=True))


def test_overlapping_numbers_are_one_question_that_says_where_to_begin(office: World) -> None:
    for number in range(1001, 1006):
        bill(office, str(number))
    assert office.sync().state == "done"
    assert office.issues() == {"Invoice 1001": "number_taken"}
    issue = Issue.objects.get()
    assert "4 other invoices" in issue_sentence(issue)
    [view] = issue_views(office.company, [issue])
    assert view.answers[0].label == "Give these 5 the numbers from 1021 on"
    waiting = Link.objects.filter(kind="invoice", waiting=True).values_list("waits_for", flat=True)
    assert set(waiting) == {"the answer about the number of Invoice 1001"}
    assert "1021" in carry_out(issue, "renumber", value="")
    assert office.sync().state == "done"
    assert office.issues() == {}
    assert linked_numbers() == ["1021", "1022", "1023", "1024", "1025"]
    assert office.sync().calls["write_batches"] == 0


def test_the_series_goes_on_above_both_sides_after_the_answer(office: World) -> None:
    bill(office, "1001")
    office.sync()
    carry_out(Issue.objects.get(), "renumber", value="")
    assert Invoice.objects.get().number == "1021"
    assert [bill(office), bill(office)] == ["1022", "1023"]
    assert office.sync().state == "done"
    assert office.issues() == {}


def test_what_comes_later_joins_the_question_that_is_asked(office: World) -> None:
    bill(office, "1001")
    office.sync()
    bill(office, "1002")
    bill(office, "1030")
    assert office.sync().state == "done"
    assert office.issues() == {"Invoice 1001": "number_taken"}
    assert linked_numbers() == ["1030"]
    carry_out(Issue.objects.get(), "renumber", value="")
    assert office.sync().state == "done"
    assert office.issues() == {}
    assert linked_numbers() == ["1030", "1031", "1032"], "above ours, too"


def test_who_edits_the_first_is_asked_about_the_rest(office: World) -> None:
    for number in ("1001", "1002", "1003"):
        bill(office, number)
    office.sync()
    invoices.update(
        company=office.company, id=Invoice.objects.get(number="1001").pk, values={"number": "1101"}
    )
    assert office.sync().state == "done"
    assert office.sync().state == "done"
    assert office.issues() == {"Invoice 1002": "number_taken"}
    carry_out(Issue.objects.get(), "renumber", value="")
    assert office.sync().state == "done"
    assert linked_numbers() == ["1101", "1102", "1103"]


def test_a_preview_shows_the_one_question(office: World) -> None:
    for number in ("1001", "1002"):
        bill(office, number)
    shown = office.work(ask(connection=office.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown, kind="invoice").order_by("label")
    assert list(steps.values_list("label", "action")) == [
        ("Invoice 1001", "attention"),
        ("Invoice 1002", "waits"),
    ]
