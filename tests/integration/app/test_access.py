"""Who may see what. Driven by the addresses themselves, so that no new page can be forgotten."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from quickbooks_sync.kinds import KINDS
from service_genius.companies.models import Company, User
from service_genius.shared.tenancy import owner_view
from service_genius.ui.errors import permission_denied
from tests.pressing import Client
from tests.records_here import some

from .conftest import Books, browser_of

APPS = {"ui", "companies", *(kind.pages for kind in KINDS)}
OPEN_TO_ALL = {"companies:demo_login"}  # for people who are not logged in yet


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, namespace: str = ""
) -> Iterator[tuple[str, bool]]:
    """Every named address of the application, and whether it is one record's."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if not namespace and pattern.namespace not in APPS:
                continue
            yield from addresses(pattern.url_patterns, f"{namespace}{pattern.namespace}:")
        else:
            yield f"{namespace}{pattern.name}", "pk" in pattern.pattern.converters


OF_RECORDS = [name for name, of_record in addresses() if of_record]
OF_COMPANY = [name for name, of_record in addresses() if not of_record and name not in OPEN_TO_ALL]


def record_address(name: str, books: Books) -> str:
    kind = name.rpartition(":")[0]
    if kind == "companies:tax_rates":
        return reverse(name, kwargs={"pk": books.tax_rate.pk})
    (of_kind,) = [each for each in KINDS if each.pages == kind]
    return reverse(name, kwargs={"pk": some(of_kind, books.customer.company).pk})


def test_the_addresses_are_found():
    assert {"customers:edit", "companies:tax_rates:set_active"} <= set(OF_RECORDS)
    assert {"customers:list", "companies:settings", "ui:home"} <= set(OF_COMPANY)


@pytest.mark.parametrize("name", OF_RECORDS)
def test_another_company_gets_404_for_every_record(name: str, books: Books, charlie: User):
    browser = browser_of(charlie)
    address = record_address(name, books)
    books.customer.company.refresh_from_db()
    before = books.customer.company.revision
    posted = browser.post(address, {"display_name": "Mine", "name": "Mine"})
    # A page is only looked at, a button only pressed (405); whatever it takes is answered with 404.
    assert {browser.get(address).status_code, posted.status_code} in ({404}, {404, 405})
    after = books.customer.company
    after.refresh_from_db()
    assert after.revision == before


@pytest.mark.parametrize("name", OF_COMPANY)
def test_another_company_sees_nothing_of_it_on_any_page(name: str, books: Books, charlie: User):
    browser = browser_of(charlie)
    address = reverse(name)
    of_alice = {"customer": books.customer.pk, "invoice": books.invoice.pk}
    for query in ({}, {"customer": of_alice["customer"]}, of_alice, {"q": "Amelia", "x": "Amelia"}):
        response = browser.get(address, query)
        assert response.status_code in {200, 302, 404, 405}
        text = response.content.decode().replace("Amelia”", "")  # what was sought is repeated
        assert "Hartwell" not in text
        assert "Tune-up" not in text
        assert "California" not in text


def test_another_company_cannot_name_our_records_in_its_own(books: Books, charlie: User):
    browser = browser_of(charlie)
    response = browser.post(
        reverse("payments:draft"),
        {"customer": "Amelia Hartwell", "amount": "10", "payment": books.payment.pk, "propose": "1"},
    )
    assert "1001" not in response.content.decode()


@pytest.mark.parametrize("name", OF_COMPANY + OF_RECORDS)
def test_nobody_sees_a_page_without_logging_in(name: str, books: Books):
    address = record_address(name, books) if name in OF_RECORDS else reverse(name)
    for response in (Client().get(address), Client().post(address)):
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response.headers["Location"].startswith(reverse("account_login"))


def test_a_part_of_a_page_sends_the_whole_page_to_log_in():
    response = Client().post(reverse("invoices:draft"), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("account_login")


@pytest.mark.parametrize("name", OF_COMPANY + OF_RECORDS)
def test_the_office_can_open_every_page(name: str, books: Books, bob: User):
    address = record_address(name, books) if name in OF_RECORDS else reverse(name)
    assert browser_of(bob).get(address).status_code in {200, 302, 405}


def test_a_user_who_has_left_is_logged_out(client: Client, alice: User):
    alice.is_active = False
    alice.save()
    assert client.get(reverse("customers:list")).status_code == 302


def test_an_owners_page_is_refused_to_the_office(alice: User, bob: User, company: Company):
    @owner_view
    def page(request: object, *, company: Company) -> HttpResponse:
        return HttpResponse(company.name)

    request = RequestFactory().get("/")
    request.user = alice
    assert page(request).content == b"Alice's Air"
    request.user = bob
    with pytest.raises(PermissionDenied):
        page(request)


def test_the_refusal_says_who_can_do_it(bob: User):
    request = RequestFactory().get("/")
    request.user = bob
    response = permission_denied(request, PermissionDenied("Only an owner of the company can do this."))
    assert "Only an owner of the company can do this." in response.content.decode()


def test_there_is_no_sign_up():
    assert "Somebody has to let you in" in Client().get("/account/signup/").content.decode()
