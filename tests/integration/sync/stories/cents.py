"""Whether invoices and payments that are settled are equal on both sides, to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from quickbooks_sync.models import Link
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from tests.world import World

CENT = Decimal("0.01")
#: What a person has agreed may differ.
AGREED = {"accepted_totals", "on_account"}


def cents_off(world: World) -> list[str]:
    """Each amount that is settled and differs, in words."""
    links = Link.objects.filter(kind__in=("invoice", "payment"), state=Link.State.ACTIVE, open=False)
    dump = world.emulator.dump(world.realm)
    rows = {(name, row["Id"]): row for name in ("Invoice", "Payment") for row in dump.get(name, ())}
    found = []
    for link in links.filter(remote__deleted=False, local_id__isnull=False).select_related("remote"):
        if link.remote is None or link.left_there or AGREED & link.answers.keys():
            continue
        amounts = _of_invoice if link.kind == "invoice" else _of_payment
        row = rows[link.remote.entity, link.remote.remote_id]
        found += [
            f"{what} of {link.kind} {link.local_id}: {here} here, {there} there"
            for what, here, there in amounts(link.local_id or 0, row)
            if here.quantize(CENT) != there.quantize(CENT)
        ]
    return found


def _of_invoice(pk: int, row: dict[str, Any]) -> Iterator[tuple[str, Decimal, Decimal]]:
    here = Invoice.objects.get(pk=pk)
    yield "total", Decimal(0) if here.voided else here.total, _money(row["TotalAmt"])
    tax = _money((row.get("TxnTaxDetail") or {}).get("TotalTax"))
    yield "tax", Decimal(0) if here.voided else here.tax, tax


def _of_payment(pk: int, row: dict[str, Any]) -> Iterator[tuple[str, Decimal, Decimal]]:
    here = Payment.objects.get(pk=pk)
    applied = here.allocations.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    lines = [_money(line["Amount"]) for line in row.get("Line", ()) if line.get("LinkedTxn")]
    yield "amount", Decimal(0) if here.voided else here.amount, _money(row["TotalAmt"])
    if not here.voided:
        yield "applied", applied, sum(lines, Decimal(0))
        yield "rest", here.amount - applied, _money(row.get("UnappliedAmt"))


def _money(value: object) -> Decimal:
    return Decimal(str(value or 0))
