"""The entities of QuickBooks that the product uses; nothing else spells their paths and families.

Absent: fields. What an entity's payload means is the business of each Kind's own translations.
"""

from dataclasses import dataclass
from typing import Literal

Family = Literal["name", "item", "transaction", "list", "company"]
"""`name`: customers, vendors and employees, whose display names are unique across all three."""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One row of the table."""

    name: str
    path: str
    family: Family
    is_list: bool  # has `Active`; is made inactive, never deleted; hidden from queries when inactive
    in_changes: bool = True  # told by change data capture (facts G)
    page: str = ""  # where a person opens one in Intuit's web application, by its `id`


def _entity(name: str, family: Family, *, in_changes: bool = True, page: str = "") -> Entity:
    is_list = family in {"name", "item", "list"}
    return Entity(
        name=name, path=name.lower(), family=family, is_list=is_list, in_changes=in_changes, page=page
    )


CUSTOMER = _entity("Customer", "name", page="customerdetail?nameId={id}")
VENDOR = _entity("Vendor", "name")
EMPLOYEE = _entity("Employee", "name")
ITEM = _entity("Item", "item", page="items")  # they open in a drawer that has no address
INVOICE = _entity("Invoice", "transaction", page="invoice?txnId={id}")
PAYMENT = _entity("Payment", "transaction", page="recvpayment?txnId={id}")
SALES_RECEIPT = _entity("SalesReceipt", "transaction", page="salesreceipt?txnId={id}")
CREDIT_MEMO = _entity("CreditMemo", "transaction", page="creditmemo?txnId={id}")
REFUND_RECEIPT = _entity("RefundReceipt", "transaction", page="refundreceipt?txnId={id}")
ESTIMATE = _entity("Estimate", "transaction", page="estimate?txnId={id}")
ACCOUNT = _entity("Account", "list")
TERM = _entity("Term", "list")
PAYMENT_METHOD = _entity("PaymentMethod", "list")
TAX_CODE = _entity("TaxCode", "list", in_changes=False)
TAX_RATE = _entity("TaxRate", "list", in_changes=False)
COMPANY_INFO = _entity("CompanyInfo", "company", in_changes=False)
PREFERENCES = _entity("Preferences", "company", in_changes=False)

ENTITIES = {
    entity.name: entity
    for entity in (
        CUSTOMER,
        VENDOR,
        EMPLOYEE,
        ITEM,
        INVOICE,
        PAYMENT,
        SALES_RECEIPT,
        CREDIT_MEMO,
        REFUND_RECEIPT,
        ESTIMATE,
        ACCOUNT,
        TERM,
        PAYMENT_METHOD,
        TAX_CODE,
        TAX_RATE,
        COMPANY_INFO,
        PREFERENCES,
    )
}
