"""Objects of python-quickbooks made of the records of Service Genius."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quickbooks.objects import (
    Account,
    Address,
    Customer,
    EmailAddress,
    Invoice,
    Item,
    LinkedTxn,
    Payment,
    PaymentLine,
    PhoneNumber,
    Ref,
    SalesItemLine,
    SalesItemLineDetail,
)

Ids = Callable[[type[Any], int], str]


def _with(thing: Any, **members: Any) -> Any:
    for name, value in members.items():
        setattr(thing, name, value)
    return thing


def _ref(value: str) -> Any:
    return _with(Ref(), value=value)


def customer(row: Any, _ids: Ids) -> Any:
    return _with(
        Customer(),
        DisplayName=row.display_name,
        Notes=row.notes,
        PrimaryEmailAddr=_with(EmailAddress(), Address=row.email),
        PrimaryPhone=_with(PhoneNumber(), FreeFormNumber=row.phone),
        BillAddr=_with(Address(), Line1=row.billing_street, City=row.billing_city),
    )


def item(row: Any, ids: Ids) -> Any:
    return _with(
        Item(),
        Name=row.name,
        Sku=row.code,
        Description=row.description,
        UnitPrice=float(row.price or 0),
        Type="Service",
        Taxable=row.taxable,
        IncomeAccountRef=_ref(ids(Account, 0)),
    )


def invoice(row: Any, ids: Ids) -> Any:
    lines = []
    for line in row.lines.all():
        detail = _with(
            SalesItemLineDetail(),
            ItemRef=_ref(ids(Item, line.work_code_id)),
            Qty=float(line.quantity),
            UnitPrice=float(line.unit_price),
        )
        amount = (line.quantity * line.unit_price).quantize(Decimal("0.01"))
        lines.append(
            _with(
                SalesItemLine(),
                Description=line.description,
                Amount=float(amount),
                SalesItemLineDetail=detail,
            )
        )
    return _with(
        Invoice(),
        DocNumber=row.number,
        CustomerRef=_ref(ids(Customer, row.customer_id)),
        TxnDate=row.date.isoformat(),
        DueDate=row.due_date.isoformat(),
        Line=lines,
    )


def payment(row: Any, ids: Ids) -> Any:
    lines = [
        _with(
            PaymentLine(),
            Amount=float(each.amount),
            LinkedTxn=[_with(LinkedTxn(), TxnId=ids(Invoice, each.invoice_id), TxnType="Invoice")],
        )
        for each in row.allocations.all()
    ]
    return _with(
        Payment(),
        CustomerRef=_ref(ids(Customer, row.customer_id)),
        TxnDate=row.date.isoformat(),
        TotalAmt=float(row.amount),
        PaymentRefNum=row.reference,
        Line=lines,
    )


MAKE: dict[type[Any], Callable[[Any, Ids], Any]] = {
    Customer: customer,
    Item: item,
    Invoice: invoice,
    Payment: payment,
}
