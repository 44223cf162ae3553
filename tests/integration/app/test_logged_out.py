"""Whoever was logged out while a form was open finds in it what they had typed, as soon as they are back."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client as AnyClient
from django.urls import resolve, reverse
from django.utils import timezone

from service_genius.companies.models import User
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.once import keys
from service_genius.once.kept import OF_A_PERSON_MAX
from service_genius.once.models import Kept, Press
from service_genius.payments.models import Payment
from tests.forms import Form, forms_of
from tests.pressing import Client

from .conftest import PASSWORD, Books
from .test_pages import INVOICE
from .test_unchanged_forms import crowd, everything, forms

__all__ = ["crowd"]
FORM = "application/x-www-form-urlencoded"
#: Text of every sort that a page could spoil on its way through it.
PASTED = "<b>Two \"gates\"</b> & 'one' dog %41 ünï 漢字"


def said(response: Any) -> str:
    return unescape(response.content.decode())


def back(client: Client, user: User, answer: Any) -> Any:
    """Log in, and go where the answer leads."""
    assert answer.status_code == 302
    assert urlsplit(answer.url).path == reverse("account_login")
    assert "What you typed is kept" in said(client.get(answer.url))
    [wanted] = parse_qs(urlsplit(answer.url).query)["next"]
    data = {"login": user.email, "password": PASSWORD, "next": wanted}
    return client.post(reverse("account_login"), data, follow=True)


def typed_into(client: Client) -> Iterator[tuple[str, Form, dict[str, str]]]:
    """Every form of the product in which a text is typed, with something typed into it."""
    for address, form in list(forms(client)):
        if form.texts:
            yield address, form, {max(form.texts): PASTED}


def test_what_was_typed_into_any_form_is_there_again_after_the_log_in(
    client: Client, crowd: Payment, alice: User
):
    seen = set()
    for address, form, typed in typed_into(client):
        name = resolve(urlsplit(address).path).view_name
        if name in seen:
            continue
        seen.add(name)
        before = everything()
        client.logout()
        answer = client.post(address, form.with_values(**typed), FORM)
        page = back(client, alice, answer)
        assert page.status_code == 200
        assert "You were logged out meanwhile." in said(page), address
        shown = [
            each for each in forms_of(page.content.decode()) if set(typed) <= {n for n, _ in each.fields}
        ]
        [(field, text)] = typed.items()
        assert dict(shown[0].fields)[field] == text, address
        after = everything()
        for table in ("Kept", "User"):
            before.pop(table), after.pop(table)
        assert after == before, address
    edits = {
        f"{kind}:{page}" for kind in ("customers", "work_codes", "invoices") for page in ("create", "edit")
    }
    assert edits | {"payments:create", "payments:edit", "companies:tax_rates:list"} <= seen


def test_what_was_brought_back_is_saved_once_and_kept_no_longer(client: Client, books: Books, alice: User):
    key = client.key
    client.logout()
    answer = client.post(reverse("invoices:create"), {**INVOICE, "memo": PASTED}, once=key)
    page = back(client, alice, answer)
    assert not Invoice.objects.filter(number="2000").exists()
    [form] = [each for each in forms_of(page.content.decode()) if "memo" in dict(each.fields)]
    assert dict(form.fields)[keys.FIELD] == key
    address = page.redirect_chain[-1][0]
    for _ in range(2):
        assert client.post(address, form.body, FORM).status_code == 302
    assert Invoice.objects.get(number="2000").memo == PASTED
    assert not Kept.objects.exists()


def test_a_button_that_was_pressed_too_late_is_offered_again(client: Client, books: Books, alice: User):
    key, address = client.key, reverse("customers:deactivate", kwargs={"pk": books.customer.pk})
    client.logout()
    page = back(client, alice, client.post(address, {}, once=key))
    assert "Nothing was done yet" in said(page)
    books.customer.refresh_from_db()
    assert books.customer.active
    [form] = [each for each in forms_of(page.content.decode()) if "deactivate" in each.action]
    client.post(form.action, form.body, FORM)
    books.customer.refresh_from_db()
    assert not books.customer.active


def test_nobody_else_sees_what_was_typed(client: Client, books: Books, alice: User, bob: User):
    key = client.key
    client.logout()
    answer = client.post(reverse("customers:create"), {"display_name": "Secret Garden"}, once=key)
    page = back(client, bob, answer)
    assert page.status_code == 200
    assert "Secret Garden" not in said(page)
    [wanted] = parse_qs(urlsplit(answer.url).query)["next"]
    client.logout()
    client.force_login(alice)
    other = wanted.replace(reverse("customers:create"), reverse("work_codes:create"))
    assert "Secret Garden" not in said(client.get(other))
    assert "Secret Garden" in said(client.get(wanted))


@pytest.mark.parametrize("once", ["", "no key of ours", "of a visitor"])
def test_of_a_stranger_nothing_is_kept(once: str, client: Client, books: Books):
    client.logout()
    key = keys.new_key(None) if once == "of a visitor" else once
    answer = client.post(reverse("customers:create"), {"display_name": "X"}, once=key)
    assert (answer.status_code, unquote(answer.url)) == (302, "/account/login/?next=/customers/new/")
    assert not Kept.objects.exists()


def test_a_password_is_never_kept(client: Client, alice: User):
    key = client.key
    client.logout()
    for address in (reverse("account_change_password"), reverse("customers:create")):
        client.post(address, {"oldpassword": PASSWORD, "display_name": "X"}, once=key)
    assert not Kept.objects.exists()


def test_only_the_newest_are_kept_and_none_for_ever(client: Client, books: Books, alice: User):
    made = [client.key for _ in range(OF_A_PERSON_MAX + 2)]
    client.logout()
    for number, key in enumerate(made):
        client.post(reverse("customers:create"), {"display_name": f"C {number}"}, once=key)
    assert Kept.objects.count() == OF_A_PERSON_MAX
    old = Kept.objects.latest("pk")
    Kept.objects.update(created_at=timezone.now() - keys.KEPT - timedelta(minutes=1))
    client.force_login(alice)
    page = client.get(reverse("customers:create"), {keys.PARAMETER: old.token})
    assert "You were logged out" not in said(page)


def test_who_logged_in_anew_in_another_tab_finds_what_was_typed_in_the_first(books: Books, alice: User):
    """The first tab has a token of the log-in before: it proves nothing, but the key of the page does."""
    browser = AnyClient(enforce_csrf_checks=True)
    browser.force_login(alice)
    [form] = [
        each for each in forms_of(browser.get("/customers/new/").content.decode()) if "notes" in each.typed
    ]
    browser.cookies.clear()
    browser.force_login(alice)
    answer = browser.post("/customers/new/", form.with_values(display_name="A", notes=PASTED), FORM)
    page = browser.get(answer.url)
    assert "You were logged out meanwhile." in said(page)
    [form] = [each for each in forms_of(page.content.decode()) if "notes" in each.typed]
    assert dict(form.fields)["notes"] == PASTED
    assert not Customer.objects.filter(display_name="A").exists()
    assert browser.post(answer.url, form.body, FORM).status_code == 302
    assert Customer.objects.get(display_name="A").notes == PASTED


def test_a_form_of_another_site_brings_nothing_into_ours(books: Books, alice: User, bob: User):
    browser = AnyClient(enforce_csrf_checks=True)
    browser.force_login(alice)
    for key in ("", keys.new_key(None), keys.new_key(bob)):
        sent = {"display_name": "Smuggled", keys.FIELD: key}
        answer = browser.post("/customers/new/", sent)
        assert answer.status_code == 403
        assert "Smuggled" not in said(answer)


def test_a_part_of_a_page_leads_the_whole_page_to_the_log_in(client: Client, books: Books):
    client.logout()
    answer = client.post(reverse("invoices:draft"), INVOICE, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/account/login/"


def test_a_form_that_is_only_looked_at_saves_nothing(client: Client, crowd: Payment):
    """As Enter does in an invoice and in a payment without script, and a page that was logged out."""
    before = everything()
    for address, form in list(forms(client)):
        if resolve(address).view_name in settings.ONCE_LEFT_OUT:
            continue
        answer = client.post(address, form.with_values(look="1"), FORM)
        assert answer.status_code == 200, address
        assert re.search("Not saved yet|Nothing was done yet|open for too long", said(answer)), address
    after = everything()
    assert after == before
    assert not Press.objects.exists()
