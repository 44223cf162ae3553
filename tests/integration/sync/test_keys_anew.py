"""A database of before: the keys of names in it are reckoned anew, in portions."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

import quickbooks_sync.migrations
from quickbooks_sync.models import Link, Remote
from service_genius.customers import operations as customers
from service_genius.work_codes import operations as work_codes
from tests.world import World

(NAME,) = [path.stem for path in Path(quickbooks_sync.migrations.__path__[0]).glob("*_keys.py")]
migration = import_module(f"quickbooks_sync.migrations.{NAME}")

Keys = set[tuple[str, str]]


def keys() -> tuple[Keys, Keys]:
    return (
        set(Link.objects.values_list("kind", "match_key")),
        set(Remote.objects.values_list("name", "match_key")),
    )


def test_every_key_becomes_what_a_run_would_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = customers.create(company=world.company, values={"display_name": "Larkspur & Co"})
    customers.create(company=world.company, values={"display_name": "Unit 1-2", "parent": parent.pk})
    work_codes.create(company=world.company, values={"name": "Labor 1/2 hr", "code": "L-1/2"})
    world.post("vendor", {"DisplayName": "Northside"})
    gone = world.post("customer", {"DisplayName": "Moved - Away"})
    world.post(
        "customer", {"Id": gone["Id"], "SyncToken": gone["SyncToken"], "sparse": True, "Active": False}
    )
    world.full()
    written = keys()
    lists = ["Customer", "Item"]
    Link.objects.update(match_key="old")
    Remote.objects.filter(entity__in=lists).update(match_key="old")
    tokens = set(Remote.objects.values_list("entity", "remote_id", "token"))

    monkeypatch.setattr(migration, "ROWS", 2)
    migration.reckon(apps, None)

    whole = Link.objects.filter(local_id__isnull=False)
    assert not whole.filter(match_key="old").exists()
    assert keys()[1] == written[1]
    # One that was taken from there a moment ago gets its keys with the next look.
    assert {row for row in written[0] if row[1]} <= keys()[0]
    assert set(Remote.objects.values_list("entity", "remote_id", "token")) == tokens


def test_a_pair_is_decided_by_names_whatever_the_keys_say(world: World) -> None:
    """Keys of before take 1/2 for 12; nothing is paired by that."""
    work_codes.create(company=world.company, values={"name": "Labor 1/2 hr"})
    account = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    item = {"Name": "Labor 12 hr", "Type": "Service", "IncomeAccountRef": {"value": account}}
    world.post("item", item)
    world.run("look")
    for model in (Link, Remote):
        model.objects.update(match_key="labor12hr")

    world.full()

    assert {"Labor 1/2 hr", "Labor 12 hr"} <= set(world.names_there("Item"))
    assert world.issues() == {}
