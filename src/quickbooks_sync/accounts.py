"""An account that is to be chosen, or was put away in QuickBooks, is asked for once.

One record carries the question, however many hang on it; all others wait for the choice.
"""

from .gather import Gathered
from .models import Issue, Link
from .planner.actions import Action, RaiseIssue, Reason, Wait
from .session import Session

ANSWER = "an account to be chosen, asked for at "


def in_turn(session: Session, gathered: Gathered, action: Action) -> Action:
    """The Action; or a Wait, if another record carries the question already."""
    asks = isinstance(action, RaiseIssue) and action.reason == Reason.NO_ACCOUNT
    mine = gathered.link.pk
    if not asks:
        # It has another trouble by now, or none: the next one is asked about.
        session.account_asked = {
            kind: asked for kind, asked in session.account_asked.items() if asked[0] != mine
        }
        return action
    asked = session.account_asked.setdefault(
        gathered.kind.name, _asked_already(session, gathered) or (mine, gathered.label)
    )
    return action if asked[0] == mine else Wait(on=f"{ANSWER}{asked[1]}")


def _asked_already(session: Session, gathered: Gathered) -> tuple[int, str] | None:
    issues = Issue.objects.filter(
        connection=session.connection,
        reason=Reason.NO_ACCOUNT,
        link__kind=gathered.kind.name,
        link__state=Link.State.ACTIVE,
    )
    first = issues.order_by("link_id").values_list("link_id", "label").first()
    # One of a page before it is found anew; of those that come later none is.
    return first if first is None or first[0] >= gathered.link.pk else None
