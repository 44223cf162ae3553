"""What stands in place of a list that has no row: why there is none, and the way on."""

from dataclasses import dataclass

from service_genius.ui.panels import KindName

NOUNS: dict[KindName, str] = {
    "customer": "customer",
    "work_code": "work code",
    "invoice": "invoice",
    "payment": "payment",
}
#: Before there is any of a Kind: what it is for.
FIRST: dict[KindName, str] = {
    "customer": "Enter the people and companies you work for; then write them invoices.",
    "work_code": "Enter the services you sell with their prices; invoices are written from them.",
    "invoice": "Write the first one for work you have done. It needs a customer and a work code.",
    "payment": "Enter what customers pay you; it is put on their oldest invoices first.",
}
#: What the rows of a tab have in common.
TABS = {
    "active": "is active",
    "inactive": "is inactive",
    "open": "is open",
    "overdue": "is overdue",
    "voided": "is voided",
    "credit": "has credit left",
}
ALL, ELSEWHERE = "all", "elsewhere"


@dataclass(frozen=True, kw_only=True)
class Empty:
    """A title, if there is none at all, and a sentence."""

    words: str
    title: str = ""


def empty(
    kind: KindName, *, tab: str, anything: bool, search: str = "", of: str = "", books: str = ""
) -> Empty:
    """Of a list without rows. `anything`: some stand in other lists of the Kind; `of`: of one customer.

    `books`: the other books in which invoices are paid, too.
    """
    noun, whose = NOUNS[kind], f" of {of}" if of else ""
    if not anything:
        return Empty(title=f"No {noun}s yet", words=FIRST[kind])
    if search:
        that = "" if tab == ALL else f" that {TABS.get(tab, f'was paid in {books} alone')}"
        return Empty(words=f"No {noun}{whose}{that} matches “{search}”.")
    if tab == ELSEWHERE:
        return Empty(words=f"No {noun}{whose} was paid in {books} alone, as far as the last sync has seen.")
    if tab == ALL:
        return Empty(words=f"{of} has no {noun} yet." if of else f"No {noun} stands here.")
    more = f" Each {noun} that you deactivate stands here, and can come back." if tab == "inactive" else ""
    return Empty(words=f"No {noun}{whose} {TABS[tab]}.{more}")
