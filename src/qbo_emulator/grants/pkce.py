"""Proof Key for Code Exchange: whether who exchanges a code is who asked for it.

Intuit documents none (facts A2), so by default it is ignored; a switch checks it, for an application that
sends it anyway.
"""

import base64
import hashlib
import sqlite3


def keep(connection: sqlite3.Connection, code: str, *, challenge: str, method: str) -> None:
    """Remember what a code was asked for with, if anything."""
    if challenge:
        connection.execute(
            "INSERT INTO code_challenges (code, challenge, method) VALUES (?, ?, ?)",
            (code, challenge, method or "plain"),
        )


def holds(connection: sqlite3.Connection, code: str, verifier: str) -> bool:
    """Whether the verifier fits what the code was asked for with."""
    row = connection.execute(
        "SELECT challenge, method FROM code_challenges WHERE code = ?", (code,)
    ).fetchone()
    if row is None:
        return True
    challenge, method = row
    return bool(challenge == (_hashed(verifier) if method == "S256" else verifier))


def _hashed(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
