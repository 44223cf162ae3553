"""What every refusal of a run hangs on: what QuickBooks says of itself, and what the user chose."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from qbo.payload import dumps
from quickbooks_sync.kinds.base import Facts

#: What QuickBooks moves by itself; whatever a person changes moves something else, too.
MOVES_ALONE = {"MetaData"}
#: What is called by names of ours only.
NAMES_OF_OURS = {"rate_names"}


def background(facts: Facts, stored: Mapping[str, Any]) -> str:
    """What QuickBooks said of itself and what the user chose, as one text to be compared."""
    chosen = {name: str(value) for name, value in vars(facts).items() if name not in NAMES_OF_OURS}
    said = {
        name: _settled(value) if isinstance(value, dict) else value for name, value in sorted(stored.items())
    }
    return hashed([chosen, said])


def _settled(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in {*MOVES_ALONE, "SyncToken"}}


def hashed(value: Any) -> str:
    """One text for what is the same, however its numbers are spelled and its members ordered."""
    return sha256(dumps(_one_form(value)).encode()).hexdigest()


def _one_form(value: Any) -> Any:
    """The same for what is the same: 100.0 and 100.00, and members in any order."""
    match value:
        case Decimal():
            return value.normalize()
        case dict():
            return {name: _one_form(value[name]) for name in sorted(value)}
        case list() | tuple():
            return [_one_form(each) for each in value]
    return value
