"""Connect, keep connected, disconnect: one Company and one QuickBooks company.

Links and queued work survive everything here; only a person makes another connection.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

import qbo.environment
from qbo.client import Client
from qbo.environment import Environment
from qbo.errors import Disconnected, QuickBooksError
from qbo.limits import Pace, pace_of
from qbo.oauth import OAuth, Tokens
from qbo.sender import ThreadSender
from qbo.traffic import TokenSource
from service_genius.companies.models import Company
from service_genius.invoices.models import TaxRate

from .kinds.base import Facts
from .models import Connection
from .session import SystemClock, database_time
from .vault import UnreadableTokenError, seal, unseal

EXPIRES_SOON = timedelta(minutes=5)


class WrongCompanyError(Exception):
    """The user chose another QuickBooks company than the one the links belong to."""

    def __init__(self, *, bound_to: Connection, chosen: str) -> None:
        super().__init__(chosen)
        self.bound_to = bound_to
        self.chosen = chosen


class RealmTakenError(Exception):
    """This QuickBooks company is connected to another company of Service Genius."""


def environment() -> Environment:
    """The QuickBooks this installation talks to."""
    if settings.QBO_ENVIRONMENT == "emulator":
        return qbo.environment.emulator(settings.QBO_EMULATOR_URL)
    return qbo.environment.discover(settings.QBO_ENVIRONMENT)


def oauth() -> OAuth:
    return OAuth(
        environment=environment(),
        client_id=settings.QBO_CLIENT_ID,
        client_secret=settings.QBO_CLIENT_SECRET,
        redirect_uri=settings.QBO_REDIRECT_URI,
    )


def connect(*, company: Company, realm_id: str, code: str) -> Connection:
    """Exchange the code and store the connection; the first look is queued by the caller.

    Raises WrongCompanyError, RealmTakenError, and what `OAuth.exchange` and a read raise; then the
    access just given is given back.
    """
    others = Connection.objects.filter(environment=settings.QBO_ENVIRONMENT, realm_id=realm_id)
    if others.exclude(company=company).exists():
        # Before the exchange: a new grant may end the one that the other company works with.
        raise RealmTakenError(realm_id)
    tokens = oauth().exchange(code)
    bound = Connection.objects.filter(company=company).first()
    try:
        name = _checked_name(bound, realm_id, tokens)
    except (WrongCompanyError, QuickBooksError):
        with suppress(QuickBooksError):
            oauth().revoke(tokens.refresh_token)
        raise
    now = database_time()
    connection = bound or Connection(
        company=company,
        environment=settings.QBO_ENVIRONMENT,
        realm_id=realm_id,
        connected_at=now,
        start_date=now.astimezone(ZoneInfo(company.zone)).date(),
    )
    connection.realm_name = name
    connection.state, connection.state_reason = Connection.State.CONNECTED, ""
    _put(connection, tokens)
    connection.save()
    return connection


def _checked_name(bound: Connection | None, realm_id: str, tokens: Tokens) -> str:
    """The address that named the realm came through a browser; only its own tokens can read it."""
    name = name_of(realm_id, tokens.access_token)
    if bound is not None and bound.realm_id != realm_id:
        raise WrongCompanyError(bound_to=bound, chosen=name)
    return name


def disconnect(connection: Connection) -> None:
    """Give the tokens back and forget them; the links stay."""
    if connection.refresh_token:
        with suppress(QuickBooksError, UnreadableTokenError):  # they are forgotten here all the same
            oauth().revoke(unseal(connection.refresh_token))
    Connection.objects.filter(pk=connection.pk).update(
        state=Connection.State.DISCONNECTED, state_reason="", access_token="", refresh_token=""
    )


def lose(connection: Connection, reason: str) -> None:
    """QuickBooks no longer accepts us: a person has to connect again."""
    # One that somebody disconnected meanwhile is not lost.
    Connection.objects.filter(pk=connection.pk, state=Connection.State.CONNECTED).update(
        state=Connection.State.LOST, state_reason=reason
    )


def _put(connection: Connection, tokens: Tokens) -> None:
    now = database_time()
    connection.access_token = seal(tokens.access_token)
    connection.refresh_token = seal(tokens.refresh_token)
    connection.access_expires_at = now + timedelta(seconds=tokens.access_expires_in)
    connection.refresh_expires_at = now + timedelta(seconds=tokens.refresh_expires_in)
    if tokens.hard_expires_in is not None:
        connection.hard_expires_at = now + timedelta(seconds=tokens.hard_expires_in)


@dataclass(kw_only=True)
class StoredTokens:
    """The access token of a connection; a renewed one is stored before it is used."""

    connection_id: int

    def current(self) -> str:
        connection = Connection.objects.get(pk=self.connection_id)
        if not connection.access_token:
            raise Disconnected("This company is not connected to QuickBooks.")
        expires = connection.access_expires_at
        if expires is None or expires - database_time() < EXPIRES_SOON:
            return self._renew(connection)
        return _opened(connection.access_token)

    def renewed(self, stale: str) -> str:
        connection = Connection.objects.get(pk=self.connection_id)
        if connection.access_token and _opened(connection.access_token) != stale:
            return _opened(connection.access_token)
        return self._renew(connection)

    def _renew(self, connection: Connection) -> str:
        if not connection.refresh_token:
            raise Disconnected("This company is not connected to QuickBooks.")
        used = connection.refresh_token
        try:
            tokens = oauth().refresh(_opened(used))
        except Disconnected:
            # A lost race is no revocation: another process may have renewed meanwhile.
            stored = Connection.objects.get(pk=connection.pk)
            if stored.refresh_token in {"", used}:
                raise
            return _opened(stored.access_token)
        _put(connection, tokens)
        renewed = Connection.objects.filter(pk=connection.pk, refresh_token=used).update(
            access_token=connection.access_token,
            refresh_token=connection.refresh_token,
            access_expires_at=connection.access_expires_at,
            refresh_expires_at=connection.refresh_expires_at,
            hard_expires_at=connection.hard_expires_at,
        )
        return tokens.access_token if renewed else self.current()


@dataclass(frozen=True, kw_only=True)
class FreshToken:
    """The access token of a grant that is not stored yet."""

    token: str = field(repr=False)

    def current(self) -> str:
        return self.token

    def renewed(self, stale: str) -> str:  # noqa: ARG002 - the shape of a token source
        raise Disconnected("The access just given is not for this QuickBooks company.")


def _opened(sealed: str) -> str:
    """A stored token; one that no key opens any more is mended by connecting again."""
    try:
        return unseal(sealed)
    except UnreadableTokenError as error:
        raise Disconnected(str(error)) from error


def make_client(connection: Connection, *, pace: Pace | None = None) -> tuple[Client, ThreadSender]:
    """A client for this connection's realm, and its sender, which the caller closes."""
    return _client(connection.realm_id, StoredTokens(connection_id=connection.pk), pace)


