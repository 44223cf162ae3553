"""A backup is restored: what the sync remembers is put back, and everything else goes on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from quickbooks_sync.models import SyncRun
from quickbooks_sync.runs import queue
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.world import World

DAY = date(2026, 3, 2)
RESTORED = "restored"


def invoice(world: World, number: str, buyer: str = "") -> Any:
    """`buyer`: their name, if there are several."""
    customer = customers.Customer.objects.get(company=world.company, display_name__contains=buyer)
    code = work_codes.WorkCode.objects.get(company=world.company, name="Service Call")
    line = {"work_code": code.pk, "quantity": Decimal(1), "unit_price": Decimal(100), "taxable": False}
    values = {"number": number, "customer": customer.pk, "date": DAY, "due_date": DAY, "lines": [line]}
    return invoices.create(company=world.company, values=values)


def payment(world: World, amount: str) -> Any:
    customer = customers.Customer.objects.get(company=world.company)
    values = {"customer": customer.pk, "date": DAY, "amount": Decimal(amount), "allocations": []}
    return payments.create(company=world.company, values=values)


def forget(world: World, what: Callable[[], Any]) -> None:
    """The sync's part of the database is put back to what it was before this."""
    kept = rows_of_the_sync()
    what()
    put_back(world, kept)


def rows_of_the_sync() -> list[tuple[Any, list[dict[str, Any]]]]:
    tables = list(apps.get_app_config("quickbooks_sync").get_models())
    return [(table, list(table.objects.values())) for table in tables]


def put_back(world: World, kept: list[tuple[Any, list[dict[str, Any]]]]) -> None:
    with transaction.atomic(), connection.constraint_checks_disabled():
        for table, _ in reversed(kept):
            table.objects.all()._raw_delete(table.objects.db)
        for table, rows in kept:
            table.objects.bulk_create(table(**row) for row in rows)
    world.connection.refresh_from_db()


def answered(world: World) -> SyncRun:
    """Sync asks whether this copy is the one that counts; a person says so."""
    asked = world.sync()
    assert asked.state == SyncRun.State.ASKING
    assert asked.question is not None
    assert asked.question["guard"] == RESTORED
    assert queue.answer(asked, go_on=True)
    return world.work(asked)
