"""A company's preferences: the blocks there are, how they are read, and how a change is merged into them.

Clients change them by the API (`entities.company`), people by the page, tools by the control plane.
"""

from collections.abc import Mapping
from typing import Any

from qbo_emulator.ground.shape import CLEARED, Many, Members, cleaned, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

BLOCKS = (
    "AccountingInfoPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs VendorAndPurchasesPrefs "
    "TimeTrackingPrefs TaxPrefs CurrencyPrefs ReportPrefs OtherPrefs AdvancedInventoryPrefs "
    "PrintDocumentPrefs FinanceChargesPrefs"
)
# Inside a block one may name what one likes; what the books are kept by is read with its type.
_TYPED: dict[str, Members] = {
    "AccountingInfoPrefs": members(date="BookCloseDate"),
    "SalesFormsPrefs": members(
        text="DefaultDiscountAccount",
        flag="CustomTxnNumbers AllowDeposit AllowDiscount AllowShipping AutoApplyCredit AutoApplyPayments "
        "ETransactionPaymentEnabled",
        CustomField=Many({"CustomField": Many(members(text="Name Type StringValue", flag="BooleanValue"))}),
    ),
    "TaxPrefs": members(flag="UsingSalesTax PartnerTaxEnabled", ref="TaxGroupCodeRef"),
    "OtherPrefs": {"NameValue": Many(members(text="Name Value"))},
}


class WrongPreferences(ValueError):  # noqa: N818  the mistake is the caller's
    """Preferences that cannot be; the text says why."""


def read_block(name: str, sent: Mapping[str, Any]) -> Json:
    """Return a block as it is to be merged, where None takes a member away; an empty text does so, too."""
    read = cleaned(_TYPED.get(name, {}), sent, entity="Preferences", path=name, open_members=True)
    return {member: None if value == CLEARED else value for member, value in read.items()}


def change_preferences(realm: Realm, wanted: Json) -> Json:
    """Merge into the preferences; a null member is taken away. Nothing new leaves the SyncToken alone."""
    stored = realm.find("Preferences", "1") or {}
    body = merged(stored, {name: _block(name, value) for name, value in wanted.items()})
    if body != stored:
        realm.bump("Preferences", body)
    return body


def _block(name: str, sent: Any) -> Json | None:
    if name not in BLOCKS.split():
        raise WrongPreferences(f"There are the preferences {', '.join(BLOCKS.split())}.")
    if sent is None:
        return None
    if not isinstance(sent, dict):
        raise WrongPreferences(f"'{name}' is an object.")
    taken_away = {member: None for member, value in sent.items() if value is None}
    return {**taken_away, **read_block(name, sent)}


def merged(present: Json, wanted: Json) -> Json:
    result = dict(present)
    for name, value in wanted.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        else:
            result[name] = value
    return result
