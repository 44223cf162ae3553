"""The company's counter of changes: the order in which its records were committed.

Taken as the first statement of a writing transaction and held, with the company's row, to its commit:
so two writers of one company follow one another, and a reader who has seen revision n has seen all below it.
"""

from django.db import connection, transaction

_TAKE = "UPDATE companies_company SET revision = revision + %s WHERE id = %s RETURNING revision"


class Changed(Exception):  # noqa: N818 - named by what happened, as the caller will read it
    """The record no longer has the revision the caller has seen; read it again and decide anew."""


def next_revision(company_id: int, count: int = 1) -> int:
    """Take `count` numbers and return the last of them; they are `last - count + 1` to `last`."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A revision is taken inside the transaction it numbers.")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count, company_id])
        rows = cursor.fetchall()
    if not rows:
        raise LookupError(f"There is no company {company_id}.")
    return int(rows[0][0])
