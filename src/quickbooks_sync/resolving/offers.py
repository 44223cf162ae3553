"""Which answers each reason offers, in the order of the buttons; `resolve` carries them out.

Every reason has a way out: a test goes over them. What leads to another page stands here, too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from quickbooks_sync.kinds import KIND, LISTS
from quickbooks_sync.models import Issue
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.taxed import only_tax_differs


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A button: what it does, what it says, and the value it carries or asks for."""

    what: str
    label: str
    value: str = ""
    asks: Literal["", "date"] = ""
    hint: str = ""
    asks_first: str = ""
    """What cannot be taken back, said before it is done; `confirm` is the button that does it."""
    confirm: str = ""
    quiet: bool = False
    """One that gives up rather than mends: shown last, and small."""


LIST_NAMES = {kind.name for kind in LISTS}
TAKE_TAX = Answer(
    what="take_tax",
    label="Take the tax there",
    hint="It gets the tax here that QuickBooks reckoned. What is paid above its new total becomes the "
    "customer's credit.",
)
VOID_THERE = Answer(
    what="void_there",
    label="Void it there and hold it",
    hint="It counts for nothing in QuickBooks then, and is not synced until you start it again.",
    asks_first="Voided in QuickBooks, it counts for nothing there and cannot be brought back.",
    confirm="Void it in QuickBooks",
)
DELETE_THERE = Answer(
    what="void_there",
    label="Delete it there and hold it",
    hint="It is gone from QuickBooks then, and is not synced until you start it again.",
    asks_first="What is deleted in QuickBooks cannot be brought back.",
    confirm="Delete it in QuickBooks",
)
#: Fields that say whether a record counts at all.
SWITCHES = {"voided", "active"}
STOP = Answer(what="stop", label="Stop syncing it", quiet=True)
DO_NOT_SYNC = Answer(what="stop", label="Do not sync it", quiet=True)
SEND_ANYWAY = Answer(what="different", label="Send it anyway")
APPLY_LEFT = Answer(
    what="apply_left",
    label="Apply what is left",
    hint="It then pays, here too, what is left to pay in QuickBooks; the rest stays as credit.",
)
OFFERED: Mapping[Reason, tuple[Answer, ...]] = {
    Reason.LIKELY_PAIR: (Answer(what="different", label="They are different"), STOP),
    Reason.NAME_TAKEN: (STOP,),
    Reason.CANNOT_HOLD: (STOP,),
    Reason.REFUSED_THERE: (STOP,),
    Reason.REFUSED_HERE: (Answer(what="stop", label="Do not take it"),),
    Reason.CHANGED_THERE: (
        Answer(what="take", label="Take it"),
        Answer(what="send", label="Send ours"),
        Answer(what="leave", label="Leave it"),
    ),
    Reason.EDITED_ON_BOTH: (
        Answer(what="take", label="Take theirs"),
        Answer(what="send", label="Send ours"),
        STOP,
    ),
    Reason.EDITED_AFTER_PAYMENT: (
        Answer(what="take_back", label="Take it back here"),
        Answer(what="allow", label="Send it anyway"),
        STOP,
    ),
    Reason.REMOVED_THERE: (Answer(what="remove", label="Do the same here"),),
    Reason.MERGED_THERE: (Answer(what="recreate", label="Send it anew"), STOP),
    Reason.MERGED_HERE: (Answer(what="stop", label="Leave both there"),),
    Reason.CANNOT_REMOVE: (STOP,),
    Reason.NUMBER_TAKEN: (STOP,),
    Reason.LOOK_ALIKE: (SEND_ANYWAY, DO_NOT_SYNC),
    Reason.ALREADY_PAID: (APPLY_LEFT, DO_NOT_SYNC),  # QuickBooks lets nobody pay more than is left
    Reason.CREDIT_APPLIED: (APPLY_LEFT, DO_NOT_SYNC),
    Reason.OLDER_INVOICE: (
        Answer(
            what="on_account",
            label="Send it as a credit",
            hint="QuickBooks then shows it as a credit of the customer, applied to no invoice.",
        ),
        DO_NOT_SYNC,
    ),
    Reason.TAX_NOT_MAPPED: (STOP,),
    Reason.SALES_TAX_OFF: (STOP,),
    Reason.TAX_RECKONED: (
        Answer(
            what="reckon",
            label="Reckon the tax anew",
            hint="That of all others, too, that wait for this answer. What is paid above a new total becomes "
            "the customer's credit.",
        ),
        STOP,
    ),
    Reason.AUTOMATED_TAX: (
        Answer(
            what="take_their_tax",
            label="Take QuickBooks' tax",
            hint="For this and every later invoice, until you choose otherwise under Choices. What is paid "
            "above a new total becomes the customer's credit.",
        ),
        Answer(
            what="try_our_tax",
            label="Try ours once more",
            hint="If sales tax was set up anew in QuickBooks since: again with one invoice first.",
        ),
        STOP,
    ),
    Reason.PAY_LINK: (
        Answer(
            what="without_pay_link",
            label="Send them without it",
            hint="QuickBooks mails nobody by itself. One that is to be paid online after all is turned on at "
            "the invoice in QuickBooks, and stays so.",
        ),
        Answer(
            what="with_pay_link",
            label="Send them with the pay link",
            hint="Customers pay by card or from their bank. Change it later under Choices.",
        ),
    ),
    Reason.DISCOUNTS_OFF: (STOP,),
    Reason.ESTIMATES_OFF: (STOP,),
    Reason.NO_ACCOUNT: (STOP,),
    Reason.BOOKS_CLOSED: (STOP,),
    Reason.INACTIVE_THERE: (STOP,),
    Reason.INACTIVE_HERE: (STOP,),
    Reason.STORED_DIFFERENTLY: (
        Answer(
            what="accept",
            label="Accept the total there",
            hint="Both records stay as they are, and the difference stays shown at the record.",
        ),
        VOID_THERE,
    ),
    Reason.IN_DOUBT: (Answer(what="different", label="Not there: send it"), STOP),
    Reason.ONLY_THERE: (Answer(what="stop", label="Leave it there"),),
}
#: The button beside each record of QuickBooks that it may be.
CHOOSE: Mapping[Reason, Answer] = {
    Reason.LIKELY_PAIR: Answer(what="same", label="They are the same"),
    Reason.LOOK_ALIKE: Answer(what="same", label="This is it"),
    Reason.IN_DOUBT: Answer(what="same", label="This is it"),
    Reason.NAME_TAKEN: Answer(what="same", label="They are the same"),
    Reason.REMOVED_THERE: Answer(what="relink", label="Link it with this one"),
    Reason.OLDER_INVOICE: Answer(what="pick", label="It pays this one"),
    Reason.ONLY_THERE: Answer(what="give", label="It is this one"),
}
#: What some Issues of a reason offer, by their details.
SOMETIMES: Mapping[Reason, tuple[str, ...]] = {
    Reason.NAME_TAKEN: ("rename",),
    Reason.NUMBER_TAKEN: ("renumber",),
    Reason.BOOKS_CLOSED: ("redate", "keep_there"),
    Reason.INACTIVE_THERE: ("activate",),
    Reason.INACTIVE_HERE: ("activate_here",),
    Reason.REMOVED_THERE: ("recreate", "reactivate", "stop"),
    Reason.CANNOT_REMOVE: ("keep_there",),
    Reason.STORED_DIFFERENTLY: ("take_tax",),
    Reason.AUTOMATED_TAX: ("void_there",),
    Reason.MERGED_THERE: ("merge", "relink"),
}
#: Mended by changing the record here; the page leads to its form.
EDITED_HERE = {
    Reason.NAME_TAKEN,
    Reason.CANNOT_HOLD,
    Reason.REFUSED_THERE,
    Reason.NUMBER_TAKEN,
    Reason.INACTIVE_THERE,
    Reason.INACTIVE_HERE,
    Reason.SALES_TAX_OFF,
    Reason.TAX_RECKONED,
    Reason.DISCOUNTS_OFF,
    Reason.OLDER_INVOICE,
    Reason.CREDIT_APPLIED,
}
#: Mended by a choice on the page of the sync.
CHOSEN = {Reason.TAX_NOT_MAPPED, Reason.TAX_RECKONED, Reason.AUTOMATED_TAX, Reason.NO_ACCOUNT}
#: Mended elsewhere, in QuickBooks or here; then tried again.
TRIED_AGAIN = {
    Reason.CANNOT_HOLD,
    Reason.REFUSED_THERE,
    Reason.REFUSED_HERE,
    Reason.CANNOT_REMOVE,
    Reason.MERGED_HERE,
    Reason.NUMBER_TAKEN,
    Reason.NAME_TAKEN,
    Reason.OLDER_INVOICE,
    Reason.TAX_NOT_MAPPED,
    Reason.SALES_TAX_OFF,
    Reason.DISCOUNTS_OFF,
    Reason.ESTIMATES_OFF,
    Reason.NO_ACCOUNT,
    Reason.BOOKS_CLOSED,
    Reason.STORED_DIFFERENTLY,
    Reason.CREDIT_APPLIED,
}


