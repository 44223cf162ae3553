"""Item: services, goods and categories, as qbo-facts E4 records them. Bundles are absent."""

from qbo_emulator import refusals
from qbo_emulator.entities import names
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.realm import Realm
from qbo_emulator.shape import SYSTEM, members
from qbo_emulator.values import Json

TYPES = ("Service", "NonInventory", "Inventory", "Category")
ACCOUNT_TYPES = {
    "IncomeAccountRef": {"Income", "Other Income"},
    "ExpenseAccountRef": {"Expense", "Other Expense", "Cost of Goods Sold"},
    "AssetAccountRef": {"Other Current Asset"},
}
NEEDED_BY_INVENTORY = (
    "QtyOnHand",
    "InvStartDate",
    "IncomeAccountRef",
    "ExpenseAccountRef",
    "AssetAccountRef",
)
SALES_MEMBERS = {
    *ACCOUNT_TYPES,
    "UnitPrice",
    "PurchaseCost",
    "Taxable",
    "TrackQtyOnHand",
    "QtyOnHand",
    "InvStartDate",
}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if not wanted.get("Name", "").strip():
        raise refusals.missing("Name")
    kind = _type(wanted, stored)
    body = {"Active": True, "Taxable": False, "UnitPrice": 0, "PurchaseCost": 0, **wanted, "Type": kind}
    body["TrackQtyOnHand"] = kind == "Inventory"
    if kind == "Category":
        body = {name: value for name, value in body.items() if name not in SALES_MEMBERS}
    else:
        _check_accounts(realm, body, stored, kind)
    child = bool(body.get("SubItem"))
    names.place(realm, body, stored, entity="Item", family="item", member="Name", child=child)
    _check_parent(realm, body)
    if stored is not None and stored.get("Active", True) and not body["Active"]:
        _leave_the_list(realm, body, stored["Id"])
    return body


def _type(wanted: Json, stored: Json | None) -> str:
    default = stored["Type"] if stored else "Inventory" if wanted.get("TrackQtyOnHand") else "Service"
    kind = str(wanted.get("Type", default))
    if kind not in TYPES:
        raise refusals.invalid_enumeration(kind, "Type")
    fixed = {"Inventory", "Category"}
    if stored is not None and stored["Type"] != kind and fixed & {kind, stored["Type"]}:
        raise refusals.business_rule(f"An item of type {stored['Type']} cannot become {kind}.", "Type")
    return kind


def _check_accounts(realm: Realm, body: Json, stored: Json | None, kind: str) -> None:
    needed: tuple[str, ...] = NEEDED_BY_INVENTORY if kind == "Inventory" else ()
    if kind != "Inventory" and "ExpenseAccountRef" not in body:
        needed = ("IncomeAccountRef",)
    for member in needed:
        if member not in body:
            raise refusals.missing(member)
    for member, types in ACCOUNT_TYPES.items():
        if member not in body:
            continue
        kept = stored.get(member) if stored else None
        account = check_reference(realm, "Account", body[member], member, kept_from=kept)
        if account.get("AccountType") not in types:
            raise refusals.business_rule(
                f"The account {account['Name']} is not of a type that suits {member}.", member
            )
        body[member] = named(account, "FullyQualifiedName")


def _check_parent(realm: Realm, body: Json) -> None:
    if "ParentRef" not in body:
        body.pop("SubItem", None)
        return
    parent = realm.referred("Item", body["ParentRef"]["value"])
    if parent is not None and parent["Type"] == "Inventory":
        raise refusals.business_rule("An inventory item cannot be a parent.", "ParentRef")
    if parent is not None:
        body["ParentRef"] = named(parent, "Name")


def _leave_the_list(realm: Realm, body: Json, key: str) -> None:
    if any(child.get("Active", True) for child in realm.children("Item", key)):
        raise refusals.business_rule("An item with active sub-items cannot be made inactive.")
    if body["Type"] == "Inventory":
        body["QtyOnHand"] = 0


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is not None:
        names.settle(realm, before, after, entity="Item", family="item")


ITEM = Entity(
    name="Item",
    sequence="Item",
    sort="list",
    members={
        **SYSTEM,
        **members(
            text="Name Sku Description FullyQualifiedName Type PurchaseDesc ItemCategoryType ManPartNum "
            "PrintGroupedItems source ServiceType UQCDisplayText UQCId SpecialItemType AbatementRate",
            number="Level UnitPrice RatePercent PurchaseCost QtyOnHand ReorderPoint QtyOnPurchaseOrder "
            "QtyOnSalesOrder AvgCost Multiplier DeferredRevenue",
            flag="Active SubItem Taxable SalesTaxIncluded PercentBased TrackQtyOnHand PurchaseTaxIncluded "
            "SpecialItem ReverseChargeRate",
            date="InvStartDate BuildPoint",
            ref="ParentRef PaymentMethodRef UOMSetRef IncomeAccountRef ExpenseAccountRef AssetAccountRef "
            "COGSAccountRef PrefVendorRef SalesTaxCodeRef PurchaseTaxCodeRef DepositToAccountRef ClassRef "
            "TaxClassificationRef",
            anything="ItemGroupDetail ItemAssemblyDetail ItemEx",
        ),
    },
    read_only=frozenset({"FullyQualifiedName", "Level", "AvgCost"}),
    survives_omission=frozenset({"Type", "Active", "TrackQtyOnHand", "InvStartDate", "QtyOnHand"}),
    lengths={"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000},
    name_family="item",
    complete=complete,
    settle=settle,
    properties={
        **COMMON_PROPERTIES,
        "Name": "name",
        "FullyQualifiedName": "full_name",
        "Active": "active",
        "ParentRef": "parent",
        **in_body("Type", "Sku", "SubItem", "Taxable", "UnitPrice"),
    },
    only_filtered=frozenset({"sku", "subitem", "parentref", "taxable"}),
    only_sorted=frozenset({"unitprice"}),
)
