"""Fails a test that writes a record behind the back of the revisions.

Every write of a Kind's table, of its lines or its allocations comes after the company's next revision was
taken in the same step, and every update of a Kind's own row carries its revision.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from quickbooks_sync.kinds import KINDS

RECORDS = {kind.model._meta.db_table for kind in KINDS}
PARTS = {way.through._meta.db_table for kind in KINDS for way in kind.ways.values() if way.through}
_WRITE = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', re.IGNORECASE)


class RevisionGuard:
    """A wrapper around the execution of every statement."""

    def __init__(self) -> None:
        self._taken = False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,  # noqa: FBT001 - as Django calls it
        context: dict[str, Any],
    ) -> Any:
        if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            self._taken = False
        elif sql.startswith("UPDATE companies_company SET revision"):
            self._taken = True
        elif (write := _WRITE.match(sql)) and write[2] in RECORDS | PARTS:
            assert self._taken, f"written before a revision was taken: {sql}"
            if write[1].upper() == "UPDATE" and write[2] in RECORDS:
                assert '"revision"' in sql, f"updated without its revision: {sql}"
        return execute(sql, params, many, context)


@contextmanager
def revisions_guarded() -> Iterator[None]:
    with connection.execute_wrapper(RevisionGuard()):
        yield
