"""Whether invoices carry QuickBooks' pay link is asked once, before the first invoice is made there.

With the link QuickBooks mails a new invoice to its customer by itself, so nobody but a person turns it on.
Where QuickBooks takes no payments online there is nothing to ask: invoices go without it.
"""

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.models import Issue, Link
from quickbooks_sync.planner.actions import Action, CreateThere, RaiseIssue, Reason, Wait

ANSWER = "the answer whether invoices carry the pay link, asked at "


def in_turn(session: Session, gathered: Gathered, action: Action) -> Action:
    """The Action; or the question, at one new invoice, and a Wait at all others."""
    undecided = session.facts.online_payment and not session.connection.pay_link
    if not undecided or not gathered.kind.paid_online:
        return action
    asked = session.pay_link_asked or _asked_already(session)
    mine = asked is not None and asked[0] == gathered.link.pk
    if not isinstance(action, CreateThere):
        asks = isinstance(action, RaiseIssue) and action.reason == Reason.PAY_LINK
        if mine and not asks:
            session.pay_link_asked = (0, "")  # it has another trouble now: the next one is asked about
        return action
    if asked is None or not asked[0]:
        asked = (gathered.link.pk, gathered.label)
    session.pay_link_asked = asked
    if asked[0] == gathered.link.pk:
        return RaiseIssue(reason=Reason.PAY_LINK, details={})
    return Wait(on=f"{ANSWER}{asked[1]}")


def _asked_already(session: Session) -> tuple[int, str] | None:
    issues = Issue.objects.filter(
        connection=session.connection, reason=Reason.PAY_LINK, link__state=Link.State.ACTIVE
    )
    return issues.order_by("pk").values_list("link_id", "label").first()
