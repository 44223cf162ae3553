"""Connect, keep connected, disconnect: one Company and one QuickBooks company.

Links and queued work survive everything here; only a person makes another connection.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from qbo.client import Client
from qbo.errors import Disconnected, QuickBooksError
from qbo.limits import Pace, pace_of
from qbo.oauth import Tokens
from qbo.sender import ThreadSender
from qbo.traffic import TokenSource
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.models import Connection
from quickbooks_sync.models.tax_states import AutomatedTax
from service_genius.companies.models import Company
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate

from . import tokens as access
from .session import SystemClock, database_time
from .tokens import FreshToken, StoredTokens, opened, sealed

log = logging.getLogger(__name__)

#: A refresh token dies 100 days after its last use; one that nobody used for half of that is used.
DORMANT = timedelta(days=50)
DORMANT_MAX = 100


class WrongCompanyError(Exception):
    """The user chose another QuickBooks company than the one the links belong to."""

    def __init__(self, *, bound_to: Connection, chosen: str) -> None:
        super().__init__(chosen)
        self.bound_to = bound_to
        self.chosen = chosen


class RealmTakenError(Exception):
    """This QuickBooks company is connected to another company of Service Genius."""


def connect(*, company: Company, realm_id: str, code: str) -> Connection:
    """Exchange the code and store the connection; the first look is queued by the caller.

    Raises WrongCompanyError, RealmTakenError, and what `OAuth.exchange` and a read raise; then the
    access just given is given back.
    """
    others = Connection.objects.filter(environment=settings.QBO_ENVIRONMENT, realm_id=realm_id)
    if others.exclude(company=company).exists():
        # Before the exchange: a new grant may end the one that the other company works with.
        raise RealmTakenError(realm_id)
    tokens = access.oauth().exchange(code)
    bound = Connection.objects.filter(company=company).first()
    try:
        name = _checked_name(bound, realm_id, tokens)
    except (WrongCompanyError, QuickBooksError):
        with suppress(QuickBooksError):
            access.oauth().revoke(tokens.refresh_token)
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
    connection.authorized_at = now
    for column, value in sealed(tokens, now).items():
        setattr(connection, column, value)
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
        with suppress(QuickBooksError):  # they are forgotten here all the same
            access.oauth().revoke(opened(connection.refresh_token))
    Connection.objects.filter(pk=connection.pk).update(
        state=Connection.State.DISCONNECTED, state_reason="", access_token="", refresh_token=""
    )


def lose(connection: Connection, reason: str) -> None:
    """QuickBooks no longer accepts us: a person has to connect again."""
    # One that somebody disconnected meanwhile is not lost.
    Connection.objects.filter(pk=connection.pk, state=Connection.State.CONNECTED).update(
        state=Connection.State.LOST, state_reason=reason
    )


def keep_alive() -> None:
    """Renew the tokens of connections that nobody has synced for weeks, before Intuit lets them die."""
    soon = database_time() + DORMANT
    dying = Connection.objects.filter(state=Connection.State.CONNECTED, refresh_expires_at__lt=soon)
    for connection in dying.order_by("refresh_expires_at")[:DORMANT_MAX]:
        try:
            StoredTokens(connection_id=connection.pk).renewed(opened(connection.access_token))
        except Disconnected as error:
            lose(connection, str(error))
        except QuickBooksError as error:
            log.warning("connection %s: its tokens could not be renewed: %s", connection.pk, error)


def make_client(connection: Connection, *, pace: Pace | None = None) -> tuple[Client, ThreadSender]:
    """A client for this connection's realm, and its sender, which the caller closes."""
    return _client(connection.realm_id, StoredTokens(connection_id=connection.pk), pace)