#: Neither side holds one name twice.
NUMBERED = (
    "Each name stands only once in QuickBooks and here, so this one gets a number behind its name here: "
    "“{name} (2)”, or the next one that is free."
)


def namesakes(issue: Issue) -> list[str]:
    """The full names there of those that have the very name of this record, and may be the same."""
    full_names = [str(each["name"]) for each in issue.details.get("candidates", ())]
    own = folded(issue.label)
    return [name for name in full_names if folded(name.rpartition(":")[2]) == own]


def shown_beside(issue: Issue) -> str:
    """What is shown beside a record, by their ids: comes back with the answer that it is none of them."""
    return " ".join(str(each["remote_id"]) for each in issue.details.get("candidates", ()))


def offered(reason: Reason) -> set[str]:
    """The names of every answer an Issue of this reason can have."""
    names = {answer.what for answer in OFFERED[reason]} | set(SOMETIMES.get(reason, ()))
    return names | ({CHOOSE[reason].what} if reason in CHOOSE else set())


def answers_of(issue: Issue, *, free_number: str = "", day: str = "") -> tuple[Answer, ...]:
    """The buttons of this very Issue, those that mend it at once first."""
    always = OFFERED[Reason(issue.reason)]
    if issue.reason == Reason.LIKELY_PAIR:
        different, *others = always
        hint = NUMBERED.format(name=issue.label) if namesakes(issue) else ""
        return (replace(different, value=shown_beside(issue), hint=hint), *others)
    if issue.reason == Reason.IN_DOUBT and issue.details.get("put_away"):
        return (replace(always[0], label="It is none of these"), *always[1:])
    if issue.reason == Reason.REMOVED_THERE:
        held = issue.details.get("candidates")  # its name there
        removing = (_removes(answer, issue) for answer in always)
        return (*removing, *(() if held else (_brought_back(issue),)), STOP)
    if SWITCHES & set(issue.details.get("fields", ())):
        always = tuple(answer if answer.quiet else _switches(answer) for answer in always)
    found = (*_own(issue, free_number, day), *_about_tax(issue), *always)
    return tuple(map(_deletes, found)) if KIND[issue.link.kind].removal == "delete" else found


