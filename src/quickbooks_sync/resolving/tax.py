"""What a person can answer about sales tax."""

from collections import Counter

from django.core.exceptions import ValidationError

from quickbooks_sync.access import connection as connections
from quickbooks_sync.kinds import KIND, MONEY, Kind, one_of, tax
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.models.tax_states import AutomatedTax
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.records import TAXED_BY, encode, only_tax_differs
from quickbooks_sync.wording.counting import enumerated

from .shared import CannotResolveError, free


def take_tax(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001 - the shape of every answer
    """This one gets the tax that QuickBooks reckoned."""
    if not only_tax_differs(issue.details["sent"], issue.details["stored"]):
        raise CannotResolveError("It is not only the tax that differs. Please sync and look again.")
    try:
        KIND[link.kind].take_tax(
            company=issue.connection.company,
            local_id=link.local_id or 0,
            tax=issue.details["stored"]["tax"],
            expected_revision=None,
        )
    except ValidationError as error:
        raise CannotResolveError(" ".join(error.messages)) from error
    free(link)
    return f"“{issue.label}” has the tax of QuickBooks now, and the same total."


def take_their_tax(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """QuickBooks' tax counts for every invoice from now on; the next sync takes it where it differs."""
    _choose(issue.connection, AutomatedTax.THEIRS)
    free(link)
    return (
        "QuickBooks' tax counts from now on. The next sync sends what waited, and takes over the tax there."
    )


def try_our_tax(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Send ours again, with one invoice first: this one, if it is there already."""
    _choose(issue.connection, AutomatedTax.UNPROVEN)
    if link.paired:
        # Theirs is as if agreed without a tax, so that ours is a change to be sent.
        link.here_baseline = {**(link.here_baseline or {}), "tax_rate": None}
    free(link)
    return "The tax of Service Genius is tried once more, with one invoice, by the next sync."


def reckon(issue: Issue, link: Link, value: str) -> str:  # noqa: ARG001
    """Reckon the tax anew wherever QuickBooks would come to another one."""
    connection = issue.connection
    free(link)
    reckoned: list[str] = []
    for kind in MONEY:
        found = _reckoned_otherwise(connection, kind) if kind.taxed else []
        for pk in found:
            kind.reckon_anew(company=connection.company, local_id=pk)
        reckoned += [one_of(kind.name).lower()] * len(found)
    if not reckoned:
        return f"The tax of “{issue.label}” comes out the same on both sides by now."
    counted = Counter(reckoned).items()
    many = enumerated([f"{number:,} {what}{'' if number == 1 else 's'}" for what, number in counted])
    told = f"The tax of “{issue.label}” is" if len(reckoned) == 1 else f"The tax of {many} is"
    return f"{told} reckoned as QuickBooks does it; the next sync sends what waited."


def choose(connection: Connection, *, theirs: bool) -> None:
    """Whose tax counts, as chosen; what was found out about ours is kept if it stays ours."""
    known = connection.automated_tax
    if theirs:
        _choose(connection, AutomatedTax.THEIRS)
    elif known == AutomatedTax.THEIRS:
        _choose(connection, AutomatedTax.UNPROVEN)


def _choose(connection: Connection, state: AutomatedTax) -> None:
    connection.automated_tax, connection.tax_tries = state, 0
    connection.save(update_fields=["automated_tax", "tax_tries"])


def _reckoned_otherwise(connection: Connection, kind: Kind) -> list[int]:
    """Those of a Kind, by local id, that are to be sent with a tax that QuickBooks would not come to."""
    facts = connections.facts_of(connection)
    links = Link.objects.filter(
        connection=connection, kind=kind.name, open=True, state=Link.State.ACTIVE, local_id__isnull=False
    )
    sent = {link.local_id: link for link in links.select_related("remote")}
    found = []
    for document in kind.all_here(connection.company).filter(pk__in=sent, voided=False):
        link, record = sent[document.pk], encode(kind.from_here(document))
        edited = not link.paired or changed(link.here_baseline or {}, record) & TAXED_BY
        if edited and any(tax.reckoned_otherwise(record, kind.totals_here(document), facts)):
            found.append(document.pk)
    return found
