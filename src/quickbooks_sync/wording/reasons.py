"""Every Issue in plain words: what happened and what mends it. Read by people who never met an accountant."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from quickbooks_sync.kinds import KIND, LISTS
from quickbooks_sync.kinds.base import MergeWords
from quickbooks_sync.models import Issue
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from service_genius.ui.templatetags.service_genius import day, money

from . import tax

Details = dict[str, Any]

FIELD_WORDS = {
    "display_name": "display name",
    "email": "e-mail",
    "company_name": "company name",
    "given_name": "first name",
    "family_name": "last name",
    "tax_rate": "tax rate",
    "unit_price": "unit price",
    "due_date": "due date",
    "billing_region": "billing state",
    "billing_postal_code": "billing ZIP code",
    "service_region": "service state",
    "service_postal_code": "service ZIP code",
    "parent": "customer above it",
    "memo": "message",
    "discount_percent": "discount",
    "discount_amount": "discount",
    "allocations": "invoices it pays",
}

PLURAL = {"lines", "notes", "invoices it pays"}

#: Codes a customer, item, invoice or payment request of ours can cause (facts B6), in plain words.
FAULT_WORDS = {
    "610": "something it refers to has been made inactive or deleted in QuickBooks. Make it active again there, or choose another here",
    "620": "QuickBooks could not link the payment to the invoice. Check in QuickBooks that the invoice is still open",
    "2020": "QuickBooks misses a value it needs",
    "2030": "QuickBooks does not know the number under which this was sent before",
    "2040": "a text holds a sign that QuickBooks does not allow, such as a colon, a tab or a line break",
    "2050": "a text is longer than QuickBooks takes. Shorten it",
    "2060": "QuickBooks does not accept a date. Check the dates",
    "2070": "QuickBooks does not accept a date. Check the dates",
    "2090": "QuickBooks does not accept a number. Check quantities and prices",
    "2110": "QuickBooks does not accept a number. Check quantities and prices",
    "2170": "QuickBooks does not know a value that was chosen",
    "2210": "QuickBooks does not take the e-mail address. Write one complete address, or leave it empty",
    "2240": "an amount is outside what QuickBooks takes. Payments cannot be negative",
    "2290": "an amount may not be negative there",
    "2500": "something it refers to does not exist in QuickBooks any more, or is inactive there",
    "5010": "somebody keeps changing it in QuickBooks at the same time. Try again in a moment",
    "5020": "your QuickBooks subscription does not include what this needs",
    "6000": "QuickBooks does not accept it as it is",
    "6010": "the account in QuickBooks is not complete",
    "6070": "a line's amount is not its quantity times its price, as QuickBooks counts it",
    "6080": "it needs a name",
    "6090": "the discount needs an amount or a percentage",
    "6100": "QuickBooks does not accept a line's tax setting",
    "6130": "its place under another customer cannot change, because that one already has invoices",
    "6140": "another sale in QuickBooks already has this number. Give it another number",
    "6160": "the tax code chosen for its tax rate cannot be used. Choose another under Settings",
    "6170": "QuickBooks does not accept its tax",
    "6180": "it would stand more than five levels deep under other customers",
    "6190": "the QuickBooks subscription has ended or is suspended. Renew it in QuickBooks",
    "6200": "its date lies in closed books. Open the period in QuickBooks",
    "6210": "its date lies in closed books. Open the period in QuickBooks",
    "6220": "it still has a balance in QuickBooks",
    "6230": "the tax code chosen for its tax rate cannot be used. Choose another under Settings",
    "6240": "another customer, vendor or employee in QuickBooks already has this name. Give it another name",
    "6250": "its customer is inactive or missing in QuickBooks",
    "6270": "its date is before the start of the inventory in QuickBooks",
    "6280": "the customer has unbilled charges in QuickBooks",
    "6450": "a payment by card that was settled cannot be voided",
    "6480": "it is matched with a bank transaction in QuickBooks; undo the match there first",
    "6540": "the payment is part of a bank deposit in QuickBooks; take it out of the deposit there first",
}
UNKNOWN_FAULT = "QuickBooks refused it for a reason given below"

HOLDERS = {
    "Customer": "Another customer",
    "Vendor": "A vendor",
    "Employee": "An employee",
    "Item": "Another product or service",
    "Category": "A category of products and services",
    "of customer": "Another customer, a vendor or an employee",
    "of work_code": "Another product, service or category",
}


def issue_sentence(issue: Issue, *, shown: int | None = None) -> str:
    """What happened to this record, and the way out, in one or two sentences.

    `shown`: how many records of QuickBooks stand beside it to choose from; None: as many as were found.
    """
    found = len(issue.details.get("candidates", ())) if shown is None else shown
    details = {**issue.details, "currency": issue.connection.company.currency, "shown": found}
    return SENTENCES[Reason(issue.reason)](details)


def problem_sentence(problem: Problem) -> str:
    """The same of a record that is not saved yet."""
    return SENTENCES[problem.reason](problem.details)


def fault_sentence(code: str) -> str:
    """What a fault code means for the record it concerns."""
    return FAULT_WORDS.get(code, UNKNOWN_FAULT)


def field_words(names: list[str]) -> str:
    """Field names as a person reads them: `price and description`."""
    words = list(dict.fromkeys(FIELD_WORDS.get(name, name.replace("_", " ")) for name in names))
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def are_one(names: list[str]) -> bool:
    """Whether these are spoken of as one thing: the phone is, the notes are not."""
    words = field_words(names)
    return " and " not in words and words not in PLURAL


def _fields_were(details: Details) -> str:
    names = details["fields"]
    return f"{field_words(names)} {'was' if are_one(names) else 'were'}"


def _likely(details: Details) -> str:
    names = " or ".join(f"“{candidate['name']}”" for candidate in details["candidates"])
    told = details["candidates"][0].get("told", "") if len(details["candidates"]) == 1 else ""
    return (
        f"This may be the same as {names} in QuickBooks{f' ({told})' if told else ''}. "
        "Say whether it is; until then neither is copied or changed."
    )


def _name_taken(details: Details) -> str:
    holder = HOLDERS.get(details.get("sort") or details.get("holder", ""), "Something else")
    once = "QuickBooks allows each name once"
    if details.get("holder") == "Item":
        once = "work codes go there without their categories, where each name can stand once"
    if ours := details.get("linked_with"):
        return (
            f"The one in QuickBooks that is called “{details['name']}” is linked with your “{ours}”, and {once}. "
            f"If those two are not the same, take them apart on the page of “{ours}”. "
            f"Else change the name here, for example to “{details['proposal']}”."
        )
    return (
        f"{holder} in QuickBooks already has the name “{details['name']}”, and {once}. "
        f"Change the name here, for example to “{details['proposal']}”."
    )


def _number_taken(details: Details) -> str:
    told = f"Another sale in QuickBooks already has the number {details['number']}. "
    many = len(details.get("others", ()))
    if not many:
        return told + "QuickBooks could take it for a double, so give this one another number."
    those = "the number of another invoice is" if many == 1 else f"the numbers of {many:,} other invoices are"
    return (
        f"{told}So {those} taken, too; what is numbered alike could be taken for a double. "
        "Give all of them the next free numbers; until then none of them is sent."
    )


def _cannot_hold(details: Details) -> str:
    return f"The {details['field'].lower()} {details['what']}. {details['way_out']}"


def _refused_there(details: Details) -> str:
    faults = details.get("faults", [])
    reasons = [fault_sentence(fault["code"]) for fault in faults] or [UNKNOWN_FAULT]
    return f"QuickBooks did not take it: {'; '.join(dict.fromkeys(reasons))}."


def _refused_here(details: Details) -> str:
    messages = [str(message) for messages in details["fields"].values() for message in messages]
    return f"Service Genius could not take it from QuickBooks: {' '.join(messages)} Mend it in QuickBooks."


def _changed_there(details: Details) -> str:
    return f"The {_fields_were(details)} changed in QuickBooks. Nothing was copied."


def _removed_there(details: Details) -> str:
    told = f"It was {details['how']} in QuickBooks. "
    if anew := " or ".join(f"“{each['name']}”" for each in details.get("candidates", ())):
        return told + f"Somebody entered {anew} there anew: link it with that one, or say what else to do."
    return told + "It stays as it is here until you say what to do."


def _merged_there(details: Details) -> str:
    words = _merge_words(details)
    told = f"It was merged into “{details['name']}” in QuickBooks, which {words.has} now."
    if details["here"]:
        return f"{told} Do the same here, and both sides are the same again; a merge cannot be undone."
    return f"{told} That {words.one} is not in Service Genius: link this one with it, and both are the same again."


def _merge_words(details: Details) -> MergeWords:
    return KIND.get(details.get("kind", ""), LISTS[0]).merge_words


def _merged_here(details: Details) -> str:
    left = details["left"]
    rest = f" {left:,} {_merge_words(details).belong} there." if left else ""
    return (
        f"It was merged into “{details['name']}” here, but QuickBooks lets only people merge.{rest} "
        f"Open it in QuickBooks, give it the name “{details['name']}”, save, and say yes to merging; "
        "the next sync settles the rest."
    )


def _cannot_remove(details: Details) -> str:
    if details.get("void_there"):
        return "It is to be taken out of the books in QuickBooks, but something is paid on it there, or was made of it. Take that off there first."
    return "It was removed here, but in QuickBooks it still has a balance, sub-customers or an invoice made of it, or is in use. Once that is settled, it goes by itself with the next sync."


def _older_invoice(details: Details) -> str:
    told = (
        f"It pays invoice {details['number']}, which is older than the start date and was not found in QuickBooks with "
        "the same number, customer and total. "
    )
    number = "give the invoice here the number it has in QuickBooks, and press Try again"
    if details["shown"]:
        return (
            f"{told}Say which invoice in QuickBooks it pays, or send it as a credit of the customer. "
            f"If it is not among those shown, {number}."
        )
    return f"{told}Nothing there looks like it: {number}, or send it as a credit of the customer."


def _in_doubt(details: Details) -> str:
    begun = "It was sent, and the answer of QuickBooks was lost on its way. "
    if details["why"] == "restored":
        begun = "It may have been sent before the backup was restored. "
    gone = details["gone"]
    if details["candidates"]:
        until = "Nothing is sent for it until you say so."
        if details.get("put_away") == "voided":
            until = "It is void here by now: the one that you choose is to become void there, too."
        return f"{begun}Somebody worked there meanwhile: it may be one of these. {until}"
    return begun + (
        f"Since then {'something was' if gone == 1 else f'{gone:,} were'} deleted or merged there, and it may have been "
        "this. Send it only if it is to be there; nothing is sent for it until you say so."
    )


def _books_closed(details: Details) -> str:
    until = f" up to {day(date.fromisoformat(details['until']))}" if details["until"] else ""
    closed = f"The books are closed in QuickBooks{until}, and it is dated {day(date.fromisoformat(details['date']))}."
    if details["removal"] or details.get("void_there"):
        return f"{closed} It cannot be voided there: open that period in QuickBooks, and it is with the next sync."
    return (
        f"{closed} Give it a later date, or open that period in QuickBooks: then it goes with the next sync."
    )


def _money(details: Details, name: str) -> str:
    """An amount with its sign."""
    return money(_plain(str(details[name])), details["currency"])


def _what(details: Details) -> str:
    """Customer, amount and day of what is there, as a person writes them."""
    name, *rest = str(details["what"]).rsplit(", ", 2)
    try:
        amount, on = rest
        told = money(_plain(amount), details["currency"])
        return f"{name}, {told}, {day(date.fromisoformat(on))}"
    except (ValueError, KeyError, InvalidOperation):
        return str(details["what"])


def _plain(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


#: Each reason in two or three words, to choose by and to find again.
TITLES: dict[Reason, str] = {
    Reason.LIKELY_PAIR: "May be the same",
    Reason.NAME_TAKEN: "Name is taken",
    Reason.CANNOT_HOLD: "QuickBooks cannot hold it",
    Reason.REFUSED_THERE: "Refused by QuickBooks",
    Reason.REFUSED_HERE: "Cannot be taken",
    Reason.CHANGED_THERE: "Changed in QuickBooks",
    Reason.EDITED_ON_BOTH: "Changed on both sides",
    Reason.REMOVED_THERE: "Removed in QuickBooks",
    Reason.MERGED_THERE: "Merged in QuickBooks",
    Reason.MERGED_HERE: "Merged here",
    Reason.CANNOT_REMOVE: "Cannot be removed",
    Reason.EDITED_AFTER_PAYMENT: "Changed after payment",
    Reason.NUMBER_TAKEN: "Number is taken",
    Reason.LOOK_ALIKE: "Entered twice?",
    Reason.ALREADY_PAID: "Paid already?",
    Reason.OLDER_INVOICE: "Older invoice",
    Reason.TAX_NOT_MAPPED: "Tax rate not chosen",
    Reason.SALES_TAX_OFF: "Sales tax is off",
    Reason.TAX_RECKONED: "Tax comes out otherwise",
    Reason.AUTOMATED_TAX: "QuickBooks' own tax",
    Reason.DISCOUNTS_OFF: "Discounts are off",
    Reason.ESTIMATES_OFF: "Estimates are off",
    Reason.NO_ACCOUNT: "No account chosen",
    Reason.BOOKS_CLOSED: "Books are closed",
    Reason.INACTIVE_THERE: "Inactive in QuickBooks",
    Reason.INACTIVE_HERE: "Inactive here",
    Reason.STORED_DIFFERENTLY: "Another total",
    Reason.IN_DOUBT: "Is it there already?",
    Reason.ONLY_THERE: "Only in QuickBooks",
    Reason.CREDIT_APPLIED: "Credit was applied",
    Reason.PAY_LINK: "Pay link?",
}


SENTENCES: dict[Reason, Callable[[Details], str]] = {
    Reason.LIKELY_PAIR: _likely,
    Reason.NAME_TAKEN: _name_taken,
    Reason.CANNOT_HOLD: _cannot_hold,
    Reason.REFUSED_THERE: _refused_there,
    Reason.REFUSED_HERE: _refused_here,
    Reason.CHANGED_THERE: _changed_there,
    Reason.REMOVED_THERE: _removed_there,
    Reason.MERGED_THERE: _merged_there,
    Reason.MERGED_HERE: _merged_here,
    Reason.EDITED_ON_BOTH: lambda details: (
        f"It was changed here and in QuickBooks ({field_words(details['fields'])}). "
        "Say which of both counts; until then both stay as they are."
    ),
    Reason.CANNOT_REMOVE: _cannot_remove,
    Reason.EDITED_AFTER_PAYMENT: lambda details: (
        f"The {_fields_were(details)} changed here after it was paid or changed in QuickBooks. "
        "It was not sent: what is paid should seldom change. Take the change back here, or send it all the same."
    ),
    Reason.NUMBER_TAKEN: _number_taken,
    Reason.LOOK_ALIKE: lambda details: (
        f"QuickBooks already has one that looks the same ({_what(details)}). Say whether it is this one, entered by hand."
    ),
    Reason.ALREADY_PAID: lambda details: (
        f"Invoice {details['number']} has only {_money(details, 'open')} left to pay in QuickBooks, but this payment "
        f"applies {_money(details, 'applied')} to it. Say whether it was entered there by hand already."
    ),
    Reason.OLDER_INVOICE: _older_invoice,
    Reason.TAX_NOT_MAPPED: lambda details: (
        f"Its tax rate “{details['rate']}” has no tax code in QuickBooks yet. Choose one under Settings."
    ),
    Reason.SALES_TAX_OFF: lambda _: (
        "It has sales tax, but sales tax is turned off in QuickBooks. Turn it on there, or take the tax off here."
    ),
    Reason.TAX_RECKONED: tax.reckoned_otherwise,
    Reason.AUTOMATED_TAX: tax.not_kept,
    Reason.DISCOUNTS_OFF: lambda _: (
        "It has a discount, but discounts are turned off in QuickBooks. Turn them on there (Settings, Sales), "
        "or take the discount off here."
    ),
    Reason.ESTIMATES_OFF: lambda _: (
        "Estimates are turned off in QuickBooks. Turn them on there (Settings, Sales): then this goes, and all that wait "
        "with it. Or untick “Send estimates to QuickBooks, too” under Choices: then new ones stay here."
    ),
    Reason.NO_ACCOUNT: lambda details: (
        (
            "The account to which payments are deposited is no longer in use in QuickBooks. "
            if details.get("sort") == "deposit"
            else "No income account is chosen for new work codes, or it is no longer in use in QuickBooks. "
        )
        + "Choose one under Settings, Sync with QuickBooks: then this goes, and all that wait with it."
    ),
    Reason.BOOKS_CLOSED: _books_closed,
    Reason.INACTIVE_THERE: lambda details: (
        f"It is for “{details['name']}”, which is inactive in QuickBooks: nothing new of it is taken there. "
        "Make that active again on both sides, or choose another here."
    ),
    Reason.INACTIVE_HERE: lambda details: (
        f"It is for “{details['name']}”, which was made inactive here before it was ever sent to QuickBooks. "
        "Make that active again, or choose another here."
    ),
    Reason.STORED_DIFFERENTLY: lambda details: (
        f"QuickBooks counts another {field_words(details['fields'])} than Service Genius. Until somebody has looked, "
        "nothing is paid on it there."
    ),
    Reason.IN_DOUBT: _in_doubt,
    Reason.ONLY_THERE: lambda _: (
        "It was sent to QuickBooks from here, but this database, a restored backup, does not know it any more. "
        "Say which record here it is, or leave it there. What was lost here has to be entered again."
    ),
    Reason.CREDIT_APPLIED: lambda details: (
        f"QuickBooks itself applied {_money(details, 'credit')} of this customer's credit to invoice {details['number']}, so "
        f"only {_money(details, 'open')} of it is left to pay there, but this payment pays {_money(details, 'applied')} of it. "
        "Apply what is left, or take that credit off the invoice in QuickBooks: then it goes with the next sync."
    ),
    Reason.PAY_LINK: lambda _: (
        "In QuickBooks your customers can pay invoices online. Shall those sent from here carry the link to pay them? If "
        "so, QuickBooks mails each new one to its customer by itself, where the customer has an e-mail address. You are "
        "asked once: new invoices wait for your answer, and it counts for all of them."
    ),
}
