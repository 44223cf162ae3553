"""Documents whose numbers QuickBooks has used already: one question for all of a Kind, and where to begin."""

from collections.abc import Mapping

from qbo.errors import Refused
from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind, one_of
from quickbooks_sync.models import Issue
from quickbooks_sync.planner.actions import RaiseIssue, Reason, Wait
from quickbooks_sync.planner.records import Encoded
from service_genius.sales.numbering import highest, series

#: So many of the latest of each form are read to see how high QuickBooks has come.
LATEST = 100


def ask(session: Session, kind: Kind, taken: Mapping[int, Encoded]) -> None:
    """One question for all of a Kind whose numbers are taken there: the rest wait for its answer."""
    if not taken:
        return
    asked = (
        Issue.objects.filter(connection=session.connection, reason=Reason.NUMBER_TAKEN, link__kind=kind.name)
        .exclude(link__in=taken)
        .exclude(link__refused="")
        .select_related("link")
        .order_by("link")
        .first()
    )
    first = asked.link_id if asked is not None else min(taken)
    others = sorted(taken.keys() - {first})
    if asked is None:
        number = str(taken[first]["number"])
        front, digits = series(kind.all_here(session.connection.company), number)
        there = front + highest(front, digits, _numbers_there(session, kind)) if digits else number
        known = {"others": others} if others else {}
        details = {**taken[first], **known, "there": [there]}
        session.look_alikes[first] = RaiseIssue(reason=Reason.NUMBER_TAKEN, details=details)
        label = f"{one_of(kind.name)} {taken[first]['number']}"
    else:
        label = asked.label
        if not session.run.preview and asked.details.get("others", []) != others:
            with session.page():
                asked.details = {**asked.details, "others": others}
                asked.save(update_fields=["details"])
    for link_id in others:
        session.look_alikes[link_id] = Wait(on=f"the answer about the number of {label}")


def _numbers_there(session: Session, kind: Kind) -> set[str]:
    """The numbers of the latest there, whoever entered them: what is proposed lies above them."""
    session.assert_no_transaction()
    answers = session.client.queries(
        [
            f"SELECT * FROM {form} ORDERBY MetaData.CreateTime DESC MAXRESULTS {LATEST}"  # noqa: S608
            for form in kind.numbered_with
        ]
    )
    rows = [row for answer in answers if not isinstance(answer, Refused) for row in answer.rows]
    return {str(row.get("DocNumber") or "") for row in rows}
