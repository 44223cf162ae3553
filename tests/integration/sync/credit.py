"""Payments, credit and invoices of one customer: entered here, entered there, and how both sides stand."""

from decimal import Decimal
from typing import Any

from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.resolving import resolve
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from tests.integration.sync import sales
from tests.world import World

AMELIA = "Amelia Hartwell"


def pay(world: World, amount: int, *of: tuple[Invoice, int]) -> Payment:
    """A payment entered here, on account or of some invoices."""
    values = {
        "customer": sales.customer(AMELIA).pk,
        "date": sales.DAY,
        "amount": Decimal(amount),
        "allocations": [{"invoice": invoice.pk, "amount": Decimal(part)} for invoice, part in of],
    }
    return payments.create(company=world.company, values=values)


def bill(world: World) -> Invoice:
    return sales.invoice(world, AMELIA)


def synced(world: World) -> SyncRun:
    run = world.sync()
    assert run.state == "done", run.error
    return run


def quiet(world: World) -> None:
    """Nobody is asked anything, both sides say the same, and the next sync reads once and writes nothing."""
    assert world.issues() == {}
    run = synced(world)
    assert (run.calls["total"], run.calls["write_batches"]) == (1, 0)
    assert not run.changes.exists()
    for payment in Payment.objects.filter(voided=False):
        row = there(world, "Payment", payment)
        numbers = {one["Id"]: one["DocNumber"] for one in world.there("Invoice")}
        paid = {numbers[line["LinkedTxn"][0]["TxnId"]]: line["Amount"] for line in row["Line"]}
        assert {number: Decimal(str(amount)) for number, amount in paid.items()} == pays(payment)


def there(world: World, entity: str, record: Invoice | Payment) -> dict[str, Any]:
    link = Link.objects.get(kind=entity.lower(), local_id=record.pk)
    assert link.remote is not None
    (row,) = [one for one in world.there(entity) if one["Id"] == link.remote.remote_id]
    return row


def pays(payment: Payment) -> dict[str, Decimal]:
    """What it pays here, by the number of the invoice."""
    return dict(payment.allocations.values_list("invoice__number", "amount"))


def paid_there(world: World, payment: Payment) -> list[float]:
    return [line["Amount"] for line in there(world, "Payment", payment)["Line"]]


def memo(world: World, amount: int) -> dict[str, Any]:
    """A credit memo entered in QuickBooks."""
    (customer,) = [row for row in world.there("Customer") if row["DisplayName"] == AMELIA]
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    return world.post("creditmemo", {"CustomerRef": {"value": customer["Id"]}, "Line": [line]})


def payment_there(world: World, amount: int) -> dict[str, Any]:
    """A payment entered in QuickBooks by hand."""
    (customer,) = [row for row in world.there("Customer") if row["DisplayName"] == AMELIA]
    return world.post("payment", {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": amount})


def bank(world: World, payment: Payment) -> None:
    row = there(world, "Payment", payment)
    linked = [{"TxnId": row["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
    account = next(one for one in world.there("Account") if one["AccountType"] == "Bank")
    line = {"Amount": row["TotalAmt"], "LinkedTxn": linked}
    world.post("deposit", {"DepositToAccountRef": {"value": account["Id"]}, "Line": [line]})


def answer(world: World, reason: str, what: str) -> None:
    issue = Issue.objects.select_related("link").get(connection=world.connection)
    assert issue.reason == reason
    resolve.carry_out(issue, what, value="")
