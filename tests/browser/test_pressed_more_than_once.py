"""Every button of the product, pressed as impatient people press it: what it asks for is done once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from quickbooks_sync.kinds import KIND, KINDS, Kind, one_of
from quickbooks_sync.kinds.sales_form import SalesFormKind
from tests.browser import steps
from tests.browser.conftest import quiet_context
from tests.browser.hand import HABITS, Hand
from tests.browser.office import CUSTOMER, SERVICE, SYNC, Office
from tests.browser.site import Site, running_site

SALES_FORMS = [kind for kind in KINDS if isinstance(kind, SalesFormKind)]
Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def own_site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Connected and synced, for this module alone: what others ask about must not be answered here."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        with quiet_context(chromium) as context:
            page = context.new_page()
            steps.begin(page, running)
            steps.send_estimates(page, running)
        yield running


@pytest.fixture(scope="module")
def office(chromium: Browser, own_site: Site) -> Iterator[Office]:
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, own_site)
        yield Office(page=page, site=own_site)


@pytest.fixture(params=HABITS, ids=lambda habit: habit.name)
def hand(request: pytest.FixtureRequest, chromium: Browser, office: Office) -> Iterator[Hand]:
    with quiet_context(chromium, java_script_enabled=request.param.script) as context:
        page = context.new_page()
        steps.log_in(page, office.site)
        hand = Hand(page=page, office=office, habit=request.param)
        context.on("request", hand.note)
        yield hand


def test_each_record_is_made_changed_and_ended_once(hand: Hand, picture: Picture) -> None:
    number = hand.habit.number
    customer, code, form, amount = f"Once {number}", f"Work {number}", f"77{number}", f"71{number}.03"
    _customer(hand, customer, picture)
    _work_code(hand, code)
    for kind in SALES_FORMS:
        _sales_form(hand, kind, form, customer)
    _payment(hand, amount, customer)
    hand.go(SYNC)
    hand.press("Sync")
    hand.office.go(SYNC)
    steps.see_result(hand.office.page, "Sync")
    office = hand.office
    assert office.customer_there(customer)["PrimaryPhone"]["FreeFormNumber"] == "555"
    assert len(office.there("Item", Name=code)) == 1
    for kind in SALES_FORMS:
        assert office.one_there(kind.entity, DocNumber=form)["CustomerMemo"] == {"value": "Thank you"}
    assert len(office.there("Payment", TotalAmt=float(amount))) == 1
    _ended(hand, form, amount)
    hand.has_pressed("records")


def _customer(hand: Hand, name: str, picture: Picture) -> None:
    hand.go("customers/new/")
    hand.type(Name=name)
    hand.press("Save")
    hand.heading(name)
    picture(hand.page, f"saved, pressed {hand.habit.name}")
    hand.open_edit()
    hand.type(Phone="555")
    hand.press("Save")
    hand.reads(f"{name} is saved.")
    for button, became in (("Deactivate", "is inactive now"), ("Reactivate", "is active")):
        hand.press(button)
        hand.reads(re.compile(became))
    hand.one_of("customers", name)


def _work_code(hand: Hand, name: str) -> None:
    hand.go("work-codes/new/")
    hand.type(Name=name, Price="10")
    hand.press("Save")
    hand.heading(name)
    hand.open_edit()
    hand.type(Price="12")
    hand.press("Save")
    hand.reads(f"{name} is saved.")
    for button, became in (("Deactivate", "is inactive now"), ("Reactivate", "is active")):
        hand.press(button)
        hand.reads(re.compile(became))
    hand.one_of("work-codes", name)


def _sales_form(hand: Hand, kind: Kind, number: str, customer: str) -> None:
    noun = one_of(kind.name).lower()
    hand.go(f"{kind.pages}/new/")
    hand.type(Customer=customer, Number=number, Work_code_of_line_1=SERVICE)
    hand.page.get_by_label("Work code of line 1").press("Tab")
    if hand.habit.script:
        expect(hand.page.get_by_label("Price of line 1")).not_to_have_value("")
    hand.type(Price_of_line_1="100")
    hand.press(f"Save {noun}")
    hand.heading(number)
    hand.open_edit()
    hand.type(**{f"Message_on_the_{noun}": "Thank you"})
    hand.press(f"Save {noun}")
    hand.reads(f"{one_of(kind.name)} {number} is saved.")
    hand.one_of(kind.pages, number)


def _payment(hand: Hand, amount: str, customer: str) -> None:
    hand.go("payments/new/")
    hand.type(Customer=customer, Amount=amount)
    hand.page.get_by_label("Amount").press("Tab")
    if hand.habit.script:
        expect(hand.page.get_by_label("Pay on invoice")).to_be_visible()
    hand.press("Save payment")
    hand.heading(f"${amount}")
    hand.open_edit()
    hand.type(Note="Thank you")
    hand.press("Save payment")
    hand.reads(re.compile("The payment is saved"))
    hand.one_of("payments", amount)


def _ended(hand: Hand, number: str, amount: str) -> None:
    forms = [(kind.pages, f"{one_of(kind.name)} {number}") for kind in SALES_FORMS]
    for kind, name, button, said in (
        ("payments", amount, "Void this payment", "The payment is voided"),
        *((pages, number, f"Void {label}", f"{label} is voided") for pages, label in forms),
    ):
        hand.go(f"{kind}/?show=all&q={name}")
        hand.page.locator("#list a.row").first.click()
        hand.page.locator("summary", has_text="Void").click()
        hand.press(button)
        hand.reads(re.compile(said))


def test_a_merge_is_made_once(hand: Hand) -> None:
    stays, goes = f"Stays {hand.habit.number}", f"Goes {hand.habit.number}"
    for name in (stays, goes):
        hand.office.new_customer(name)
    hand.page.goto(f"{hand.office.page.url}merge/")
    hand.type(Merge_into=stays)
    hand.press("Continue")
    hand.press(f"Merge into {stays}")
    hand.reads(re.compile("is merged into"))
    hand.heading(stays)
    hand.has_pressed("merge")


def test_an_estimate_is_answered_and_made_into_one_invoice(hand: Hand) -> None:
    number = f"66{hand.habit.number}"
    _sales_form(hand, KIND["estimate"], number, CUSTOMER)
    hand.go(f"estimates/?show=all&q={number}")
    hand.page.locator("#list a.row").first.click()
    for button, said in (("Declined", "is declined"), ("Accepted", "is accepted")):
        hand.press(button)
        hand.reads(re.compile(said))
    hand.press("Make invoice")
    hand.reads(re.compile("is made into Invoice"))
    made = hand.page.get_by_role("heading", level=1).inner_text().split()[1]
    hand.one_of("invoices", made)
    hand.office.go(f"estimates/?q={number}")
    expect(hand.office.page.get_by_role("row").filter(has_text=number)).to_contain_text("Invoiced")
    hand.has_pressed("estimates")


def test_a_sales_tax_is_added_settled_and_ended_once(hand: Hand) -> None:
    name, percent, charged = f"Tax {hand.habit.number}", f"5.1{hand.habit.number}", f"6.1{hand.habit.number}"
    _code_there(hand.office, name, float(charged), key=100 + 2 * hand.habit.number)
    hand.go("settings/sales-tax/")
    hand.type(Name=name, Percent=percent)
    hand.press("Add")
    hand.reads(re.compile(f"{name}.* is saved"))
    row = hand.page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)
    hand.office.new_invoice(f"88{hand.habit.number}")
    hand.office.sync()  # which asks QuickBooks for its tax codes, too
    hand.office.go(f"{SYNC}?choices=open")
    choice = hand.office.page.get_by_label(f"Tax rate “{name}” is in QuickBooks")
    choice.select_option(label=f"{name} ({charged} %)")
    hand.office.page.get_by_role("button", name="Keep these choices").click()
    hand.office.told("Your choices are kept")
    hand.go("settings/sales-tax/")
    hand.press(f"{charged} % is right", within=row)
    hand.reads(re.compile(f"{name}.* is kept"))
    for button, next_button in (("Deactivate", "Reactivate"), ("Reactivate", "Deactivate")):
        hand.press(button, within=row)
        expect(row.get_by_role("button", name=next_button)).to_be_visible()
        hand.fears_nothing()
    hand.has_pressed("sales tax")


def _code_there(office: Office, name: str, percent: float, *, key: int) -> None:
    """QuickBooks charges so much under a tax code of that name."""
    rate, code = (office.one_there(entity, Name="California") for entity in ("TaxRate", "TaxCode"))
    rate |= {"Id": str(key), "Name": name, "RateValue": percent}
    detail = code["SalesTaxRateList"]["TaxRateDetail"][0] | {"TaxRateRef": {"value": str(key)}}
    code |= {"Id": str(key + 1), "Name": name, "SalesTaxRateList": {"TaxRateDetail": [detail]}}
    for entity, row in (("TaxRate", rate), ("TaxCode", code)):
        office.site.emulator.load(office.site.realm, {entity: [row]})


def test_choices_are_kept_and_runs_are_begun_and_stopped_once(hand: Hand) -> None:
    office, number = hand.office, hand.habit.number
    hand.go(SYNC)
    hand.press("Hide this")
    expect(hand.page.get_by_role("heading", name="Try it")).to_have_count(0)
    hand.go(f"{SYNC}?choices=open")
    hand.press("Keep these choices")
    hand.reads("Your choices are kept.")
    office.new_customer(f"Shown {number}")
    office.go(SYNC)
    office.page.get_by_role("button", name="Preview").click()
    expect(office.page.get_by_role("button", name="Sync as shown")).to_be_visible()
    before = _runs(office)
    hand.go(SYNC)
    hand.press("Sync as shown")
    hand.fears_nothing()
    office.go(SYNC)
    steps.see_result(office.page, "Sync as shown")
    assert _runs(office) == before + 1
    assert office.customer_there(f"Shown {number}")
    _stopped(hand)
    hand.has_pressed("runs")


def test_the_books_are_checked_once(hand: Hand) -> None:
    before = _runs(hand.office)
    hand.go(f"{SYNC}books/")
    hand.press("Check with QuickBooks now")
    hand.fears_nothing()
    hand.office.go(f"{SYNC}books/")
    expect(hand.office.page.get_by_text("Checked Today")).to_be_visible()
    assert _runs(hand.office) == before + 1
    hand.has_pressed("books")


def _stopped(hand: Hand) -> None:
    office, name = hand.office, f"Not yet {hand.habit.number}"
    office.new_customer(name)
    office.go(SYNC)
    with office.site.quickbooks_standing():
        office.page.get_by_role("button", name="Sync", exact=True).click()
        expect(office.page.get_by_role("heading", name="Sync is running")).to_be_visible()
        hand.go(SYNC)
        hand.press("Stop")
        hand.reads(re.compile("It stops now"))
    # The page of the office follows by itself.
    expect(office.page.get_by_role("heading", name="Sync was stopped")).to_be_visible()
    assert office.there("Customer", DisplayName=name) == []


def _runs(office: Office) -> int:
    """How many runs the history tells of."""
    return len(
        re.findall(
            r'/settings/quickbooks/history/\d+/"',
            office.page.request.get(f"{office.site.web}/{SYNC}history/").text(),
        )
    )


def test_each_question_is_answered_once(hand: Hand) -> None:
    office, number = hand.office, hand.habit.number
    pairs = [f"Alder House {number}", f"Birch Street {number}", f"Cedar Yard {number}"]
    for name in pairs:
        office.site.post("customer", {"DisplayName": f"{name} LLC"})
        office.new_customer(name)
    office.sync()  # else the fault might meet another
    office.new_customer(f"Elm Court {number}")
    office.site.emulator.fault("refuse", {"entity": "Customer", "operation": "create"}, code=6280)
    office.sync()
    _one_question(hand, pairs[0], "They are different", "is kept as a record of its own")
    _one_question(hand, f"Elm Court {number}", "Try again", "is tried again now")
    _one_of_two_taken_back(hand, pairs[1])
    hand.go(f"{SYNC}attention/?reason=likely_pair")
    hand.page.locator("summary", has_text="All others are new").click()
    hand.press(re.compile(r"^All \d+ are different$"))
    hand.reads(re.compile("kept as records of their own"))
    office.sync()
    for name in pairs:
        assert office.customer_there(name)
        assert office.customer_there(f"{name} LLC")
    _held_and_started(hand, pairs[0])
    hand.has_pressed("questions")


def test_a_pair_is_taken_apart_once(hand: Hand) -> None:
    office, name = hand.office, f"Fern House {hand.habit.number}"
    office.site.post("customer", {"DisplayName": name, "Notes": "Gate 12"})
    barn = office.site.post("customer", {"DisplayName": f"{name} Barn"})
    away = {"Id": barn["Id"], "SyncToken": barn["SyncToken"], "sparse": True, "Active": False}
    office.site.post("customer", away)
    office.new_customer(name)
    office.sync()
    hand.go(f"customers/?show=all&q={name}")
    hand.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    hand.page.get_by_role("link", name="These are not the same").click()
    hand.press("Take them apart")
    hand.reads(re.compile("are two from now on"))
    hand.page.get_by_role("link", name="Link it with one in QuickBooks").click()
    hand.press(re.compile("^They are the same"))
    hand.reads(re.compile("is linked with"))
    office.sync()
    assert office.customer_there(name)["Notes"] == "Gate 12"
    assert office.customer_there(f"{name} Barn")
    assert not office.there("Customer", DisplayName=f"{name} (2)")
    hand.has_pressed("apart")


def test_what_was_replaced_is_taken_back_once(hand: Hand) -> None:
    office, name = hand.office, f"Dale Farm {hand.habit.number}"
    office.new_customer(name, Phone="(555) 201-0001")
    office.sync()
    there = office.customer_there(name)
    office.change_there("Customer", there, PrimaryPhone={"FreeFormNumber": "(555) 201-0199"})
    office.edit("customers", name, Phone="(555) 201-0100")
    office.sync()
    hand.go(f"{SYNC}attention/?show=replaced")
    row = hand.page.get_by_role("row").filter(has_text=name)
    hand.press(re.compile("^Take it back"), within=row)
    hand.reads(re.compile("is here as it was in QuickBooks"))
    office.sync()
    assert office.customer_there(name)["PrimaryPhone"]["FreeFormNumber"] == "(555) 201-0199"
    hand.has_pressed("replaced")


def _one_of_two_taken_back(hand: Hand, name: str) -> None:
    """Put off, accepted with all above its line, and asked again."""
    hand.go(f"{SYNC}same/?q={name}")
    hand.press("Later", within=hand.page.get_by_role("article"))
    hand.reads(re.compile("is asked again at the end of the list"))
    hand.go(f"{SYNC}same/")
    hand.page.get_by_role("link", name=re.compile("^Accept all above this line")).first.click()
    hand.press("Link it")
    hand.reads(re.compile("1 linked"))
    hand.go(f"{SYNC}attention/?show=settled")
    hand.press(re.compile("^Ask again"), within=hand.page.get_by_role("row").nth(1))
    hand.reads(re.compile("is asked again"))


def _one_question(hand: Hand, name: str, answer: str, said: str) -> None:
    hand.go(f"{SYNC}attention/")
    card = hand.page.get_by_role("article").filter(has=hand.page.get_by_role("heading", level=2, name=name))
    hand.press(answer, within=card)
    hand.reads(re.compile(said))


def _held_and_started(hand: Hand, name: str) -> None:
    hand.go(f"customers/?show=all&q={name}")
    hand.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    hand.page.get_by_text("Stop syncing it").click()
    hand.press("Stop syncing this record")
    hand.reads(re.compile("It is no longer synced"))
    hand.press("Start syncing it again")
    hand.reads(re.compile("is synced again"))


def test_what_a_run_asks_is_answered_once(chromium: Browser, page: Page, site: Site) -> None:
    """In a company that is not the one it seems to be: asked anew by each Full Sync."""
    other = site.emulator.new_realm("empty", company_name="Other Books")
    site.emulator.load(other, {"Customer": [{"Id": "1", "DisplayName": "Somebody There", "SyncToken": "0"}]})
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.sign_in_at_quickbooks(page, "Other Books")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("region", name="What was found")).to_be_visible()
    for habit in HABITS:
        page.goto(f"{site.web}/{SYNC}")
        page.get_by_role("checkbox", name="Full Sync").check()
        page.get_by_role("button", name="Sync", exact=True).click()
        expect(page.get_by_role("heading", name="Full Sync has a question")).to_be_visible()
        with quiet_context(chromium, java_script_enabled=habit.script) as context:
            hand = Hand(page=context.new_page(), office=Office(page=page, site=site), habit=habit)
            steps.log_in(hand.page, site)
            context.on("request", hand.note)
            hand.go(SYNC)
            hand.press("No, leave it")
            expect(hand.page.get_by_role("button", name="No, leave it")).to_have_count(0)
            hand.fears_nothing()
            hand.has_pressed("a run's question")
    assert len(site.emulator.dump(other)["Customer"]) == 1
