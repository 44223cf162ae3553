"""Account (facts E7): a name, a type, a place in the chart. Balances of accounts do not move here."""

from qbo_emulator.entities import names
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import SYSTEM, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

# Type -> what it is classified as, and the sub-type an account gets that names none.
TYPES: dict[str, tuple[str, str]] = {
    "Bank": ("Asset", "CashOnHand"),
    "Accounts Receivable": ("Asset", "AccountsReceivable"),
    "Other Current Asset": ("Asset", "OtherCurrentAssets"),
    "Fixed Asset": ("Asset", "FurnitureAndFixtures"),
    "Other Asset": ("Asset", "OtherLongTermAssets"),
    "Accounts Payable": ("Liability", "AccountsPayable"),
    "Credit Card": ("Liability", "CreditCard"),
    "Other Current Liability": ("Liability", "OtherCurrentLiabilities"),
    "Long Term Liability": ("Liability", "NotesPayable"),
    "Equity": ("Equity", "OpeningBalanceEquity"),
    "Income": ("Revenue", "SalesOfProductIncome"),
    "Other Income": ("Revenue", "OtherMiscellaneousIncome"),
    "Cost of Goods Sold": ("Expense", "SuppliesMaterialsCogs"),
    "Expense": ("Expense", "OtherMiscellaneousServiceCost"),
    "Other Expense": ("Expense", "OtherMiscellaneousExpense"),
}
# Sub-types that say more than the default of their type; what is not here is taken only beside a type.
SUB_TYPES: dict[str, str] = {
    "Checking": "Bank",
    "Savings": "Bank",
    "MoneyMarket": "Bank",
    "UndepositedFunds": "Other Current Asset",
    "Inventory": "Other Current Asset",
    "PrepaidExpenses": "Other Current Asset",
    "SalesTaxPayable": "Other Current Liability",
    "ServiceFeeIncome": "Income",
    "DiscountsRefundsGiven": "Income",
    "NonProfitIncome": "Income",
    "OfficeGeneralAdministrativeExpenses": "Expense",
    "AdvertisingPromotional": "Expense",
    "Insurance": "Expense",
    "Utilities": "Expense",
    **{sub_type: kind for kind, (_, sub_type) in TYPES.items()},
}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if not wanted.get("Name", "").strip():
        raise refusals.missing("Name")
    if '"' in wanted["Name"]:
        raise refusals.invalid_characters(wanted["Name"], "Name")
    kind = wanted.get("AccountType") or SUB_TYPES.get(wanted.get("AccountSubType", ""))
    if kind is None and "AccountSubType" not in wanted:
        raise refusals.account_type_needed()
    if kind not in TYPES:
        raise refusals.invalid_enumeration(kind or wanted["AccountSubType"], "AccountType")
    classification, sub_type = TYPES[kind]
    if SUB_TYPES.get(wanted.get("AccountSubType", ""), kind) != kind:
        raise refusals.invalid_enumeration(wanted["AccountSubType"], "AccountSubType")
    body = {
        "SubAccount": False,
        "Active": True,
        "AccountSubType": sub_type,
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        **wanted,
        "AccountType": kind,
        "Classification": classification,
    }
    child = bool(body["SubAccount"]) and "ParentRef" in body
    names.place(realm, body, stored, entity="Account", family="account", member="Name", child=child)
    body["SubAccount"] = child
    body.pop("Level", None)
    if child:
        _fit_to_parent(realm, body)
    return body


def _fit_to_parent(realm: Realm, body: Json) -> None:
    parent = realm.find("Account", body["ParentRef"]["value"])
    if parent is None:
        return
    if parent.get("AccountType") != body["AccountType"]:
        raise refusals.business_rule("A sub-account has the type of its parent.", "AccountType")
    body["ParentRef"] = named(parent, "Name")


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is not None:
        names.settle(realm, before, after, entity="Account", family="account")


ACCOUNT = Entity(
    name="Account",
    sequence="Account",
    sort="list",
    members={
        **SYSTEM,
        **members(
            text="Name FullyQualifiedName Description AcctNum AcctNumExtn BankNum RoutingNum Classification "
            "AccountType AccountSubType AccountAlias TxnLocationType source JournalCodeRef",
            number="CurrentBalance CurrentBalanceWithSubAccounts OpeningBalance",
            flag="Active SubAccount TaxAccount OnlineBankingEnabled",
            date="OpeningBalanceDate",
            ref="ParentRef CurrencyRef TaxCodeRef",
            anything="AccountEx FIName",
        ),
    },
    read_only=frozenset(
        {"FullyQualifiedName", "Classification", "CurrentBalance", "CurrentBalanceWithSubAccounts"}
    ),
    survives_omission=frozenset({"Active", "CurrencyRef"}),
    required_by_update=("Name", "AccountType"),
    lengths={"Name": 100, "AcctNum": 20, "Description": 100},
    name_family="account",
    needed_to_load=("AccountType",),
    complete=complete,
    settle=settle,
    properties={
        **COMMON_PROPERTIES,
        "Name": "name",
        "FullyQualifiedName": "full_name",
        "Active": "active",
        "ParentRef": "parent",
        **in_body("AccountType", "AccountSubType", "Classification", "CurrentBalance", "SubAccount"),
    },
)