def _client(realm_id: str, tokens: TokenSource, pace: Pace | None = None) -> tuple[Client, ThreadSender]:
    sender = ThreadSender()
    client = Client(
        environment=access.environment(),
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
#: A code charges its rates, whether or not they can be chosen any more.
EVEN_INACTIVE = {"TaxRate": " WHERE Active IN (true, false)"}


def fact_statements() -> list[str]:
    """The queries whose answers `learn` takes, in its order."""
    return [
        "SELECT * FROM CompanyInfo",
        "SELECT * FROM Preferences",
        *(
            f"SELECT * FROM {entity}{EVEN_INACTIVE.get(entity, '')} MAXRESULTS 1000"  # noqa: S608 - our own names
            for entity in LOOKED_UP
        ),
    ]


#: Choices that have a default, proposed from what QuickBooks has.
CHOICES = ("income_account", "deposit_account", "tax_codes")


def learn(connection: Connection, answers: list[list[dict[str, Any]]]) -> None:
    """Store what QuickBooks said of itself, and fill in every choice not yet made; inside a transaction."""
    info, preferences, accounts, codes, rates, terms, methods = answers
    known = connection.facts.get("payment_methods")
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
            {"id": row["Id"], "name": row["Name"], **_made_of(row, rates)}
            for row in codes
            if row["Id"] not in {"TAX", "NON"}
        ],
        "terms": [{"id": row["Id"], "name": row["Name"]} for row in terms],
        "payment_methods": [{"id": row["Id"], "name": row["Name"]} for row in methods],
    }
    connection.realm_name = str(_first(info).get("CompanyName", ""))
    _propose(connection)
    if connection.facts["payment_methods"] != known:  # what stays here for want of one may go
        connection.links.filter(kind="payment", kept__isnull=False).update(open=True)
    connection.save(update_fields=["facts", "realm_name", *CHOICES])
    follow_rates(connection)


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return rows[0] if rows else {}


def _made_of(code: Mapping[str, Any], rates: list[dict[str, Any]]) -> dict[str, Any]:
    """The rates of a sales tax code, and what they come to; one without any charges nothing."""
    by_id = {rate["Id"]: rate for rate in rates}
    details = (code.get("SalesTaxRateList") or {}).get("TaxRateDetail") or []
    found = [by_id.get(str(detail["TaxRateRef"]["value"]), {}) for detail in details] or [{}]
    parts = [
        {"name": rate.get("Name", code["Name"]), "percent": _plain(_number(rate.get("RateValue")))}
        for rate in found
    ]
    return {"percent": _plain(sum(_number(part["percent"]) for part in parts)), "rates": parts}


def _plain(number: Decimal | int) -> str:
    return format(Decimal(number).normalize(), "f")


def follow_rates(connection: Connection) -> None:
    """Each rate here is made of what the tax code chosen for it is made of in QuickBooks."""
    codes = {code["id"]: code for code in connection.facts.get("tax_codes", [])}
    parts: dict[int, list[dict[str, str]]] = {}
    for rate in TaxRate.objects.filter(company=connection.company_id).values_list("pk", flat=True):
        code = codes.get(connection.tax_codes.get(str(rate), ""))
        if code is None:
            parts[rate] = []
        elif "rates" in code:
            parts[rate] = code["rates"]
    tax_rates.set_parts(company=connection.company, parts=parts)


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _propose(connection: Connection) -> None:
    """A working default for every choice; what the user chose stays, also what was chosen a moment ago."""
    latest = Connection.objects.select_for_update().get(pk=connection.pk)
    for choice in CHOICES:
        setattr(connection, choice, getattr(latest, choice))
    accounts = connection.facts["accounts"]
    if not connection.income_account:
        income = [row for row in accounts if row["type"] == "Income"]
        connection.income_account = min(income, key=_for_services, default={"id": ""})["id"]
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


#: The choices that are an account there.
ACCOUNTS = ("income_account", "deposit_account")


def in_use(connection: Connection) -> dict[str, str]:
    """The accounts chosen, each empty that was deactivated or deleted there, as far as is known."""
    listed = {row["id"] for row in connection.facts.get("accounts", ())}
    chosen = {choice: getattr(connection, choice) for choice in ACCOUNTS}
    known = "accounts" in connection.facts
    return {choice: account if account in listed or not known else "" for choice, account in chosen.items()}


