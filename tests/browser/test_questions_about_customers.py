"""Each sort of question about a customer or work code: brought about, answered by its button, and gone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]


def test_two_that_look_the_same_are_paired_by_a_person(office: Office, picture: Picture) -> None:
    card = office.needing("Carver and Sons", reason="likely_pair")
    expect(card).to_contain_text("Carver & Sons")
    fine(office.page, "may be the same", picture)
    card.get_by_role("button", name="They are the same").click()
    office.told("is linked with “Carver & Sons”")
    office.sync()
    office.gone("Carver and Sons")
    assert office.customer_there("Carver & Sons")
    assert not office.there("Customer", DisplayName="Carver and Sons")
    expect(office.open("customers", "Carver and Sons")).to_contain_text("The same on both sides")


def test_two_that_look_the_same_and_are_not_are_both_on_both_sides(office: Office) -> None:
    office.site.post("customer", {"DisplayName": "Oak Point Marina LLC"})
    office.new_customer("Oak Point Marina")
    office.sync()
    card = office.needing("Oak Point Marina", reason="likely_pair")
    card.get_by_role("button", name="They are different").click()
    office.told("is kept as a record of its own")
    office.sync()
    office.gone("Oak Point Marina")
    for name in ("Oak Point Marina", "Oak Point Marina LLC"):
        assert office.customer_there(name)
        expect(office.open("customers", name)).to_contain_text("The same on both sides")


def test_two_people_of_one_name_are_named_apart_by_one_press(office: Office, picture: Picture) -> None:
    office.site.post(
        "customer",
        {"DisplayName": "Juno Ackerman", "PrimaryEmailAddr": {"Address": "juno@other.example.org"}},
    )
    office.new_customer("Juno Ackerman", **{"E-mail": "juno@example.com"})
    office.sync()
    card = office.needing("Juno Ackerman", reason="likely_pair")
    expect(card).to_contain_text("(same name; other e-mail)")
    fine(office.page, "two of one name", picture)
    card.get_by_role("button", name="They are different").click()
    office.told("named “Juno Ackerman (2)”")
    office.sync()
    office.gone("Juno Ackerman")
    for name, email in (
        ("Juno Ackerman", "juno@other.example.org"),
        ("Juno Ackerman (2)", "juno@example.com"),
    ):
        assert office.customer_there(name)["PrimaryEmailAddr"] == {"Address": email}
        expect(office.open("customers", name)).to_contain_text("The same on both sides")


def test_one_of_two_that_look_the_same_need_not_be_synced(office: Office) -> None:
    office.site.post("customer", {"DisplayName": "Bay Leaf Catering Inc"})
    office.new_customer("Bay Leaf Catering")
    office.sync()
    card = office.needing("Bay Leaf Catering", reason="likely_pair")
    card.get_by_role("button", name="Stop syncing it").click()
    office.told("is no longer synced")
    office.sync()
    office.gone("Bay Leaf Catering")
    assert not office.there("Customer", DisplayName="Bay Leaf Catering")
    expect(office.open("customers", "Bay Leaf Catering")).to_contain_text("It is not synced any more")


def test_a_name_that_a_vendor_has_is_changed_at_one_press(office: Office, picture: Picture) -> None:
    card = office.needing("Northside Supply", reason="name_taken")
    expect(card).to_contain_text("A vendor in QuickBooks already has the name")
    picture(office.page, "name is taken")
    card.get_by_role("button", name="Rename it to “Northside Supply (customer)”").click()
    office.told("is now named")
    office.sync()
    office.gone("Northside Supply")
    assert office.customer_there("Northside Supply (customer)")


def test_what_was_refused_is_tried_again_and_the_raw_answer_is_folded_away(
    office: Office, picture: Picture
) -> None:
    office.new_customer("Copper Beech School")
    office.site.emulator.fault("refuse", {"entity": "Customer", "operation": "create"}, code=6280)
    office.sync()
    card = office.needing("Copper Beech School", reason="refused_there")
    expect(card).to_contain_text("the customer has unbilled charges in QuickBooks")
    raw = card.locator("pre")
    expect(raw).to_be_hidden()
    card.get_by_text("What QuickBooks answered").click()
    expect(raw).to_contain_text("6280")
    expect(card.get_by_text("intuit_tid")).to_be_visible()
    fine(office.page, "refused, with the raw answer", picture)
    card.get_by_role("button", name="Try again").click()
    office.told("is tried again now")
    office.sync()
    office.gone("Copper Beech School")
    assert office.customer_there("Copper Beech School")


def test_what_service_genius_cannot_take_is_mended_in_quickbooks(office: Office, picture: Picture) -> None:
    office.site.post("customer", {"DisplayName": "Tansy Hall"})
    office.site.post("customer", {"DisplayName": "Tansy\u00a0Hall"})  # two names there, and one here
    office.sync()
    card = office.needing("Tansy Hall", reason="refused_here")
    expect(card).to_contain_text("There already is a customer named “Tansy Hall”")
    picture(office.page, "cannot be taken")
    with office.page.expect_popup() as opened:
        card.get_by_role("link", name="Open in QuickBooks").click()
    opened.value.get_by_role("link", name="Edit", exact=True).click()
    opened.value.get_by_label("Display name").fill("Tansy Hall East")
    opened.value.get_by_role("button", name="Save").click()
    # Closed while the answer is on its way, the edit may be lost, and Chromium may never say it closed.
    expect(opened.value.get_by_role("link", name="Edit", exact=True)).to_be_visible()
    opened.value.close()
    office.sync()
    office.gone("Tansy Hall")
    expect(office.open("customers", "Tansy Hall East")).to_contain_text("The same on both sides")


def test_a_customer_made_inactive_there_is_made_active_again_there(office: Office, picture: Picture) -> None:
    office.change_there("Customer", office.customer_there("Harbor View Hotel"), Active=False)
    office.sync()
    card = office.needing("Harbor View Hotel", reason="removed_there")
    picture(office.page, "removed there")
    card.get_by_role("button", name="Make it active again there").click()
    office.sync()
    office.gone("Harbor View Hotel")
    assert office.customer_there("Harbor View Hotel")["Active"] is True


def test_a_customer_made_inactive_there_is_made_inactive_here(office: Office) -> None:
    there = office.customer_there("Foxglove Florist")
    office.change_there("Customer", there, Active=False)
    office.sync()
    card = office.needing("Foxglove Florist", reason="removed_there")
    office.asked_first(card, "Do the same here", "Make it inactive here")
    office.told("is removed here too")
    office.sync()
    office.gone("Foxglove Florist")
    office.open("customers", "Foxglove Florist", show="inactive")
    expect(office.page.get_by_role("heading", level=1)).to_contain_text("Inactive")
    assert office.one_there("Customer", Id=there["Id"])["Active"] is False


def test_an_invoice_of_a_customer_inactive_on_both_sides_makes_it_active_again(
    office: Office, picture: Picture
) -> None:
    name = "Thistle Lane Dental"
    office.new_customer(name)
    office.sync()
    office.change_there("Customer", office.customer_there(name), Active=False)
    office.new_invoice("8531", customer=name)
    office.sync()  # it waits for the answer about its customer
    card = office.needing(name, reason="removed_there")
    office.asked_first(card, "Do the same here", "Make it inactive here")
    office.told("is removed here too")
    office.sync()
    card = office.needing("Invoice 8531", reason="inactive_there")
    fine(office.page, "inactive on both sides", picture)
    card.get_by_role("button", name=f"Make “{name}” active again").click()
    office.told(f"“{name}” is active here, and in QuickBooks with the next sync")
    office.sync()
    office.gone("Invoice 8531")
    customer = office.customer_there(name)
    assert customer["Active"] is True
    assert office.one_there("Invoice", DocNumber="8531")["CustomerRef"]["value"] == customer["Id"]


def test_a_customer_made_inactive_there_may_stay_here_not_synced(office: Office) -> None:
    there = office.customer_there("Golden Hour Yoga")
    office.change_there("Customer", there, Active=False)
    office.sync()
    card = office.needing("Golden Hour Yoga", reason="removed_there")
    card.get_by_role("button", name="Stop syncing it").click()
    office.sync()
    office.gone("Golden Hour Yoga")
    expect(office.open("customers", "Golden Hour Yoga")).to_contain_text("It is not synced any more")
    assert office.one_there("Customer", Id=there["Id"])["Active"] is False


def test_a_customer_who_is_gone_there_is_sent_anew(office: Office) -> None:
    """A merge of two without invoices: nothing tells that it was one."""
    office.new_customer("Plover Court")
    office.new_customer("Sandpiper Court")
    office.sync()
    gone, stays = (office.customer_there(name) for name in ("Plover Court", "Sandpiper Court"))
    merge_there(office, gone["Id"], stays["Id"])
    office.sync()
    card = office.needing("Plover Court", reason="removed_there")
    expect(card).to_contain_text("It was deleted in QuickBooks")
    card.get_by_role("button", name="Send it anew").click()
    office.told("is sent to QuickBooks anew")
    office.sync()
    office.gone("Plover Court")
    assert office.customer_there("Plover Court")["Id"] != gone["Id"]


def merge_there(office: Office, loser: str, survivor: str) -> None:
    keys = {"loser": loser, "survivor": survivor}
    office.site.emulator.control("POST", f"realms/{office.site.realm}/merge", keys)


def test_customers_merged_there_are_merged_here_at_one_press(office: Office, picture: Picture) -> None:
    for name in ("Sorrel Dental", "Sorrel Dental Practice"):
        office.new_customer(name)
    office.new_invoice("8301", customer="Sorrel Dental")
    office.sync()
    stays = office.customer_there("Sorrel Dental Practice")
    merge_there(office, office.customer_there("Sorrel Dental")["Id"], stays["Id"])
    office.sync()
    card = office.needing("Sorrel Dental", reason="merged_there")
    expect(card).to_contain_text("It was merged into “Sorrel Dental Practice” in QuickBooks")
    picture(office.page, "merged there")
    office.asked_first(card, "Do the same here", "Merge the two here")
    office.told("is merged into “Sorrel Dental Practice” here too")
    office.sync()
    office.gone("Sorrel Dental")
    office.open("customers", "Sorrel Dental", show="inactive")
    expect(office.page.get_by_text("Merged into Sorrel Dental Practice")).to_be_visible()
    assert office.one_there("Invoice", DocNumber="8301")["CustomerRef"]["value"] == stays["Id"]
    expect(office.open("invoices", "8301")).to_contain_text("The same on both sides")


def test_a_customer_merged_there_into_one_who_is_not_here_takes_that_ones_place(office: Office) -> None:
    office.new_customer("Yarrow Clinic")
    office.new_invoice("8302", customer="Yarrow Clinic")
    office.sync()
    stays = office.site.post("customer", {"DisplayName": "Yarrow Health Group"})
    merge_there(office, office.customer_there("Yarrow Clinic")["Id"], stays["Id"])
    office.sync()
    card = office.needing("Yarrow Clinic", reason="merged_there")
    card.get_by_role("button", name="Link it with “Yarrow Health Group”").click()
    office.told("is linked with “Yarrow Health Group”")
    office.sync()
    office.gone("Yarrow Clinic")
    expect(office.open("customers", "Yarrow Clinic")).to_contain_text("The same on both sides")
    assert office.one_there("Invoice", DocNumber="8302")["CustomerRef"]["value"] == stays["Id"]


def test_customers_merged_here_are_merged_there_by_a_person(office: Office, picture: Picture) -> None:
    for name in ("Mallow Preschool", "Mallow Day Nursery"):
        office.new_customer(name)
    office.new_invoice("8303", customer="Mallow Preschool")
    office.pay("8303", "100.00")
    office.sync()
    merge_here(office, "Mallow Preschool", "Mallow Day Nursery")
    office.sync()
    card = office.needing("Mallow Preschool", reason="merged_here")
    expect(card).to_contain_text("QuickBooks lets only people merge")
    picture(office.page, "merged here")
    with office.page.expect_popup() as opened:
        card.get_by_role("link", name="Open in QuickBooks").click()
    opened.value.get_by_label("Full name of the customer that stays").fill("Mallow Day Nursery")
    opened.value.get_by_role("button", name="Merge").click()
    expect(opened.value.get_by_role("heading", level=1, name="Mallow Day Nursery")).to_be_visible()
    opened.value.close()
    office.sync()
    office.gone("Mallow Preschool")
    assert not office.there("Customer", DisplayName="Mallow Preschool")
    stays = office.customer_there("Mallow Day Nursery")
    assert office.one_there("Invoice", DocNumber="8303")["CustomerRef"]["value"] == stays["Id"]
    expect(office.open("invoices", "8303")).to_contain_text("The same on both sides")


def merge_here(office: Office, loser: str, survivor: str) -> None:
    page = office.page
    office.open("customers", loser)
    page.get_by_role("link", name="Merge into…").click()
    page.get_by_label("Merge into").fill(survivor)
    page.get_by_role("button", name="Continue").click()
    merge = page.get_by_role("button", name=f"Merge into {survivor}")
    expect(merge).to_be_visible()
    fine(page, "merge into", lambda _page, _name: None)
    merge.click()
    expect(page.get_by_role("heading", level=1, name=survivor)).to_be_visible()


def test_a_customer_who_owes_something_there_goes_once_that_is_settled(
    office: Office, picture: Picture
) -> None:
    office.new_customer("Fennel Row Studios")
    office.sync()
    owed = office.invoice_there("F-1", 40, customer="Fennel Row Studios")
    office.open("customers", "Fennel Row Studios")
    office.page.get_by_role("button", name="Deactivate").click()
    office.sync()
    card = office.needing("Fennel Row Studios", reason="cannot_remove")
    expect(card).to_contain_text("in QuickBooks it still has a balance")
    picture(office.page, "cannot be removed")
    office.remove_there("Invoice", owed, "void")
    card.get_by_role("button", name="Try again").click()
    office.sync()
    office.gone("Fennel Row Studios")
    there = office.one_there("Customer", Id=owed["CustomerRef"]["value"])
    assert there["Active"] is False


def test_all_others_that_look_the_same_are_new_at_one_press(office: Office, picture: Picture) -> None:
    for name in ("Quince Street Gallery", "Medlar Street Gallery"):
        office.site.post("customer", {"DisplayName": f"{name} LLC"})
        office.new_customer(name)
    office.sync()
    office.needing("Quince Street Gallery", reason="likely_pair")
    office.page.get_by_text("All others are new").click()
    picture(office.page, "all others are new")
    office.page.get_by_role("button", name=re.compile(r"^All \d+ are different$")).click()
    office.told("kept as records of their own")
    office.sync()
    for name in ("Quince Street Gallery", "Medlar Street Gallery"):
        office.gone(name)
        assert office.customer_there(name)
        assert office.customer_there(f"{name} LLC")
