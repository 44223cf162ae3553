"""Item (facts E4): services, goods, categories and bundles.

Bundles (type Group) are read and sold; whether a client can make or change one is a switch.
"""

from qbo_emulator.entities import names
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import SYSTEM, Many, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

BUNDLE = "Group"
TYPES = ("Service", "NonInventory", "Inventory", "Category", BUNDLE)
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
# Subscriptions whose companies can keep stock.
WITH_INVENTORY = ("Plus", "Advanced")


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if not wanted.get("Name", "").strip():
        raise refusals.missing("Name")
    kind = _type(realm, wanted, stored)
    body = {"Active": True, "Taxable": False, "UnitPrice": 0, "PurchaseCost": 0, **wanted, "Type": kind}
    body["TrackQtyOnHand"] = kind == "Inventory"
    if kind in {"Category", BUNDLE}:
        body = {name: value for name, value in body.items() if name not in SALES_MEMBERS}
    else:
        _check_accounts(realm, body, stored, kind)
    if kind == BUNDLE:
        _check_bundle(realm, body, stored)
    names.place(
        realm, body, stored, entity="Item", family="item", member="Name", child=_is_child(realm, body)
    )
    _check_name(realm, body, stored)
    _check_parent(realm, body)
    if stored is not None and stored.get("Active", True) and not body["Active"]:
        _leave_the_list(realm, body, stored["Id"])
    return body


def _is_child(realm: Realm, body: Json) -> bool:
    if "ParentRef" in body and not body.get("SubItem"):
        if realm.settings.parent_without_job == "refused":
            raise refusals.missing("SubItem")
        body["SubItem"] = realm.settings.parent_without_job == "honoured"
    return bool(body.get("SubItem"))


def _check_name(realm: Realm, body: Json, stored: Json | None) -> None:
    if realm.settings.item_names == "within_parent":
        return
    others = [key for key in realm.ids_named("Item", body["Name"]) if key != (stored or {}).get("Id")]
    if others:
        raise refusals.duplicate_name(
            int(others[0]), "Another product or service is already using this name."
        )


def _check_bundle(realm: Realm, body: Json, stored: Json | None) -> None:
    """Check what a bundle is made of; by default a client can only rename one or make it inactive."""
    if realm.settings.bundles == "read_only":
        if stored is None:
            raise refusals.unsupported("CREATE GROUP")
        if body.get("ItemGroupDetail") != stored.get("ItemGroupDetail"):
            raise refusals.unsupported("UPDATE GROUP")
        return
    parts = (body.get("ItemGroupDetail") or {}).get("ItemGroupLine") or []
    if not parts:
        raise refusals.missing("ItemGroupDetail")
    for part in parts:
        element = "ItemGroupDetail.ItemGroupLine.ItemRef"
        found = check_reference(realm, "Item", part.get("ItemRef") or {}, element)
        if found["Type"] in {"Category", BUNDLE}:
            raise refusals.invalid_reference(f"A bundle holds no {found['Type'].lower()}.", element)
        part["ItemRef"] = named(found, "FullyQualifiedName")
        part.setdefault("Qty", 1)


def _type(realm: Realm, wanted: Json, stored: Json | None) -> str:
    default = stored["Type"] if stored else "Inventory" if wanted.get("TrackQtyOnHand") else "Service"
    kind = str(wanted.get("Type", default))
    if kind not in TYPES:
        raise refusals.invalid_enumeration(kind, "Type")
    fixed = {"Inventory", "Category", BUNDLE}
    if stored is not None and stored["Type"] != kind and fixed & {kind, stored["Type"]}:
        raise refusals.business_rule(f"An item of type {stored['Type']} cannot become {kind}.", "Type")
    if kind == "Inventory" and (stored is None or stored["Type"] != kind) and not _keeps_stock(realm):
        raise refusals.permission_denied("Inventory")
    return kind


def _keeps_stock(realm: Realm) -> bool:
    """Return whether the company's subscription has inventory; one that says nothing has it."""
    named_values = (realm.referred("CompanyInfo", "1") or {}).get("NameValue", [])
    skus = [one.get("Value", "") for one in named_values if one.get("Name") == "OfferingSku"]
    return not skus or any(word in skus[0] for word in WITH_INVENTORY)


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
    names.check_no_active_children(realm, "Item", key)
    if body["Type"] == "Inventory":
        body["QtyOnHand"] = 0


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is not None:
        names.settle(realm, before, after, entity="Item", family="item")
        account = after.get("IncomeAccountRef")
        if before is not None and account and account != before.get("IncomeAccountRef"):
            realm.sell_to(after["Id"], account)


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
            anything="ItemAssemblyDetail ItemEx",
            ItemGroupDetail={
                "ItemGroupLine": Many(
                    members(text="Id ItemGroupLineDetail", number="Qty LineNum", ref="ItemRef UOMRef")
                )
            },
        ),
    },
    read_only=frozenset({"FullyQualifiedName", "Level", "AvgCost"}),
    survives_omission=frozenset({"Type", "Active", "TrackQtyOnHand", "InvStartDate", "QtyOnHand"}),
    lengths={"Name": 100, "Sku": 100, "Description": 4000, "PurchaseDesc": 1000},
    name_family="item",
    needed_to_load=("Type",),
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
