"""What the emulator has to know about one entity; each file beside this one defines some.

An entity is data and a few functions, not a class to inherit from: `writing` carries the common course of
create, update, void and delete, and asks these for the rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from qbo_emulator.ground.shape import SYSTEM, Members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

# complete(realm, wanted, stored): checks what is wanted, fills in defaults and computed members. `stored` is
# None on create. settle(realm, before, after): moves what an effective change moves elsewhere.
Complete = Callable[[Realm, Json, Json | None], Json]
Settle = Callable[[Realm, Json | None, Json | None], None]
Emptied = Callable[[Realm, Json], Json]
# created(realm, body): what QuickBooks does by itself once an object is there; returns it as it is then.
Created = Callable[[Realm, Json], Json]

# set_back(realm): the members that every update of a client sets back to a default unless it names them.
SetBack = Callable[[Realm], frozenset[str]]
# client_wrote(realm, before, body): what QuickBooks does by itself after a client's create or update.
ClientWrote = Callable[[Realm, Json | None, Json], Json]

# Where a queryable property is found: a column, or a path into the body.
Properties = Mapping[str, str]


def nothing_to_settle(_realm: Realm, _before: Json | None, _after: Json | None) -> None:
    """Most entities move nothing but themselves."""


def nothing_more(_realm: Realm, body: Json) -> Json:
    """For most entities QuickBooks does nothing by itself."""
    return body


def nothing_set_back(_realm: Realm) -> frozenset[str]:
    """For most entities an update leaves alone what it does not name."""
    return frozenset()


def nothing_by_itself(_realm: Realm, _before: Json | None, body: Json) -> Json:
    """For most entities a client's write has no more than its effect."""
    return body


@dataclass(frozen=True, kw_only=True)
class Entity:
    name: str
    # Which sequence numbers it: transactions share one, so do customers, vendors and employees.
    sequence: str
    sort: Literal["list", "transaction", "single"]
    properties: Properties
    # Of those, in small letters: what a query can filter by but not sort by, and the other way round.
    only_filtered: frozenset[str] = frozenset()
    only_sorted: frozenset[str] = frozenset()
    # Only what can be written has the rest.
    members: Members = field(default_factory=dict)
    # Whether members are taken as they are sent, since nothing here knows what they mean.
    open_members: bool = False
    read_only: frozenset[str] = frozenset()
    survives_omission: frozenset[str] = frozenset()
    # What a create has to send; told together with texts that are too long.
    required: tuple[str, ...] = ()
    # What a record from elsewhere cannot be without, beside its name: the rules reckon with it.
    needed_to_load: tuple[str, ...] = ()
    # What even a sparse update has to send, as long as the object is active.
    required_by_update: tuple[str, ...] = ()
    lengths: Mapping[str, int] = field(default_factory=dict)
    name_family: str | None = None
    complete: Complete | None = None
    creatable: bool = True
    updatable: bool = True
    settle: Settle = nothing_to_settle
    created: Created = nothing_more
    set_back: SetBack = nothing_set_back
    client_wrote: ClientWrote = nothing_by_itself
    void: Emptied | None = None
    deletable: bool = False
    # What an object is called in JSON, where that is not the name of the entity.
    written_as: str = ""
    in_change_data_capture: bool = True
    # Whether a query answers with all rows, however few are asked for.
    always_whole: bool = False

    @property
    def member(self) -> str:
        return self.written_as or self.name

    @property
    def system_members(self) -> frozenset[str]:
        return frozenset(SYSTEM)


COMMON_PROPERTIES: Properties = {
    "Id": "id",
    "MetaData.CreateTime": "created_at",
    "MetaData.LastUpdatedTime": "updated_at",
}


def in_body(*names: str) -> Properties:
    return {name: f"json_extract(body, '$.{name}')" for name in names}
