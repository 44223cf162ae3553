"""A restored backup asks whether it counts, and shows what it has forgotten: on a site of its own."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.office import Office
from tests.browser.site import Site

Picture = Callable[[Page, str], None]


def test_what_a_restored_backup_has_forgotten_is_shown_and_left_there(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.begin(page, site)
    office = Office(page=page, site=site)
    office.new_invoice("8465")
    office.sync()
    sent = office.one_there("Invoice", DocNumber="8465")
    # As a later life of this database would have sent it.
    later = {"Id": "95002", "DocNumber": "8466", "PrivateNote": "[Service Genius 9.7.ABCDEF012345]"}
    office.site.emulator.load(office.site.realm, {"Invoice": [sent | later]})
    office.go("settings/quickbooks/")
    office.page.get_by_role("button", name="Sync", exact=True).click()
    expect(office.page.get_by_role("alert")).to_contain_text("was restored from a backup")
    picture(office.page, "a restored backup is asked about")
    office.page.get_by_role("button", name="Yes, go on").click()
    expect(office.page.get_by_role("heading", name="Sync finished")).to_be_visible()
    card = office.needing("Invoice 8466", reason="only_there")
    picture(office.page, "only in quickbooks")
    card.get_by_role("button", name="Leave it there").click()
    office.sync()
    office.gone("Invoice 8466")
