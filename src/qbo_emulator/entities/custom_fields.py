"""The custom fields of sales forms: up to three texts, which the company's preferences name and switch on.

A new form has every field that is on, with its definition, whether or not anything is written in it.
"""

from qbo_emulator.ground.shape import Many, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

FIELDS = Many(
    members(
        text="DefinitionId Name Type StringValue", flag="BooleanValue", date="DateValue", number="NumberValue"
    )
)
USED, NAMED = "SalesFormsPrefs.UseSalesCustom", "SalesFormsPrefs.SalesCustomName"


def custom_fields(realm: Realm, sent: list[Json]) -> list[Json]:
    """Return the fields of a new form: those that are on, then what else was sent."""
    values = {str(field.get("DefinitionId")): field for field in sent}
    defined = [
        {
            **values.pop(number, {}),
            "DefinitionId": number,
            "Name": name,
            "Type": "StringType",
        }
        for number, name in _definitions(realm).items()
    ]
    return [*defined, *values.values()]


def _definitions(realm: Realm) -> dict[str, str]:
    """Return number and name of the fields that are on."""
    blocks = realm.preferences.get("SalesFormsPrefs", {}).get("CustomField") or []
    said = {str(one.get("Name")): one for block in blocks for one in block.get("CustomField", [])}
    numbers = sorted(
        name.removeprefix(USED)
        for name, one in said.items()
        if name.startswith(USED) and one.get("BooleanValue")
    )
    return {number: said.get(NAMED + number, {}).get("StringValue", "") for number in numbers}
