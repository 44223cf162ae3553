"""What a person can do beyond a question: leave, overrule, stop, start again, try again, say no."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.looks import fine
from tests.browser.office import SYNC, Office
from tests.browser.site import Site

Picture = Callable[[Page, str], None]


def test_a_change_there_is_taken(office: Office, picture: Picture) -> None:
    office.page.goto(f"{office.site.emulator.url}/app/{office.site.realm}/customers?q=Copper")
    office.page.get_by_role("link", name="Copper Kettle Diner").click()
    office.page.get_by_role("link", name="Edit", exact=True).click()
    office.page.get_by_label("Phone").fill("(555) 888-4321")
    office.page.get_by_role("button", name="Save").click()
    office.sync()
    office.page.get_by_role("link", name="1 changed in QuickBooks").click()
    card = office.needing("Copper Kettle Diner", reason="changed_there", show="changed")
    expect(card).to_contain_text("The phone was changed in QuickBooks")
    fine(office.page, "changed in quickbooks", picture)
    card.get_by_role("button", name="Take it").click()
    office.told("is now here as it is in QuickBooks")
    office.sync()
    office.gone("Copper Kettle Diner")
    office.open("customers", "Copper Kettle Diner")
    expect(office.page.get_by_role("main")).to_contain_text("(555) 888-4321")


@pytest.mark.parametrize(
    ("answer", "said"), [("Send ours", "goes to QuickBooks"), ("Leave it", "is left as it is")]
)
def test_a_change_there_is_overruled_or_left(office: Office, answer: str, said: str) -> None:
    typed = f"Typed there before {answer}"
    office.change_there("Customer", office.customer_there("Bluebird Cafe"), Notes=typed)
    office.sync()
    card = office.needing("Bluebird Cafe", reason="changed_there", show="changed")
    expect(card).to_contain_text(typed)
    card.get_by_role("button", name=answer).click()
    office.told(said)
    office.sync()
    office.gone("Bluebird Cafe")
    left = office.customer_there("Bluebird Cafe").get("Notes") == typed
    assert left == (answer == "Leave it")


def test_of_a_conflict_service_genius_wins_and_the_value_it_replaced_is_in_the_history(
    office: Office, picture: Picture
) -> None:
    there = office.customer_there("Amelia Hartwell")
    office.change_there("Customer", there, PrimaryPhone={"FreeFormNumber": "(555) 100-0001"})
    office.edit("customers", "Amelia Hartwell", Phone="(555) 200-0002")
    office.sync()
    there = office.customer_there("Amelia Hartwell")
    assert there["PrimaryPhone"] == {"FreeFormNumber": "(555) 200-0002"}
    office.page.get_by_role("link", name="Every change").click()
    expect(office.page.get_by_role("deletion").filter(has_text="(555) 100-0001")).to_be_visible()
    fine(office.page, "conflict in the history", picture)


def test_a_record_stopped_on_its_page_is_held_until_it_is_started_again(
    office: Office, picture: Picture
) -> None:
    panel = office.open("customers", "Jasmine Patel")
    panel.get_by_text("Stop syncing it").click()
    picture(office.page, "stop syncing")
    panel.get_by_role("button", name="Stop syncing this record").click()
    expect(panel).to_contain_text("It is not synced any more")
    office.go(f"{SYNC}attention/?show=held")
    fine(office.page, "not synced", picture)
    office.page.get_by_role("button", name=re.compile(r"^Start again\W+Jasmine Patel")).click()
    office.told("is synced again")
    expect(office.open("customers", "Jasmine Patel")).not_to_contain_text("It is not synced any more")


def test_a_subscription_that_ended_is_told_and_tried_again_once_it_is_renewed(
    office: Office, picture: Picture
) -> None:
    page, site = office.page, office.site
    standing = f"realms/{site.realm}/standing"
    site.emulator.control("PUT", standing, {"state": "suspended"})
    office.go(SYNC)
    page.get_by_role("button", name="Sync", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Your QuickBooks subscription has ended")
    fine(page, "subscription has ended", picture)
    site.emulator.control("PUT", standing, {"state": "active"})
    page.get_by_role("button", name="Try again").click()
    steps.see_result(page, "Sync")
    expect(page.get_by_text("subscription has ended")).to_have_count(0)


def test_the_wrong_company_is_asked_about_first_and_a_second_one_is_refused(
    page: Page, site: Site, picture: Picture
) -> None:
    other = site.emulator.new_realm("empty", company_name="Other Books")
    site.emulator.load(other, {"Customer": [{"Id": "1", "DisplayName": "Somebody Else", "SyncToken": "0"}]})
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.sign_in_at_quickbooks(page, "Other Books")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("checkbox", name="Full Sync").check()
    page.get_by_role("button", name="Sync", exact=True).click()
    question = page.get_by_role("alert")
    expect(question).to_contain_text("Is this the right QuickBooks company?")
    fine(page, "is this the right company", picture)
    question.get_by_role("button", name="No, leave it").click()
    assert len(site.emulator.dump(other)["Customer"]) == 1
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_role("button", name="Disconnect from QuickBooks").click()
    steps.sign_in_at_quickbooks(page)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Service Genius is linked with Other Books")).to_be_visible()
    picture(page, "wrong company refused")


def test_what_is_pressed_in_another_tab_waits_and_can_be_taken_back(office: Office, picture: Picture) -> None:
    office.new_customer("Harbor Light")
    other = office.page.context.new_page()
    other.goto(f"{office.site.web}/{SYNC}")
    office.go(SYNC)
    with office.site.quickbooks_standing():
        office.page.get_by_role("button", name="Sync", exact=True).click()
        expect(office.page.get_by_role("heading", name="Sync is running")).to_be_visible()
        other.get_by_role("checkbox", name="Full Sync").check()
        other.get_by_role("button", name="Preview").click()
        expect(
            other.get_by_text("Preview of Full Sync waits. It goes on by itself once the Sync is done.")
        ).to_be_visible()
        waits = office.page.get_by_role("list", name="Waits")
        expect(waits).to_contain_text("It goes on by itself once the Sync is done.")
        fine(office.page, "one runs and one waits", picture)
        waits.get_by_role("button", name="Take back the Preview of Full Sync").click()
        office.told("Preview of Full Sync was taken back.")
    expect(office.page.get_by_role("heading", name="Sync finished")).to_be_visible()
    assert office.customer_there("Harbor Light")
    other.close()


def test_a_run_at_work_is_stopped_and_the_next_goes_on(office: Office, picture: Picture) -> None:
    office.new_customer("Quill and Feather")
    office.go(SYNC)
    with office.site.quickbooks_standing():
        office.page.get_by_role("button", name="Sync", exact=True).click()
        expect(office.page.get_by_role("heading", name="Sync is running")).to_be_visible()
        picture(office.page, "a run at work")
        office.page.get_by_role("button", name="Stop", exact=True).click()
        office.told("It stops now.")
    expect(office.page.get_by_role("heading", name="Sync was stopped")).to_be_visible()
    expect(office.page.get_by_text("What was done is kept; press Sync to go on.")).to_be_visible()
    fine(office.page, "stopped", picture)
    assert office.there("Customer", DisplayName="Quill and Feather") == []
    office.sync()
    assert office.customer_there("Quill and Feather")
