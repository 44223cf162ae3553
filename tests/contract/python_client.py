"""python-quickbooks, unmodified, pointed at a company; and short ways to what its tests need first."""

from typing import Any

import pytest
from quickbooks import QuickBooks
from quickbooks.objects.account import Account
from quickbooks.objects.base import LinkedTxn
from quickbooks.objects.customer import Customer
from quickbooks.objects.deposit import Deposit, DepositLine, DepositLineDetail
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.item import Item
from quickbooks.objects.journalentry import JournalEntry, JournalEntryLine, JournalEntryLineDetail

from tests.contract.books import Books


class Auth:
    """What the client asks of its sign-in library; the sign-in itself is tested elsewhere."""

    client_id = ""
    client_secret = ""
    environment = ""
    refresh_token = "AB11"

    def __init__(self, access_token: str) -> None:
        self.access_token = access_token

    def refresh(self, refresh_token: str | None = None) -> None: ...


@pytest.fixture
def client(books: Books, monkeypatch: pytest.MonkeyPatch) -> QuickBooks:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    auth = Auth(books.token)
    made = QuickBooks(auth_client=auth, refresh_token="AB11", company_id=books.realm, minorversion=75)
    made.api_url_v3 = f"{books.emulator.url}/v3"
    made.sandbox_api_url_v3 = made.api_url_v3
    return made


def having(thing: Any, **members: Any) -> Any:
    for name, value in members.items():
        setattr(thing, name, value)
    return thing


def account(client: QuickBooks, key: int) -> Any:
    return Account.get(key, qb=client).to_ref()


def buyer(client: QuickBooks) -> Any:
    found = Customer.filter(DisplayName="Buyer", qb=client)
    return found[0] if found else having(Customer(), DisplayName="Buyer").save(qb=client)


def form(blank: Any, client: QuickBooks, **members: Any) -> Any:
    line = having(SalesItemLine(), Amount=100, SalesItemLineDetail=SalesItemLineDetail())
    line.SalesItemLineDetail.ItemRef = Item.get(1, qb=client).to_ref()
    return having(blank, CustomerRef=buyer(client).to_ref(), Line=[line], **members)


def deposit(client: QuickBooks) -> Any:
    detail = having(DepositLineDetail(), AccountRef=account(client, 1))
    return banked(client, having(DepositLine(), Amount=12, DepositLineDetail=detail))


def banked(client: QuickBooks, line: Any) -> Any:
    return having(Deposit(), DepositToAccountRef=account(client, 35), Line=[line])


def journal_entry(client: QuickBooks) -> Any:
    sides = (("Debit", 35), ("Credit", 1))
    details = [
        having(JournalEntryLineDetail(), PostingType=side, AccountRef=account(client, key))
        for side, key in sides
    ]
    lines = [having(JournalEntryLine(), Amount=12, JournalEntryLineDetail=detail) for detail in details]
    return having(JournalEntry(), TxnDate="2026-02-03", Line=lines)


def link(thing: Any, kind: str) -> Any:
    return having(LinkedTxn(), TxnId=thing.Id, TxnType=kind, TxnLineId=0)


def other(cls: Any, _client: QuickBooks) -> Any:
    """Return something of which the emulator knows the general rules only."""
    return having(cls(), TxnDate="2026-02-03")
