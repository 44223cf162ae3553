"""Changing a company's preferences, which people may and clients may not: by page or control plane."""

from qbo_emulator.realm import Realm
from qbo_emulator.values import Json


def change_preferences(realm: Realm, wanted: Json) -> Json:
    """Merge into the preferences; a null member is taken away. Nothing new leaves the SyncToken alone."""
    stored = realm.find("Preferences", "1") or {}
    body = merged(stored, wanted)
    if body != stored:
        realm.bump("Preferences", body)
    return body


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
