"""What is to be chosen anew, an account or a tax code, is asked for once.

One record carries the question, however many hang on it; all others wait for the choice.
"""

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.models import Issue, Link
from quickbooks_sync.planner.actions import Action, RaiseIssue, Reason, Wait

#: Mended by one choice for all, and what is chosen then.
CHOICES = {Reason.NO_ACCOUNT: "an account", Reason.TAX_NOT_MAPPED: "a tax code"}


def in_turn(session: Session, gathered: Gathered, action: Action) -> Action:
    """The Action; or a Wait, if another record carries the question already."""
    mine = gathered.link.pk
    if not isinstance(action, RaiseIssue) or action.reason not in CHOICES:
        # It has another trouble by now, or none: the next one is asked about.
        for key in [key for key, asked in session.asked_to_choose.items() if asked[0] == mine]:
            del session.asked_to_choose[key]
        return action
    key = (action.reason, gathered.kind.name, str(action.details.get("rate", "")))
    asked = session.asked_to_choose.get(key) or _asked_already(session, gathered, action)
    session.asked_to_choose[key] = asked
    if asked[0] == mine:
        return action
    return Wait(on=f"{CHOICES[action.reason]} to be chosen, which is asked for at {asked[1]}")


def _asked_already(session: Session, gathered: Gathered, action: RaiseIssue) -> tuple[int, str]:
    """The record that was asked about before, if its turn is still to come; else this one."""
    issues = Issue.objects.filter(
        connection=session.connection,
        reason=action.reason,
        details=action.details,
        link__kind=gathered.kind.name,
        link__state=Link.State.ACTIVE,
        link__gte=gathered.link.pk,
    )
    first = issues.order_by("link_id").values_list("link_id", "label").first()
    return first or (gathered.link.pk, gathered.label)
