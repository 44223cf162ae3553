"""The one form in which a text is kept, wherever it was typed.

Pure. What a person cannot see does not tell two texts apart: sorts of line ends, tabs and no-break blanks,
control characters, blanks at the edges of lines. Each function gives its own result back unchanged.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANKS = str.maketrans(dict.fromkeys("\t\u00a0\u2007\u202f", " "))
_NEVER_SEEN = {"Cc", "Cf", "Cs", "Zs"}
_BETWEEN_ADDRESSES = re.compile("[,;]")


def lines(value: str) -> str:
    """A text of one line or several."""
    if _is_plain(value):
        return value.strip()
    if value.isprintable():
        return _unless_unseen(value.strip())
    plain = _LINE_ENDS.sub("\n", value).translate(_BLANKS)
    plain = "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return _unless_unseen("\n".join(map(str.rstrip, plain.split("\n"))).strip())


def one_line(value: str) -> str:
    """A text of one line: names, numbers, cities."""
    if _is_plain(value):
        return value.strip()
    return " ".join(filter(None, map(str.strip, lines(value).split("\n"))))


def street(value: str) -> str:
    """The lines of an address: none is blank, and none begins or ends with a blank."""
    return "\n".join(filter(None, map(str.strip, lines(value).split("\n"))))


def addresses(value: str) -> str:
    """One e-mail address, or several with a comma between them."""
    return ", ".join(filter(None, map(lines, _BETWEEN_ADDRESSES.split(one_line(value)))))


def _is_plain(value: str) -> bool:
    """Whether it is one line of signs that can all be seen, as nearly every text is."""
    return value.isascii() and value.isprintable()


def _unless_unseen(value: str) -> str:
    """Nothing, if nothing of it can be seen."""
    if value.isascii() or any(unicodedata.category(sign) not in _NEVER_SEEN for sign in value):
        return value
    return ""