def _deletes(answer: Answer) -> Answer:
    """What is voided there of most, is deleted there of a Kind that QuickBooks cannot void."""
    return DELETE_THERE if answer.what == VOID_THERE.what else answer


def _switches(answer: Answer) -> Answer:
    """Among what it carries over is whether the record counts at all."""
    told = (
        "With this goes whether it counts at all, or is void or inactive. "
        "What is voided cannot be brought back."
    )
    return replace(answer, asks_first=told, confirm="Yes, do it")


def _removes(answer: Answer, issue: Issue) -> Answer:
    """Asked as the record's own button asks."""
    if issue.link.kind in LIST_NAMES:
        told = "It becomes inactive here, too. You can make it active again at any time."
        return replace(answer, asks_first=told, confirm="Make it inactive here")
    freed = KIND[issue.link.kind].freed
    told = (
        f"It becomes void here, too: it counts for nothing then, and cannot be brought back. {freed}".strip()
    )
    return replace(answer, asks_first=told, confirm="Void it here")


def _brought_back(issue: Issue) -> Answer:
    """An inactive record is made active again; what is deleted or voided there is not, but sent anew."""
    if issue.details.get("how") == "deactivated":
        return Answer(what="reactivate", label="Make it active again there")
    return Answer(what="recreate", label="Send it anew")


def _about_tax(issue: Issue) -> Iterable[Answer]:
    details = issue.details
    if issue.reason == Reason.STORED_DIFFERENTLY and only_tax_differs(details["sent"], details["stored"]):
        yield TAKE_TAX
    elif issue.reason == Reason.AUTOMATED_TAX and issue.link.paired:
        yield VOID_THERE


def _own(issue: Issue, free_number: str, day: str) -> Iterable[Answer]:
    details = issue.details
    match issue.reason:
        case Reason.NAME_TAKEN if issue.link.local_id is not None:
            yield Answer(what="rename", label=f"Rename it to “{details['proposal']}”")
        case Reason.MERGED_THERE if details["here"]:
            told = f"{KIND[issue.link.kind].merge_words.moves} A merge cannot be undone."
            yield Answer(
                what="merge", label="Do the same here", asks_first=told, confirm="Merge the two here"
            )
        case Reason.MERGED_THERE:
            yield Answer(what="relink", label=f"Link it with “{details['name']}”")
        case Reason.NUMBER_TAKEN if free_number:
            many = 1 + len(details.get("others", ()))
            those = f"Give these {many:,} the numbers from {free_number} on"
            label = those if many > 1 else f"Give it the number {free_number}"
            yield Answer(what="renumber", label=label)
        case Reason.BOOKS_CLOSED if not (details["removal"] or details.get("void_there")):
            yield Answer(what="redate", label="Give it this date", value=day, asks="date")
        case Reason.INACTIVE_THERE:
            yield Answer(what="activate", label=f"Make “{details['name']}” active again")
        case Reason.INACTIVE_HERE:
            yield Answer(what="activate_here", label=f"Make “{details['name']}” active again")
        case Reason.CANNOT_REMOVE | Reason.BOOKS_CLOSED if details.get("void_there"):
            yield Answer(what="keep_there", label="Keep it there")
        case Reason.CANNOT_REMOVE if issue.link.kind in LIST_NAMES:
            yield Answer(what="keep_there", label="Make it active here again")
        case _:
            pass
