"""Questions whether two are the same, and their page, for the tests of them."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.urls import reverse

from quickbooks_sync.memory.directory import pack
from quickbooks_sync.models import Connection, Issue, Link, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.pressing import Client

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
PAGE = reverse("quickbooks:likely")


def remote(connection: Connection, name: str, **values: Any) -> Remote:
    """A customer of QuickBooks that has nobody here."""
    payload = {"DisplayName": name, "Active": True, **values}
    number = str(Remote.objects.count() + 1)
    made = Remote.objects.create(
        connection=connection,
        entity="Customer",
        remote_id=number,
        name=name,
        folded_name=name.casefold(),
        packed=pack({"Id": number, "SyncToken": "0", **payload}),
    )
    Link.objects.create(connection=connection, kind="customer", remote=made)
    return made


def asked(connection: Connection, name: str, *of: Remote, likeness: float = 5.0, **values: Any) -> Issue:
    """A question about a customer here."""
    row = customers.create(company=connection.company, values={"display_name": name, **values})
    link = Link.objects.create(connection=connection, kind="customer", local_id=row.pk)
    candidates = [
        {
            "remote_id": each.remote_id,
            "name": each.name,
            "email": "",
            "phone": "",
            "active": True,
            "told": "same phone",
        }
        for each in of
    ]
    return Issue.objects.create(
        connection=connection,
        link=link,
        reason=Reason.LIKELY_PAIR,
        details={"candidates": candidates},
        label=name,
        likeness=likeness,
        raised_at=NOW,
    )


def shown(browser: Client, address: str = "") -> str:
    answer = browser.get(f"{PAGE}{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def order(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'id="question-(\d+)" tabindex', page)]


def press(browser: Client, issue: Issue, what: str, value: str = "", **more: Any) -> Any:
    address = reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": what})
    return browser.post(address, {"value": value, "back": f"{PAGE}#question-7"}, **more)


def lines(page: str) -> list[str]:
    """The addresses of the lines below the questions of a page, in order."""
    return re.findall(r'<p class="line"><a href="([^"]+)"', page)


def accepting(browser: Client, address: str) -> tuple[str, dict[str, str]]:
    """The page that asks first, and what its form sends."""
    page = unescape(browser.get(address).content.decode())
    form = re.search(
        rf'<form method="post" action="{reverse("quickbooks:accept")}">(.+?)</form>', page, re.DOTALL
    )
    fields = re.findall(r'type="hidden" name="(line|kind|seen)" value="([^"]*)"', form[1]) if form else []
    return page, dict(fields)


def accept(browser: Client, fields: dict[str, str]) -> str:
    return unescape(browser.post(reverse("quickbooks:accept"), fields, follow=True).content.decode())


def linked(connection: Connection) -> dict[str, str]:
    """Who is linked with whom, by their names."""
    names = dict(Customer.objects.values_list("pk", "display_name"))
    rows = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    return {names.get(pk, ""): name for pk, name in rows.values_list("local_id", "remote__name")}
