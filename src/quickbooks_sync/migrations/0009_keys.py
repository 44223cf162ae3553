"""Reckon the keys of names anew: they keep what tells two names apart.

All of it in the transaction of the migration, so no run ever sees keys of both sorts, and in portions, so that
100,000 rows need no more memory than a thousand. Keys only find; whether two are paired is decided by their names.
"""

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import migrations

from qbo.payload import loads
from quickbooks_sync.memory import directory
from quickbooks_sync.planner.keys import stored_key

ROWS = 1000
LISTS = {"customer": ("customers", "Customer"), "work_code": ("work_codes", "WorkCode")}


def reckon(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - the shape of every migration
    remotes = apps.get_model("quickbooks_sync", "Remote").objects.filter(entity__in=["Customer", "Item"])
    _in_portions(remotes.filter(deleted=False).exclude(packed=b""), _keys_there)
    links = apps.get_model("quickbooks_sync", "Link").objects.filter(local_id__isnull=False)
    for kind, (app, model) in LISTS.items():
        records = apps.get_model(app, model).objects
        _in_portions(links.filter(kind=kind), partial(_keys_here, records))


def _in_portions(rows: Any, keys_of: Callable[[list[Any]], Iterator[tuple[Any, str]]]) -> None:
    last = 0
    while portion := list(rows.filter(pk__gt=last).order_by("pk")[:ROWS]):
        for row, key in keys_of(portion):
            row.match_key = key
        rows.model.objects.bulk_create(
            portion, update_conflicts=True, unique_fields=["id"], update_fields=["match_key"]
        )
        last = portion[-1].pk


def _keys_there(remotes: list[Any]) -> Iterator[tuple[Any, str]]:
    for remote in remotes:
        yield remote, directory.key(loads(zlib.decompress(bytes(remote.packed))))


def _keys_here(records: Any, links: list[Any]) -> Iterator[tuple[Any, str]]:
    known = records.in_bulk([link.local_id for link in links])
    for link in links:
        record = known.get(link.local_id)
        if record is not None:
            name = record.display_name if link.kind == "customer" else record.name
            yield link, stored_key(name.strip())


class Migration(migrations.Migration):
    dependencies = [
        ("quickbooks_sync", "0008_queue"),
        ("customers", "__first__"),
        ("work_codes", "__first__"),
    ]

    operations = [migrations.RunPython(reckon, migrations.RunPython.noop)]
