"""A form is accepted once: pressed again it shows what came of it, changed and pressed again it asks."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib import messages
from django.urls import reverse

from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.once import keys
from service_genius.once.models import Press
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes.models import WorkCode
from tests.pressing import Client

from .conftest import PASSWORD, Books, browser_of
from .test_pages import INVOICE, said

CREATES: dict[str, tuple[type[Any], dict[str, str]]] = {
    "customers": (Customer, {"display_name": "Rear House", "taxable": "on"}),
    "work_codes": (WorkCode, {"name": "Filter", "price": "14.95"}),
    "invoices": (Invoice, INVOICE),
    "payments": (Payment, {"customer": "Amelia Hartwell", "amount": "20", "date": "2026-03-02"}),
}
#: What a person changes after going back.
CHANGED = {
    "customers": {"display_name": "Front House"},
    "work_codes": {"name": "Fan"},
    "invoices": {"number": "2001"},
    "payments": {"amount": "21"},
}


def new(kind: str) -> str:
    return reverse(f"{kind}:create")


def sent_again(page: Any) -> dict[str, str]:
    """What the form of a page sends whose fields are all hidden."""
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.content.decode())
    found = dict(fields[2:])  # after the CSRF token and the key of the menu's Log out
    del found["csrfmiddlewaretoken"]
    return found


@pytest.mark.parametrize("kind", CREATES)
def test_a_second_press_of_save_makes_no_second_record_and_shows_the_first(
    kind: str, client: Client, books: Books
) -> None:
    model, typed = CREATES[kind]
    before, key = model.objects.count(), client.key
    first = client.post(new(kind), typed, once=key)
    second = client.post(new(kind), typed, once=key)
    assert model.objects.count() == before + 1
    assert (first.status_code, first.url) == (second.status_code, second.url)
    shown = said(client.get(second.url))
    assert "Not saved" not in shown
    assert shown.count(" is saved.") == 1
    assert f'{new(kind)}?like={model.objects.latest("pk").pk}">Enter another like it' in shown


@pytest.mark.parametrize("kind", CREATES)
def test_another_like_it_begins_with_what_was_saved_and_is_one_of_its_own(
    kind: str, client: Client, books: Books
) -> None:
    model, typed = CREATES[kind]
    client.post(new(kind), typed)
    made = model.objects.latest("pk")
    page = said(client.get(new(kind), {"like": made.pk}))
    kept = typed.get("display_name") or typed.get("name") or typed["customer"]
    assert f'value="{kept}"' in page
    assert f'value="{INVOICE["number"]}"' not in page  # the next free one


def test_another_like_a_record_of_another_company_is_a_404(books: Books, charlie: User) -> None:
    stranger = browser_of(charlie)
    for kind, (model, _) in CREATES.items():
        of_alice = model.objects.earliest("pk").pk
        assert stranger.get(new(kind), {"like": of_alice}).status_code == 404


@pytest.mark.parametrize("kind", CREATES)
def test_changed_and_pressed_again_it_is_asked_and_nothing_typed_is_lost(
    kind: str, client: Client, books: Books
) -> None:
    model, typed = CREATES[kind]
    before, key = model.objects.count(), client.key
    first = client.post(new(kind), typed, once=key)
    asked = client.post(new(kind), typed | CHANGED[kind], once=key)
    assert model.objects.count() == before + 1
    assert "Do you want to save another one?" in said(asked)
    assert f'href="{first.url}">Show ' in said(asked)
    again = sent_again(asked)
    assert typed | CHANGED[kind] == {name: again[name] for name in typed}
    answer = {name: value for name, value in again.items() if name != keys.FIELD}
    client.post(new(kind), answer, once=again[keys.FIELD])
    client.post(new(kind), answer, once=again[keys.FIELD])
    assert model.objects.count() == before + 2


def test_a_refused_form_keeps_its_key(client: Client, books: Books) -> None:
    key, address = client.key, new("customers")
    refused = client.post(address, {"display_name": "A:B"}, once=key)
    assert f'name="once" value="{key}"' in said(refused)
    assert not Press.objects.exists()
    client.post(address, {"display_name": "A-B"}, once=key)
    client.post(address, {"display_name": "A-B"}, once=key)
    assert Customer.objects.filter(display_name="A-B").count() == 1


def test_what_a_page_refuses_in_a_message_can_be_pressed_again(client: Client, books: Books) -> None:
    customers.create(
        company=books.customer.company, values={"display_name": "Rear House", "parent": books.customer.pk}
    )
    key, address = client.key, reverse("customers:deactivate", kwargs={"pk": books.customer.pk})
    assert "Deactivate its sub-customers first" in said(client.post(address, once=key, follow=True))
    customers.deactivate(
        company=books.customer.company, id=Customer.objects.get(display_name="Rear House").pk
    )
    assert "is inactive now" in said(client.post(address, once=key, follow=True))


def edited(books: Books) -> dict[str, dict[str, str]]:
    """Each record's form with a change."""
    revision = {
        kind: str(getattr(books, kind.rstrip("s")).revision)
        for kind in ("customers", "work_codes", "invoices", "payments")
    }
    forms = {
        "customers": {"display_name": "Amelia Hartwell", "phone": "1"},
        "work_codes": {"name": "Tune-up", "price": "120"},
        "invoices": {**INVOICE, "number": "1001"},
        "payments": {"customer": "Amelia Hartwell", "amount": "50", "date": "2026-03-02", "memo": "Thanks"},
    }
    return {kind: {**form, "revision": revision[kind]} for kind, form in forms.items()}


