"""Read a statement of the query language into a value; errors speak as QuickBooks' parser does (4000).

That parser is made by JavaCC: it names the word it met, where, and what it would have taken instead.
Lines and columns are counted as JavaCC counts them: CR LF is one line end, a tab goes to the next eighth.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from qbo_emulator.ground import refusals

TAB = 8
LATIN_MAX = 0xFF
_ESCAPES = {"\t": r"\t", "\n": r"\n", "\r": r"\r", '"': r"\"", "'": r"\'", "\\": r"\\"}
# The grammar's words as QuickBooks' parser calls them.
_SORTS = {"NAME": "IDENTIFIER", "NUMBER": "INTEGER", "STRING": "STRING"}
_WORDS: dict[str, tuple[str, ...]] = {
    "$END": ("<EOF>",),
    "AND": ("<AND>",),
    "NAME": ("<IDENTIFIER>",),
    "NUMBER": ("<INTEGER>",),
    "STRING": ("<STRING>",),
    "TRUTH": ('"false"', '"true"'),
    "COMPARISON": ('"!="', '"<"', '"<="', '"="', '">"', '">="'),
    "DIRECTION": ('"asc"', '"desc"'),
    "ORDER_BY": ('"order"',),
    "STAR": ('"*"',),
    "COMMA": ('","',),
    "DOT": ('"."',),
    "LPAR": ('"("',),
    "RPAR": ('")"',),
}

# Strings and numbers stay text until the property they are compared with says what they are.
Literals = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    property: str
    comparison: str  # one of = != < > <= >= IN LIKE
    values: Literals


@dataclass(frozen=True, kw_only=True)
class Key:
    property: str
    descending: bool


@dataclass(frozen=True, kw_only=True)
class Statement:
    what: Literal["everything", "count", "fields"]
    fields: tuple[str, ...]
    entity: str
    conditions: tuple[Condition, ...]
    order: tuple[Key, ...]
    order_by_with_blank: str | None  # where it stands
    start_position: int | None
    max_results: int | None


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text()
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=False)


def parse(text: str) -> Statement:
    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        detail = _encountered(error.token, text) + _expected(error.expected)
        raise refusals.query_parse_error(detail) from None
    except UnexpectedCharacters as error:
        raise refusals.query_parse_error(_lexical(text, error.pos_in_stream or 0)) from None
    except UnexpectedEOF as error:
        raise refusals.query_parse_error(_encountered(None, text) + _expected(error.expected)) from None
    return _statement(tree, text)


def check_letters(text: str) -> None:
    """Refuse letters beyond Latin-1 inside a text, as QuickBooks did for years (facts D4)."""
    began: int | None = None
    for at, mark in enumerate(text):
        if mark == "'" and (began is None or text[at - 1] != "\\"):
            began = at if began is None else None
        elif ord(mark) > LATIN_MAX and began is not None:
            raise refusals.query_parse_error(_unreadable(text, at, began=began))


def _encountered(token: Token | None, text: str) -> str:
    if token is None or token.type == "$END":
        return f'Encountered "<EOF>" at {_place(text, len(text) - 1)}.'
    return f'Encountered " {_sort(token)} "{token} "" at {_place(text, token.start_pos or 0)}.'


def _sort(token: Token) -> str:
    if token.lower() in {"and", "or"}:
        return f"<{token.upper()}>"
    return f"<{_SORTS[token.type]}>" if token.type in _SORTS else f'"{token.lower()}"'


def _expected(terminals: Collection[str]) -> str:
    words = sorted({word for name in terminals for word in _WORDS.get(name, (f'"{name.lower()}"',))})
    lines = [f"    {word} {'' if word == '<EOF>' else '...'}" for word in words]
    return "\n".join(["\nWas expecting one of:", *lines, "    "])


def _lexical(text: str, at: int) -> str:
    """Name the character nobody can read; a text without its end is unreadable where the statement ends."""
    if text[at] == "'":
        end, after = _place(f"{text} ", len(text)), _escaped(text[at:])
        return f'Invalid content. Lexical error at {end}.  Encountered: <EOF> after : "{after}"'
    return _unreadable(text, at, began=at)


def _unreadable(text: str, at: int, *, began: int) -> str:
    """Say which character cannot be read, and what of its word stands before it."""
    unit = int.from_bytes(text[at].encode("utf-16-be")[:2])
    return (
        f"Invalid content. Lexical error at {_place(text, at)}.  "
        f'Encountered: "{_escaped(chr(unit))}" ({unit}), after : "{_escaped(text[began:at])}"'
    )


def _escaped(text: str) -> str:
    """Write text as JavaCC quotes it: what is not printable ASCII by the number of each half."""
    written = []
    for mark in text:
        if mark in _ESCAPES:
            written.append(_ESCAPES[mark])
        elif " " <= mark <= "~":
            written.append(mark)
        else:
            halves = mark.encode("utf-16-be", "surrogatepass").hex()
            written += [f"\\u{halves[place : place + 4]}" for place in range(0, len(halves), 4)]
    return "".join(written)


def _place(text: str, at: int) -> str:
    line, column, former = 1, 0, ""
    for mark in text[: at + 1]:
        if former == "\n" or (former == "\r" and mark != "\n"):
            line, column = line + 1, 0
        column += TAB - column % TAB if mark == "\t" else 1
        former = mark
    return f"line {line}, column {column}"


def _statement(tree: Tree[Token], text: str) -> Statement:
    selection, entity, *rest = tree.children
    assert isinstance(selection, Tree)  # noqa: S101  the grammar says so, the type checker cannot know
    parts = [part for part in rest if isinstance(part, Tree)]
    conditions = [one for part in parts if part.data == "where" for one in part.children]
    order = next((part.children for part in parts if part.data == "order"), [])
    what: Literal["everything", "count", "fields"] = "everything"
    fields: tuple[str, ...] = ()
    if selection.data == "count":
        what = "count"
    elif selection.data == "fields":
        what = "fields"
        fields = tuple(_property(one) for one in selection.children)
    return Statement(
        what=what,
        fields=fields,
        entity=str(entity),
        conditions=tuple(_condition(one) for one in conditions),
        order=tuple(_key(one) for one in order[1:]),
        order_by_with_blank=_blank(order[0], text) if order else None,
        start_position=_number(parts, "start_position"),
        max_results=_number(parts, "max_results"),
    )


def _blank(word: Tree[Token] | Token, text: str) -> str | None:
    assert isinstance(word, Token)  # noqa: S101  as above
    return _place(text, word.start_pos or 0) if word.type == "ORDER_BY" else None


def _property(node: Tree[Token] | Token) -> str:
    return ".".join(str(name) for name in _children(node))


def _condition(node: Tree[Token] | Token) -> Condition:
    name, *rest = _children(node)
    comparison = {"membership": "IN", "likeness": "LIKE"}.get(getattr(node, "data", ""))
    if comparison is None:
        comparison, *rest = rest  # type: ignore[assignment]
    values = tuple(_literal(value) for value in rest)
    return Condition(property=_property(name), comparison=str(comparison), values=values)


def _key(node: Tree[Token] | Token) -> Key:
    name, *direction = _children(node)
    return Key(property=_property(name), descending=bool(direction) and str(direction[0]).upper() == "DESC")


def _children(node: Tree[Token] | Token) -> list[Tree[Token] | Token]:
    assert isinstance(node, Tree)  # noqa: S101  as above
    return list(node.children)


def _literal(token: Tree[Token] | Token) -> str:
    assert isinstance(token, Token)  # noqa: S101  as above
    if token.type != "STRING":
        return str(token)
    text, result, escaped = str(token)[1:-1], [], False
    for mark in text:
        if mark == "\\" and not escaped:
            escaped = True
            continue
        result.append(mark)
        escaped = False
    return "".join(result)


def _number(parts: list[Tree[Token]], name: str) -> int | None:
    found = [part.children[0] for part in parts if part.data == name]
    return int(str(found[-1]).partition(".")[0]) if found else None