def _client(realm_id: str, tokens: TokenSource, pace: Pace | None = None) -> tuple[Client, ThreadSender]:
    sender = ThreadSender()
    client = Client(
        environment=environment(),
        realm_id=realm_id,
        tokens=tokens,
        sender=sender,
        pace=pace or pace_of(realm_id),
        clock=SystemClock(),
    )
    return client, sender


def name_of(realm_id: str, access_token: str) -> str:
    """The name of the company this token is for; raises what a read raises if it is for another."""
    client, sender = _client(realm_id, FreshToken(token=access_token))
    try:
        return str(client.company_info().get("CompanyName", ""))
    finally:
        sender.close()


# --- What QuickBooks says of itself ---------------------------------------------------------------


LOOKED_UP = ("Account", "TaxCode", "TaxRate", "Term", "PaymentMethod")


def fact_statements() -> list[str]:
    """The queries whose answers `learn` takes, in its order."""
    return [
        "SELECT * FROM CompanyInfo",
        "SELECT * FROM Preferences",
        *(f"SELECT * FROM {entity} MAXRESULTS 1000" for entity in LOOKED_UP),  # noqa: S608 - our own names
    ]


def learn(connection: Connection, answers: list[list[dict[str, Any]]]) -> None:
    """Store what QuickBooks said of itself and fill in every choice not yet made."""
    info, preferences, accounts, codes, rates, terms, methods = answers
    connection.facts = {
        "company": _first(info),
        "preferences": _first(preferences),
        "accounts": [
            {
                "id": row["Id"],
                "name": row.get("FullyQualifiedName", row["Name"]),
                "type": row.get("AccountType"),
                "subtype": row.get("AccountSubType", ""),
            }
            for row in accounts
        ],
        "tax_codes": [
            {"id": row["Id"], "name": row["Name"], "percent": _percent(row, rates)}
            for row in codes
            if row["Id"] not in {"TAX", "NON"}
        ],
        "terms": [{"id": row["Id"], "name": row["Name"]} for row in terms],
        "payment_methods": [{"id": row["Id"], "name": row["Name"]} for row in methods],
    }
    connection.realm_name = str(_first(info).get("CompanyName", ""))
    _propose(connection)
    connection.save(update_fields=["facts", "realm_name", "income_account", "deposit_account", "tax_codes"])


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[0] if rows else {}