AGAIN = {
    "customers": {"phone": "2"},
    "work_codes": {"price": "130"},
    "invoices": {"memo": "Thanks"},
    "payments": {"memo": "Thank you"},
}


@pytest.mark.parametrize("kind", AGAIN)
def test_ones_own_edit_pressed_twice_is_nobody_elses_change(kind: str, client: Client, books: Books) -> None:
    record = getattr(books, kind.rstrip("s"))
    address, key = reverse(f"{kind}:edit", kwargs={"pk": record.pk}), client.key
    client.post(address, edited(books)[kind], once=key)
    shown = said(client.post(address, edited(books)[kind], once=key, follow=True))
    assert "Somebody else" not in shown
    assert " is saved." in shown
    assert "Enter another" not in shown


@pytest.mark.parametrize("kind", AGAIN)
def test_ones_own_edit_changed_once_more_after_going_back_is_asked_and_saved(
    kind: str, client: Client, books: Books
) -> None:
    record = getattr(books, kind.rstrip("s"))
    address, key = reverse(f"{kind}:edit", kwargs={"pk": record.pk}), client.key
    client.post(address, edited(books)[kind], once=key)
    asked = client.post(address, edited(books)[kind] | AGAIN[kind], once=key)
    assert "Do you want to save it again" in said(asked)
    shown = said(client.post(address, sent_again(asked), once=client.key, follow=True))
    assert "Somebody else" not in shown
    record.refresh_from_db()
    [(name, value)] = AGAIN[kind].items()
    assert str(getattr(record, name)).startswith(value)


def test_saved_again_after_going_back_it_still_yields_to_somebody_else(
    client: Client, books: Books, bob: User
) -> None:
    address = reverse("customers:edit", kwargs={"pk": books.customer.pk})
    form, key = edited(books)["customers"], client.key
    client.post(address, form, once=key)
    customers.update(company=bob.company, id=books.customer.pk, values={"phone": "555"})
    asked = client.post(address, {**form, "phone": "2"}, once=key)
    assert "Somebody else changed this" in said(client.post(address, sent_again(asked)))
    books.customer.refresh_from_db()
    assert books.customer.phone == "555"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("customers:deactivate", "Amelia Hartwell is inactive now."),
        ("work_codes:deactivate", "Tune-up is inactive now."),
        ("invoices:void", "Invoice 1001 is voided."),
        ("payments:void", "The payment is voided."),
    ],
)
def test_a_button_pressed_twice_says_the_same_twice(
    name: str, sentence: str, client: Client, books: Books
) -> None:
    record = getattr(books, name.partition(":")[0].rstrip("s"))
    address, key = reverse(name, kwargs={"pk": record.pk}), client.key
    for _ in range(2):
        assert sentence in said(client.post(address, once=key, follow=True))


def test_what_somebody_did_meanwhile_is_not_undone_by_a_late_second_press(
    client: Client, books: Books
) -> None:
    pk = {"pk": books.customer.pk}
    key = client.key
    client.post(reverse("customers:deactivate", kwargs=pk), once=key)
    client.post(reverse("customers:reactivate", kwargs=pk))
    client.post(reverse("customers:deactivate", kwargs=pk), once=key)
    books.customer.refresh_from_db()
    assert books.customer.active


def test_two_buttons_of_one_page_are_two_deeds(client: Client, books: Books) -> None:
    key = client.key
    for name in ("deactivate", "reactivate"):
        shown = client.post(reverse(f"customers:{name}", kwargs={"pk": books.customer.pk}), once=key)
        assert shown.status_code == 302
    books.customer.refresh_from_db()
    assert books.customer.active


def test_a_sales_tax_added_twice_stands_once_and_nothing_is_wrong(client: Client) -> None:
    key, address = client.key, reverse("companies:tax_rates:list")
    for _ in range(2):
        shown = said(client.post(address, {"name": "Nevada", "percent": "6.85"}, once=key, follow=True))
        assert "is saved." in shown
        assert "There already is" not in shown
    assert TaxRate.objects.count() == 1