def gone(connection: Connection) -> list[str]:
    """The choices that name what is no longer in use there; `tax_` and the id of a rate: its tax code."""
    accounts = [
        choice for choice, account in in_use(connection).items() if getattr(connection, choice) != account
    ]
    listed = {code["id"] for code in connection.facts.get("tax_codes", ())}
    rates = [rate for rate, code in connection.tax_codes.items() if code and code not in listed]
    return [*accounts, *(f"tax_{rate}" for rate in rates if "tax_codes" in connection.facts)]


def income_account_name(connection: Connection) -> str:
    """The name of the account that new work codes are booked to; empty if there is none."""
    accounts = (connection.facts or {}).get("accounts", [])
    return next((row["name"] for row in accounts if row["id"] == connection.income_account), "")


def _for_services(account: Mapping[str, str]) -> tuple[bool, ...]:
    """How well an income account suits the sale of services; the least is the best, of equals the first.

    `Services` is the one of every new company of QuickBooks; one of that sort comes next, then one whose name
    says so. Discounts given are no sales.
    """
    name = account["name"].casefold()
    return (
        account["subtype"] == "DiscountsRefundsGiven",
        name != "services",
        account["subtype"] != "ServiceFeeIncome" or "service" not in name,
        "service" not in name,
        account["subtype"] != "ServiceFeeIncome",
        ":" in name,
    )


def facts_of(connection: Connection) -> Facts:
    """The facts and choices in the form the translations take."""
    stored = connection.facts or {}
    preferences = stored.get("preferences", {})
    tax = preferences.get("TaxPrefs", {})
    mode = "off"
    if tax.get("UsingSalesTax"):
        mode = "automated" if tax.get("PartnerTaxEnabled") else "manual"
    codes = {int(rate): code for rate, code in connection.tax_codes.items() if code}
    made_of = {code["id"]: code.get("rates") for code in stored.get("tax_codes", [])}
    methods = stored.get("payment_methods", [])
    home = preferences.get("CurrencyPrefs", {}).get("HomeCurrency", {}).get("value")
    accounts = in_use(connection)
    return Facts(
        income_account=accounts["income_account"],
        deposit_account=accounts["deposit_account"],
        deposit_gone=bool(connection.deposit_account) and not accounts["deposit_account"],
        home_currency=home or "USD",
        country=str(stored.get("company", {}).get("Country", "US")),
        sales_tax=mode,
        discounts=bool(preferences.get("SalesFormsPrefs", {}).get("AllowDiscount")),
        estimates=preferences.get("SalesFormsPrefs", {}).get("AllowEstimates") is not False,
        applies_credit=bool(preferences.get("SalesFormsPrefs", {}).get("AutoApplyCredit")),
        online_payment=bool(preferences.get("SalesFormsPrefs", {}).get("ETransactionPaymentEnabled")),
        pay_link=connection.pay_link == Connection.PayLink.YES,
        closed_until=str(preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate") or ""),
        # One that is no longer there cannot be sent.
        tax_code_of_rate={rate: code for rate, code in codes.items() if code in made_of or not stored},
        percents_of_rate={
            rate: tuple(_number(part["percent"]) for part in parts)
            for rate, code in codes.items()
            if (parts := made_of.get(code))
        },
        percents_of_tax_code={
            code: tuple(_number(part["percent"]) for part in parts)
            for code, parts in made_of.items()
            if parts
        },
        their_tax=mode == "automated" and connection.automated_tax == AutomatedTax.THEIRS,
        # Two rates may share a code: the first one stands for it, also when another is added.
        rate_of_tax_code={codes[rate]: rate for rate in sorted(codes, reverse=True)},
        rate_names=dict(TaxRate.objects.filter(company=connection.company_id).values_list("pk", "name")),
        payment_methods={row["name"].casefold(): row["id"] for row in methods},
        payment_method_names={row["id"]: row["name"] for row in methods},
    )
