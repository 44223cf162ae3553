"""Sales tax is asked about once, however many invoices hang on the answer.

Where QuickBooks reckons tax itself, only its answers tell whether it keeps ours. So until that is proven the
taxed invoices go one at a time; the first that comes back with another tax is the one question there is, and
all the others wait for it. What is known is kept at the Connection.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.gathering.references import TAX_ANSWER
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.kinds.tax import is_taxed, reckoned_there
from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.models.tax_states import AutomatedTax
from quickbooks_sync.planner.actions import Action, RaiseIssue, Reason, Wait
from quickbooks_sync.planner.decide import bears_on_tax
from quickbooks_sync.planner.records import TAXED_BY, Encoded, only_tax_differs

#: So many that came back with our tax prove it, also if QuickBooks might have reckoned the same by itself.
#: They go one in a pass, and a run makes twelve passes.
TRIES = 8
FIRST = "the first invoice with sales tax, which shows whether QuickBooks keeps the tax as it is here"
ABOUT_TAX = (Reason.TAX_RECKONED, Reason.AUTOMATED_TAX)
State = AutomatedTax


def begin_pass(session: Session, *, under_way: AbstractSet[int]) -> None:
    """What is under way of an earlier pass was sent to find out, as far as anybody knows."""
    session.tax_tried, session.tax_asked = min(under_way, default=None), None


def in_turn(session: Session, gathered: Gathered, action: Action) -> Action:
    """The Action, or what this invoice waits for: the one that is tried, or the one that is asked about."""
    if not gathered.kind.taxed:
        return action
    if isinstance(action, RaiseIssue) and action.reason == Reason.TAX_RECKONED:
        return _asked_once(session, gathered, action)
    if session.facts.sales_tax != "automated":
        return action
    sends_tax = bears_on_tax(action) and is_taxed(gathered.here)
    known = session.connection.automated_tax
    if known == State.ASKED and (sends_tax or _has_other_tax(gathered, action)):
        details = action.details if isinstance(action, RaiseIssue) else {}
        issue = RaiseIssue(reason=Reason.AUTOMATED_TAX, details=details)
        return _asked_once(session, gathered, issue)
    if known == State.UNPROVEN and sends_tax and not session.run.preview:
        if session.tax_tried is None:
            session.tax_tried = gathered.link.pk
        return action if session.tax_tried == gathered.link.pk else Wait(on=FIRST)
    return action


def _has_other_tax(gathered: Gathered, action: Action) -> bool:
    here, there = gathered.pair.here, gathered.pair.there
    return (
        isinstance(action, RaiseIssue)
        and action.reason == Reason.STORED_DIFFERENTLY
        and here is not None
        and there is not None
        and only_tax_differs(here.totals, there.totals)
    )


def _asked_once(session: Session, gathered: Gathered, issue: RaiseIssue) -> Action:
    asked = session.tax_asked or _asked_already(session)
    if asked is None:
        asked = (gathered.link.pk, gathered.label)
    session.tax_asked = asked
    link_id, label = asked
    return issue if link_id == gathered.link.pk else Wait(on=f"{TAX_ANSWER}{label}")


def _asked_already(session: Session) -> tuple[int, str] | None:
    issues = Issue.objects.filter(
        connection=session.connection, reason__in=ABOUT_TAX, link__state=Link.State.ACTIVE
    )
    return issues.order_by("pk").values_list("link_id", "label").first()


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An invoice that was answered: what was sent, and what QuickBooks holds now."""

    operation: str
    fields: frozenset[str]
    record: Encoded
    totals: Encoded
    payload: Payload
    stored: Encoded
    """The totals there."""

    @property
    def carried_tax(self) -> bool:
        sent = self.operation == "create" or (self.operation == "update" and self.fields & TAXED_BY)
        return bool(sent) and is_taxed(self.record)

    @property
    def is_kept(self) -> bool:
        return bool(self.totals["tax"] == self.stored["tax"])

    @property
    def proves_it(self) -> bool:
        """Whether QuickBooks would have come to another tax by itself."""
        return reckoned_there(self.payload) not in {None, Decimal(self.stored["tax"])}


def learn(session: Session, tried: Sequence[Tried]) -> None:
    """Remember what these answers tell of our tax; inside the transaction that settles them."""
    known = session.connection.automated_tax
    if session.facts.sales_tax != "automated" or known not in {State.UNPROVEN, State.OURS}:
        return
    carried = [one for one in tried if one.carried_tax]
    mine = Connection.objects.filter(pk=session.connection.pk, automated_tax=known)
    if any(not one.is_kept for one in carried):
        mine.update(automated_tax=State.ASKED, tax_tries=0)
    elif carried and known == State.UNPROVEN:
        mine.update(tax_tries=F("tax_tries") + len(carried))
        proven = any(one.proves_it for one in carried)
        (mine if proven else mine.filter(tax_tries__gte=TRIES)).update(automated_tax=State.OURS)
    else:
        return
    session.connection.refresh_from_db(fields=["automated_tax", "tax_tries"])