def test_a_merge_confirmed_twice_is_one_merge(client: Client, books: Books) -> None:
    stays = customers.create(company=books.customer.company, values={"display_name": "A. Hartwell"})
    address, key = reverse("customers:merge", kwargs={"pk": books.customer.pk}), client.key
    form = {"survivor": "A. Hartwell", "revision": str(books.customer.revision)}
    asked = client.post(address, form, once=key)
    assert f'value="{key}"' in said(asked)
    for _ in range(2):
        done = client.post(address, {**form, "confirmed": "1"}, once=key)
        assert done.url == reverse("customers:detail", kwargs={"pk": stays.pk})
    assert "is merged into" in said(client.get(done.url))


def test_without_a_key_nothing_is_done_and_what_was_typed_is_kept(client: Client, books: Books) -> None:
    for bad in ("", "x", client.key + "x"):
        page = client.post(new("customers"), {"display_name": "Rear “House”", "notes": "<b>"}, once=bad)
        assert page.status_code == 400
        assert "Please press once more" in said(page)
        assert sent_again(page)["display_name"] == "Rear “House”"
        assert "<b>" not in said(page)
    assert not Customer.objects.filter(notes="<b>").exists()
    done = client.post(new("customers"), {"display_name": "Rear House"}, once=sent_again(page)[keys.FIELD])
    assert done.status_code == 302


def test_a_key_of_somebody_else_is_none(client: Client, books: Books, bob: User, charlie: User) -> None:
    for other in (browser_of(bob).key, browser_of(charlie).key, Client().key):
        page = client.post(new("customers"), {"display_name": "Rear House"}, once=other)
        assert page.status_code == 400
    assert Customer.objects.count() == 1


def test_a_page_that_was_open_for_too_long_is_pressed_once_more(client: Client, books: Books) -> None:
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        browser = browser_of(User.objects.get(email="alice@example.com"))
        key = browser.key
        clock.shift(keys.KEPT - timedelta(seconds=1))
        assert browser.post(new("customers"), {"display_name": "Rear House"}, once=key).status_code == 302
        clock.shift(timedelta(seconds=2))
        page = browser.post(new("customers"), {"display_name": "Rear House"}, once=key)
    assert page.status_code == 400
    assert Customer.objects.filter(display_name="Rear House").count() == 1


def test_a_password_is_neither_kept_nor_shown_again(client: Client) -> None:
    typed = {"oldpassword": PASSWORD, "password1": "another-pass-phrase", "password2": "another-pass-phrase"}
    page = client.post(reverse("account_change_password"), typed, once="")
    assert "pass-phrase" not in said(page)
    key = client.key
    client.post(reverse("account_change_password"), typed, once=key)
    again = client.post(reverse("account_change_password"), typed, once=key)
    assert again.status_code == 302
    [press] = Press.objects.values()
    assert "pass-phrase" not in str(press)


def test_presses_are_forgotten_once_no_key_of_theirs_can_hold(
    client: Client, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_genius.once.middleware.SWEPT_EVERY", 1)
    with time_machine.travel("2026-03-02T08:00:00Z", tick=False) as clock:
        browser = browser_of(User.objects.get(email="alice@example.com"))
        for name in ("first", "second", "third"):
            browser.post(new("customers"), {"display_name": name})
            clock.shift(keys.KEPT / 2 + timedelta(seconds=1))
    assert Press.objects.count() == 2


def test_who_fails_after_writing_has_written_nothing_and_may_press_again(
    client: Client, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the machine is gone")

    key, typed = client.key, {"display_name": "Rear House"}
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(messages, "success", fail)
        assert client.post(new("customers"), typed, once=key).status_code == 500
    assert not Customer.objects.filter(display_name="Rear House").exists()
    assert not Press.objects.exists()
    assert client.post(new("customers"), typed, once=key).status_code == 302


def test_wrong_passwords_are_counted_although_the_form_was_refused(client: Client) -> None:
    address, wrong = reverse("account_reauthenticate"), {"password": "wrong"}
    pages = [client.post(address, wrong) for _ in range(40)]
    assert pages[-1].status_code == 429 or "Too many" in said(pages[-1])


def test_a_visitor_who_chooses_a_new_password_presses_twice(client: Client, mailoutbox: list[Any]) -> None:
    visitor = Client()
    visitor.post(reverse("account_reset_password"), {"email": "alice@example.com"})
    link = re.search(r"http://testserver(\S+)", mailoutbox[0].body)
    assert link is not None
    form = visitor.get(link[1], follow=True)
    address, key = form.redirect_chain[-1][0], visitor.key
    typed = {"password1": "another-pass-phrase", "password2": "another-pass-phrase"}
    first, second = (visitor.post(address, typed, once=key) for _ in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)


def test_every_form_of_a_page_carries_the_pages_key(client: Client, books: Books) -> None:
    page = said(client.get(reverse("customers:detail", kwargs={"pk": books.customer.pk})))
    forms = page.count('<form method="post"')
    assert forms > 1
    assert len(re.findall(r'name="once" value="[^"]+"', page)) == forms


def test_what_is_left_out_is_an_address_of_the_site_and_says_why() -> None:
    for name, reason in settings.ONCE_LEFT_OUT.items():
        assert reverse(name)
        assert reason.endswith(".")
