"""What a person can answer about the pay link of invoices."""

from quickbooks_sync.models import Connection, Issue, Link

from .shared import free

WHAT_FOLLOWS = "The next sync sends what waited; you can choose otherwise under Choices."


def with_link(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001 - the shape of every answer
    """Every invoice that is made there from now on can be paid online, and QuickBooks mails it."""
    _choose(issue.connection, Connection.PayLink.YES)
    free(link)
    return f"Invoices carry the pay link from now on, and QuickBooks mails them to customers. {WHAT_FOLLOWS}"


def without_link(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """No invoice that is made there from now on can be paid online, and nobody is mailed."""
    _choose(issue.connection, Connection.PayLink.NO)
    free(link)
    return f"Invoices go without the pay link, and QuickBooks mails nobody by itself. {WHAT_FOLLOWS}"


def _choose(connection: Connection, chosen: Connection.PayLink) -> None:
    connection.pay_link = chosen
    connection.save(update_fields=["pay_link"])
