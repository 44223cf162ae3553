"""What stands in place of a list that has no row: why there is none, and the way on."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One of the views of a list, such as the open invoices.

    `words` are what its rows have in common, none for the view of all; `rest` ends the sentence that there
    is no such row.
    """

    name: str
    title: str
    words: str = ""
    rest: str = ""


@dataclass(frozen=True, kw_only=True)
class Empty:
    """A title, if there is none at all, and a sentence."""

    words: str
    title: str = ""


def inactive(noun: str) -> Tab:
    """The view of what was put away, of a Kind that can come back."""
    rest = f". Each {noun} that you deactivate stands here, and can come back"
    return Tab(name="inactive", title="Inactive", words="is inactive", rest=rest)


def empty(noun: str, *, first: str, tab: Tab, anything: bool, search: str = "", of: str = "") -> Empty:
    """Of a list without rows. `first`: what its Kind is for; `anything`: some stand in other lists of it.

    `of`: of one customer.
    """
    whose = f" of {of}" if of else ""
    if not anything:
        return Empty(title=f"No {noun}s yet", words=first)
    if search:
        that = f" that {tab.words}" if tab.words else ""
        return Empty(words=f"No {noun}{whose}{that} matches “{search}”.")
    if not tab.words:
        return Empty(words=f"{of} has no {noun} yet." if of else f"No {noun} stands here.")
    return Empty(words=f"No {noun}{whose} {tab.words}{tab.rest}.")
