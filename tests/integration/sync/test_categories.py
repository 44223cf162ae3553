"""One name of a work code in two categories: both sides may have it, and what is said of it is so."""

from decimal import Decimal
from typing import Any

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.pages.issues import issue_sentence
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World


def category(world: World, name: str) -> dict[str, Any]:
    return world.post("item", {"Name": name, "Type": "Category"})


def item(world: World, name: str, below: dict[str, Any]) -> dict[str, Any]:
    account = next(row for row in world.there("Account") if row["AccountType"] == "Income")
    place = {"SubItem": True, "ParentRef": {"value": below["Id"]}}
    sold = {"Type": "Service", "IncomeAccountRef": {"value": account["Id"]}}
    return world.post("item", {"Name": name, **place, **sold})


def test_one_name_in_two_categories_there_is_taken_twice(world: World) -> None:
    for name in ("Heat", "Air"):
        item(world, "Filter", below=category(world, name))

    assert world.full().state == "done"

    assert world.issues() == {}
    taken = {row.category for row in WorkCode.objects.filter(name="Filter")}
    assert taken == {"Heat", "Air"}
    assert world.sync().counts.get("work_code.there.created", 0) == 0


def test_one_name_in_two_categories_here_is_told_for_what_keeps_it_back(world: World) -> None:
    for name in ("Heat", "Air"):
        values = {"name": "Filter", "category": name, "price": Decimal(5)}
        work_codes.create(company=world.company, values=values)

    assert world.full().state == "done"

    issue = Issue.objects.get(connection=world.connection)
    assert issue.reason == "name_taken"
    assert "work codes go there without their categories, where each name can stand once" in issue_sentence(
        issue
    )
    assert Link.objects.filter(kind="work_code", local_id__isnull=False, remote__name="Filter").count() == 1
