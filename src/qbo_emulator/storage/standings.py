"""How each company stands: in the data file, and in memory as well, because every call asks for it."""

import json

from qbo_emulator.ground.standing import Standing, checked_standing
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.store import Store


def standing_of(store: Store, realm: str) -> Standing:
    found = store.standings.get(realm)
    if found is None:
        row = (
            store.connection()
            .execute("SELECT state, lacking, environment FROM standings WHERE realm = ?", (realm,))
            .fetchone()
        )
        found = (
            Standing(state=row[0], without=tuple(json.loads(row[1])), environment=row[2])
            if row
            else Standing()
        )
        store.standings[realm] = found
    return found


def change_standing(store: Store, realm: str, wanted: Json) -> Standing:
    """Replace the wanted members of a company's standing."""
    present = standing_of(store, realm)
    new = checked_standing({**present.as_json(), **wanted})
    with store.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO standings (realm, state, lacking, environment) VALUES (?, ?, ?, ?)",
            (realm, new.state, json.dumps(new.without), new.environment),
        )
    store.standings[realm] = new
    return new