def _percent(code: Mapping[str, Any], rates: list[dict[str, Any]]) -> str:
    """The percentage a sales tax code comes to: the sum of its rates."""
    by_id = {rate["Id"]: rate for rate in rates}
    details = (code.get("SalesTaxRateList") or {}).get("TaxRateDetail") or []
    total = sum(
        (_number(by_id.get(str(detail["TaxRateRef"]["value"]), {}).get("RateValue")) for detail in details),
        start=_number(0),
    )
    return format(total.normalize(), "f")


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _propose(connection: Connection) -> None:
    """A working default for every choice; what the user chose stays."""
    accounts = connection.facts["accounts"]
    if not connection.income_account:
        income = [row for row in accounts if row["type"] == "Income"]
        services = [row for row in income if "service" in row["name"].casefold()]
        connection.income_account = (services or income or [{"id": ""}])[0]["id"]
    if not connection.deposit_account:
        undeposited = [row for row in accounts if row["subtype"] == "UndepositedFunds"]
        connection.deposit_account = (undeposited or [{"id": ""}])[0]["id"]
    chosen = dict(connection.tax_codes)
    for rate in TaxRate.objects.filter(company=connection.company, active=True):
        equal = [
            row["id"] for row in connection.facts["tax_codes"] if _number(row["percent"]) == rate.percent
        ]
        if str(rate.pk) not in chosen and len(equal) == 1:
            chosen[str(rate.pk)] = equal[0]
    connection.tax_codes = chosen


def facts_of(connection: Connection) -> Facts:
    """The facts and choices in the form the translations take."""
    stored = connection.facts or {}
    preferences = stored.get("preferences", {})
    tax = preferences.get("TaxPrefs", {})
    mode = "off"
    if tax.get("UsingSalesTax"):
        mode = "automated" if tax.get("PartnerTaxEnabled") else "manual"
    codes = {int(rate): code for rate, code in connection.tax_codes.items() if code}
    methods = stored.get("payment_methods", [])
    home = preferences.get("CurrencyPrefs", {}).get("HomeCurrency", {}).get("value")
    return Facts(
        income_account=connection.income_account,
        deposit_account=connection.deposit_account,
        home_currency=home or "USD",
        country=str(stored.get("company", {}).get("Country", "US")),
        sales_tax=mode,
        discounts=bool(preferences.get("SalesFormsPrefs", {}).get("AllowDiscount")),
        tax_code_of_rate=codes,
        rate_of_tax_code={code: rate for rate, code in codes.items()},
        rate_names=dict(TaxRate.objects.filter(company=connection.company_id).values_list("pk", "name")),
        payment_methods={row["name"].casefold(): row["id"] for row in methods},
        payment_method_names={row["id"]: row["name"] for row in methods},
    )
