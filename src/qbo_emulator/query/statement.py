"""Read a statement of the query language into a value; errors speak as QuickBooks' parser does (4000)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from qbo_emulator import refusals

# Strings and numbers stay text until the property they are compared with says what they are.
Literals = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    property: str
    comparison: str  # one of = < > <= >= IN LIKE
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
    order_by_with_blank: bool
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
        raise refusals.query_parse_error(_encountered(error.token, text)) from None
    except UnexpectedCharacters as error:
        detail = f"Lexical error at line {error.line}, column {error.column}."
        raise refusals.query_parse_error(detail) from None
    except UnexpectedEOF:
        raise refusals.query_parse_error(_encountered(None, text)) from None
    return _statement(tree)


def _encountered(token: Token | None, text: str) -> str:
    if token is None or token.type == "$END":
        lines = text.split("\n")
        return f'Encountered "<EOF>" at line {len(lines)}, column {len(lines[-1])}.'
    sort = f"<{token.type}>" if token.type in {"NAME", "NUMBER", "STRING"} else f'"{token}"'
    return f'Encountered " {sort} "{token} "" at line {token.line}, column {token.column}.'


def _statement(tree: Tree[Token]) -> Statement:
    selection, entity, *rest = tree.children
    assert isinstance(selection, Tree)  # noqa: S101  the grammar says so, the type checker cannot know
    parts = [part for part in rest if isinstance(part, Tree)]
    conditions = [one for part in parts if part.data == "where" for one in part.children]
    order = next((part.children for part in parts if part.data == "order"), [])
    what: Literal["everything", "count", "fields"] = "everything"
    if selection.data == "count":
        what = "count"
    elif selection.data == "fields":
        what = "fields"
    return Statement(
        what=what,
        fields=tuple(_property(one) for one in selection.children),
        entity=str(entity),
        conditions=tuple(_condition(one) for one in conditions),
        order=tuple(_key(one) for one in order[1:]),
        order_by_with_blank=bool(order) and getattr(order[0], "type", "") == "ORDER_BY",
        start_position=_number(parts, "start_position"),
        max_results=_number(parts, "max_results"),
    )


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
