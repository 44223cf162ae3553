"""What the pages for a person show of each record, and what their forms write."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qbo_emulator.ground.values import Json


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A column of a list, or a line of a record's page."""

    label: str
    path: str  # members joined by dots
    money: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form."""

    label: str
    path: str
    sort: Literal["text", "email", "date", "long", "flag"] = "text"


@dataclass(frozen=True, kw_only=True)
class Page:
    entity: str
    one: str
    many: str
    title: str
    columns: tuple[Shown, ...]
    order: str
    fields: tuple[Field, ...] = ()
    # Where a new one is entered, and what the button says; nowhere, if nothing is said.
    new_at: str = ""
    new: str = ""

    @property
    def slug(self) -> str:
        return self.many.lower().replace(" ", "-")

    def title_of(self, body: Json) -> str:
        """Return what the record is called: by its name, or by what it is and its number."""
        called = str(body.get(self.title) or body["Id"])
        return called if self.title == "FullyQualifiedName" else f"{self.words.capitalize()} {called}"

    @property
    def words(self) -> str:
        return self.one.replace("-", " ")

    def can_edit(self, body: Json) -> bool:
        return bool(self.fields) and body.get("Type") != "Category"


CUSTOMER = Page(
    entity="Customer",
    one="customer",
    many="Customers",
    title="FullyQualifiedName",
    order="full_name",
    columns=(
        Shown(label="Display name", path="FullyQualifiedName"),
        Shown(label="Company", path="CompanyName"),
        Shown(label="Email", path="PrimaryEmailAddr.Address"),
        Shown(label="Phone", path="PrimaryPhone.FreeFormNumber"),
        Shown(label="Open balance", path="Balance", money=True),
    ),
    new_at="pages.new",
    new="New customer",
    fields=(
        Field(label="Display name", path="DisplayName"),
        Field(label="Company", path="CompanyName"),
        Field(label="First name", path="GivenName"),
        Field(label="Last name", path="FamilyName"),
        Field(label="Email", path="PrimaryEmailAddr.Address", sort="email"),
        Field(label="Phone", path="PrimaryPhone.FreeFormNumber"),
        Field(label="Mobile", path="Mobile.FreeFormNumber"),
        Field(label="Street", path="BillAddr.Line1"),
        Field(label="City", path="BillAddr.City"),
        Field(label="State", path="BillAddr.CountrySubDivisionCode"),
        Field(label="ZIP code", path="BillAddr.PostalCode"),
        Field(label="Notes", path="Notes", sort="long"),
        Field(label="Taxable", path="Taxable", sort="flag"),
        Field(label="Active", path="Active", sort="flag"),
    ),
)

ITEM = Page(
    entity="Item",
    one="item",
    many="Items",
    title="FullyQualifiedName",
    order="full_name",
    columns=(
        Shown(label="Name", path="FullyQualifiedName"),
        Shown(label="SKU", path="Sku"),
        Shown(label="Type", path="Type"),
        Shown(label="Description", path="Description"),
        Shown(label="Sales price", path="UnitPrice", money=True),
    ),
    new_at="pages.new",
    new="New item",
    fields=(
        Field(label="Name", path="Name"),
        Field(label="SKU", path="Sku"),
        Field(label="Description", path="Description", sort="long"),
        Field(label="Sales price", path="UnitPrice"),
        Field(label="Taxable", path="Taxable", sort="flag"),
        Field(label="Active", path="Active", sort="flag"),
    ),
)

INVOICE = Page(
    entity="Invoice",
    one="invoice",
    many="Invoices",
    title="DocNumber",
    order="txn_date DESC, id DESC",
    columns=(
        Shown(label="Number", path="DocNumber"),
        Shown(label="Date", path="TxnDate"),
        Shown(label="Customer", path="CustomerRef.name"),
        Shown(label="Due date", path="DueDate"),
        Shown(label="Total", path="TotalAmt", money=True),
        Shown(label="Open balance", path="Balance", money=True),
    ),
    new_at="page_sales.new_invoice",
    new="New invoice",
    fields=(
        Field(label="Date", path="TxnDate", sort="date"),
        Field(label="Due date", path="DueDate", sort="date"),
        Field(label="Number", path="DocNumber"),
        Field(label="Note, not shown to the customer", path="PrivateNote", sort="long"),
    ),
)

PAYMENT = Page(
    entity="Payment",
    one="payment",
    many="Payments",
    title="PaymentRefNum",
    order="txn_date DESC, id DESC",
    columns=(
        Shown(label="Date", path="TxnDate"),
        Shown(label="Customer", path="CustomerRef.name"),
        Shown(label="Reference", path="PaymentRefNum"),
        Shown(label="Method", path="PaymentMethodRef.name"),
        Shown(label="Amount", path="TotalAmt", money=True),
        Shown(label="Unapplied", path="UnappliedAmt", money=True),
    ),
    new_at="page_sales.new_payment",
    new="Receive payment",
)


def _form_page(entity: str, one: str, many: str, *more: Shown) -> Page:
    """Return the page of a sales form that is only looked at."""
    return Page(
        entity=entity,
        one=one,
        many=many,
        title="DocNumber",
        order="txn_date DESC, id DESC",
        columns=(
            Shown(label="Number", path="DocNumber"),
            Shown(label="Date", path="TxnDate"),
            Shown(label="Customer", path="CustomerRef.name"),
            Shown(label="Total", path="TotalAmt", money=True),
            *more,
        ),
    )


ESTIMATE = _form_page("Estimate", "estimate", "Estimates", Shown(label="Status", path="TxnStatus"))
CREDIT_MEMO = _form_page(
    "CreditMemo",
    "credit-memo",
    "Credit memos",
    Shown(label="Remaining credit", path="RemainingCredit", money=True),
)
SALES_RECEIPT = _form_page("SalesReceipt", "sales-receipt", "Sales receipts")

PAGES: tuple[Page, ...] = (CUSTOMER, ITEM, INVOICE, PAYMENT, ESTIMATE, CREDIT_MEMO, SALES_RECEIPT)


def value_at(body: Json, path: str) -> object:
    value: object = body
    for member in path.split("."):
        value = value.get(member) if isinstance(value, dict) else None
    return value


def shown(body: Json, column: Shown) -> str:
    value = value_at(body, column.path)
    if value is None:
        return ""
    return f"${value:,.2f}" if column.money else str(value)


def form_values(page: Page, body: Json) -> dict[str, object]:
    return {field.path: value_at(body, field.path) for field in page.fields}


def typed_values(page: Page, form: Mapping[str, str]) -> dict[str, object]:
    """Return what was typed, to show it again beside the refusal."""
    return {
        field.path: field.path in form if field.sort == "flag" else form.get(field.path)
        for field in page.fields
    }


def sent_by_form(page: Page, form: Mapping[str, str], stored: Json) -> Json:
    """Return the change a form asks for: nested values laid over what is stored, blanks as cleared."""
    sent: Json = {}
    for field in page.fields:
        value: object = field.path in form if field.sort == "flag" else form.get(field.path, "").strip()
        member, _, inner = field.path.partition(".")
        if not inner:
            sent[member] = value
            continue
        nested = sent.setdefault(member, {**stored.get(member, {})})
        nested[inner] = value
    return sent
