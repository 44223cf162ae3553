"""What a Kind is stands at the Kind: nobody else asks which one it is."""

import ast
from collections.abc import Iterable
from pathlib import Path

from quickbooks_sync.kinds import KIND

SYNC = Path(__file__).resolve().parents[2] / "src" / "quickbooks_sync"

#: Modules that are about one Kind by their nature, and why. One is taken off this list, none is put on it.
ABOUT_ONE = {
    "access/connection.py",  # payment methods: what payments keep here goes when one is added there
    "foresight/first_look.py",  # books without customers are empty
    "gathering/credit.py",  # credit that QuickBooks itself applied from payments to invoices
    "gathering/payable.py",  # the room that invoices leave for payments
    "memory/owed_there.py",  # what customers owe for invoices
    "observing/credit_owners.py",  # which payment QuickBooks paid an invoice with
    "observing/paid_there.py",  # what is paid of invoices there without a payment here
    "pages/sides.py",  # a payment that pays an older invoice asks for that invoice
    "resolving/money.py",  # numbers of invoices, what payments pay of them, older invoices
    "runs/run.py",  # payment methods, as in access/connection
    "sending/effects.py",  # payments that pay an invoice whose tax is taken over
    "sending/look_alikes.py",  # what looks like an invoice, and what like a payment
    "sending/newcomers.py",  # the same: what is to be compared
    "sending/responses.py",  # what payments leave open of invoices
}


def test_no_module_but_those_about_one_kind_asks_which_kind_it_is() -> None:
    asking = {
        str(path.relative_to(SYNC)): lines
        for path in sorted(SYNC.rglob("*.py"))
        if path.relative_to(SYNC).parts[0] not in {"kinds", "migrations"}
        and (lines := sorted(asked(ast.parse(path.read_text()))))
    }
    others = {name: lines for name, lines in asking.items() if name not in ABOUT_ONE}
    assert others == {}, "Say it at the Kind: an attribute or a method, with a default in kinds/defaults.py."
    assert ABOUT_ONE - asking.keys() == set(), "Take it off the list: it asks no more."


def test_what_counts_as_asking() -> None:
    for source in (
        'kind.name == "invoice"',
        '"invoice" != link.kind',
        'kind.name in {"invoice", "payment"}',
        'match kind.name:\n    case "invoice" | "payment":\n        pass',
        'KIND["invoice"]',
        'KIND["invoice" if older else kind]',
        'links.filter(link__kind="invoice")',
        'links.filter(kind__in=["invoice"])',
        'WORDS = {"invoice": "one", "payment": "the other"}',
    ):
        assert list(asked(ast.parse(source))), source
    for source in (
        '"invoice" in record',
        'record["invoice"]',
        '{"invoice": 1, "amount": 2}',
        'references.there["invoice", pk]',
        "KIND[link.kind]",
    ):
        assert not list(asked(ast.parse(source))), source


def asked(tree: ast.AST) -> Iterable[int]:
    """The lines that compare with the name of a Kind, match it, look it up, or keep a table by such names."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=ops, comparators=[*right]):
                fields = all(isinstance(op, ast.In | ast.NotIn) for op in ops)  # of a Record, on the left
                if any(map(_named, right)) or (_named(left) and not fields):
                    yield node.lineno
            case ast.MatchValue(value=value) if _named(value):
                yield value.lineno
            case ast.Subscript(value=ast.Name(id="KIND"), slice=key) if any(map(_named, ast.walk(key))):
                yield node.lineno
            case ast.keyword(arg=str(name), value=value) if "kind" in name.split("__") and _named(value):
                yield value.lineno
            case ast.Dict(keys=names) if len({name.value for name in names if _is_name(name)}) > 1:
                yield node.lineno


def _is_name(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value in KIND


def _named(node: ast.AST) -> bool:
    """Whether it is the name of a Kind, or some of them."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(_is_name, node.elts))
    return _is_name(node)
