"""Clients nobody here wrote, unmodified, pointed at the emulator by their own settings."""

import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks
from quickbooks.objects.base import PhoneNumber
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item

from tests.contract.books import Books
from tests.emulator import Emulator

BACK = "http://127.0.0.1:9/back"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture
def auth(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> AuthClient:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    discovery = f"{emulator.url}/.well-known/openid_sandbox_configuration/"
    return AuthClient("their-client", "their-secret", BACK, environment=discovery)


def _person_consents(url: str, realm: str) -> dict[str, str]:
    """What a browser does after the last page's Connect."""
    asked = parse_qs(urlsplit(url).query)
    form = {name: values[0] for name, values in asked.items()} | {"step": "connect", "realm": realm}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    with pytest.raises(urllib.error.HTTPError) as answer:
        opener.open(urllib.request.Request(url.partition("?")[0], data=urlencode(form).encode()))
    with answer.value as error:
        sent_back = parse_qs(urlsplit(error.headers["Location"]).query)
    return {name: values[0] for name, values in sent_back.items()}


def _client(auth: AuthClient, emulator: Emulator, realm: str) -> QuickBooks:
    url = auth.get_authorization_url([Scopes.ACCOUNTING])
    sent_back = _person_consents(url, realm)
    assert sent_back["state"] == auth.state_token
    auth.get_bearer_token(sent_back["code"], realm_id=sent_back["realmId"])
    client = QuickBooks(auth_client=auth, refresh_token=auth.refresh_token, company_id=realm, minorversion=75)
    client.api_url_v3 = f"{emulator.url}/v3"
    return client


def test_intuits_own_oauth_client_connects_refreshes_and_disconnects(auth: AuthClient, books: Books) -> None:
    sent_back = _person_consents(auth.get_authorization_url([Scopes.ACCOUNTING]), books.realm)
    auth.get_bearer_token(sent_back["code"], realm_id=sent_back["realmId"])
    books.token = auth.access_token
    assert books.call("GET", "preferences")[0] == 200
    auth.refresh()
    books.token = auth.access_token
    assert books.call("GET", "preferences")[0] == 200
    assert auth.revoke(token=auth.refresh_token) is True
    assert books.call("GET", "preferences")[0] == 401


def test_intuits_own_oauth_client_accepts_the_id_token(auth: AuthClient, books: Books) -> None:
    # It compares the token's times with the machine's clock, which other tests have left behind.
    books.emulator.control("POST", "clock", {"now": datetime.now(UTC).isoformat()})
    scopes = [Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL]
    sent_back = _person_consents(auth.get_authorization_url(scopes), books.realm)
    auth.get_bearer_token(sent_back["code"], realm_id=sent_back["realmId"])
    assert auth.id_token  # it keeps only one whose signature, issuer and audience it has checked
    auth.user_info_url = f"{books.emulator.url}/v1/openid_connect/userinfo"
    assert auth.get_user_info().json() == {
        "sub": "emulated-user-1",
        "email": "owner@example.com",
        "emailVerified": True,
    }


def test_python_quickbooks_keeps_a_customer_and_an_invoice(
    auth: AuthClient, emulator: Emulator, books: Books
) -> None:
    client = _client(auth, emulator, books.realm)

    customer = Customer()
    customer.DisplayName = "O'Hara & Daughters"
    customer.PrimaryPhone = PhoneNumber()
    customer.PrimaryPhone.FreeFormNumber = "(555) 201-0199"
    customer.save(qb=client)
    assert Customer.get(int(customer.Id), qb=client).DisplayName == "O'Hara & Daughters"
    customer.Notes = "Edited"
    customer.save(qb=client)
    found = Customer.filter(DisplayName="O'Hara & Daughters", qb=client)
    assert [(one.Notes, one.SyncToken) for one in found] == [("Edited", "1")]

    line = SalesItemLine()
    line.Amount = 100
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.get(1, qb=client).to_ref()
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    invoice.DocNumber = "PQ-1"
    invoice.Line.append(line)
    invoice.save(qb=client)
    read = Invoice.get(int(invoice.Id), qb=client)
    assert (float(read.TotalAmt), read.DocNumber) == (100.0, "PQ-1")
    read.PrivateNote = "Edited"
    read.save(qb=client)
    (queried,) = Invoice.query("select * from Invoice where DocNumber = 'PQ-1'", qb=client)
    assert (queried.PrivateNote, queried.SyncToken) == ("Edited", "1")
    assert float(queried.Balance) == 100.0
