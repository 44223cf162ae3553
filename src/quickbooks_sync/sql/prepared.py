"""Selects and updates that are compiled once; the values are put in each time.

To build a QuerySet and to make SQL of it takes several times as long as the database needs to answer. Here
it is said once how the QuerySet is built. It is built with stand-ins, values that occur nowhere else, and
what Django makes of it is kept: wherever a stand-in is among the parameters, a value is put in.
Absent on purpose: conditions on values that change what is asked (None, true and false, a model), or that
each database wants in a form of its own (dates, amounts).
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, Q, QuerySet, sql
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import ROW_COUNT

Row = TypeVar("Row")
#: Arguments by name: an id or a text each, or a list of such.
Values = Mapping[str, Any]
#: A longer list is asked in parts.
LIST_MAX = 1024
#: Where Django keeps what was prefetched.
CACHE = "_prefetched_objects_cache"
#: The first stand-in for an id: no id of ours, and it fits into every column of numbers.
FIRST_STAND_IN = 2_147_000_000


class _Compiled:
    """A statement, and for each of its parameters what it is, or whose place."""

    def __init__(self, compile_with: Callable[[Values], SQLCompiler], values: Values) -> None:
        self.places: dict[int | str, tuple[str, int | None]] = {}
        stand_ins = {
            name: self._stand_in(name, None, given)
            if isinstance(given, int | str)
            else [self._stand_in(name, number, each) for number, each in enumerate(given)]
            for name, given in values.items()
        }
        self.converters: Any = None
        self.compiler = compile_with(stand_ins)
        self.statement, self.parameters = self.compiler.as_sql()
        if missing := self.places.keys() - set(self.parameters):
            raise TypeError(f"{[self.places[each] for each in missing]} is not among the parameters as it is")

    def _stand_in(self, name: str, number: int | None, given: object) -> int | str:
        if isinstance(given, bool) or not isinstance(given, int | str):
            raise TypeError(f"{name} is {given!r}, neither an id nor a text")
        place = FIRST_STAND_IN + len(self.places)
        stand_in = place if isinstance(given, int) else f"\x1f{place}\x1f"
        self.places[stand_in] = (name, number)
        return stand_in

    def filled(self, values: Values) -> SQLCompiler:
        """What carries it out with these values: for the caller's thread, and once."""
        bound = [self._value(each, values) for each in self.parameters]
        compiler = copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # of this thread
        compiler.get_converters = self._converters  # type: ignore[method-assign, assignment]
        compiler.as_sql = lambda: (self.statement, bound)  # type: ignore[method-assign, assignment, misc]
        return compiler

    def _converters(self, columns: Any) -> Any:
        """What turns values of the database into those of Python."""
        if self.converters is None:
            self.converters = SQLCompiler.get_converters(self.compiler, columns)
        return self.converters

    def _value(self, parameter: Any, values: Values) -> Any:
        place = self.places.get(parameter)
        if place is None:
            return parameter
        name, number = place
        return values[name] if number is None else values[name][number]


class _Prepared:
    """Compiled for each length of its lists, which are filled up to 1, 2, 4 ... 1024."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[Any, ...], _Compiled] = {}

    def _compile(self, values: Values) -> SQLCompiler:
        raise NotImplementedError

    def _parts(self, values: Values, more: Values) -> list[SQLCompiler]:
        """The statements for these values; none where a list is empty, several where one is long.

        `more`: what stands in for a text, and is put in as it is.
        """
        filled: dict[str, Any] = {}
        form: list[tuple[str, type, int]] = []
        for name, given in values.items():
            if isinstance(given, int | str):
                filled[name] = given
                form.append((name, type(given), 0))
                continue
            several = list(dict.fromkeys(given))
            if not several:
                return []
            if len(several) > LIST_MAX:
                cuts = range(0, len(several), LIST_MAX)
                parts = [{**values, name: several[cut : cut + LIST_MAX]} for cut in cuts]
                return [compiler for part in parts for compiler in self._parts(part, more)]
            length = 1 << (len(several) - 1).bit_length()
            filled[name] = [*several, *several[-1:] * (length - len(several))]
            form.append((name, type(several[0]), length))
        compiled = self._compiled.get(tuple(form))
        if compiled is None:
            compiled = _Compiled(self._compile, {**filled, **dict.fromkeys(more, "")})
            self._compiled[tuple(form)] = compiled
        return [compiled.filled({**filled, **more})]


class Select(_Prepared, Generic[Row]):
    """A QuerySet that is asked often: `Select(lambda ids: Link.objects.filter(pk__in=ids))`.

    Its arguments are given by name. A list stands after `__in`, and beside no other condition by "or": an
    empty one finds nothing, without asking. No order and no limit goes beyond the parts of a long one.

    Of `prefetch_related` it takes the names of rows that refer to these. They come as plain lists: `all()`
    gives them, and nothing else can be asked of them. Django makes a QuerySet for each row, which costs more
    than the rows.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        super().__init__()
        self._build = build
        self._iterable: Any = None
        self._children: dict[str, tuple[Any, Select[Any]]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        found: list[Any] = [row for each in self._parts(values, {}) for row in self._iterable(_Asked(each))]
        for name, (link, children) in self._children.items() if found else ():
            parents = {row.pk: row for row in found}
            of: dict[int, list[Any]] = {pk: [] for pk in parents}
            for child in children(parents=parents):
                pk = getattr(child, link.attname)
                link.set_cached_value(child, parents[pk])
                of[pk].append(child)
            for pk, row in parents.items():
                vars(row).setdefault(CACHE, {})[name] = of[pk]
        return found

    def _compile(self, values: Values) -> SQLCompiler:
        queryset = self._build(**values)
        self._iterable = queryset._iterable_class  # noqa: SLF001 - whether rows are models, tuples, values
        for name in queryset._prefetch_related_lookups:  # type: ignore[attr-defined]  # noqa: SLF001
            self._children[name] = _children(queryset.model, name)
        return _compiler(queryset.query)


class Update(_Prepared):
    """Columns that are set often, to values given each time or to what never changes.

    `Update(Link, lambda ids: Q(pk__in=ids), "waits_for", waiting=True)` takes `ids` and `waits_for`.
    """

    def __init__(self, model: type[Model], build: Callable[..., Q], *columns: str, **constant: Any) -> None:
        super().__init__()
        self._rows = model._default_manager  # noqa: SLF001 - its public name
        self._build, self._constant = build, constant
        self._columns: dict[str, Any] = {name: model._meta.get_field(name) for name in columns}  # noqa: SLF001

    def __call__(self, **values: Any) -> int:
        """Set them; in how many rows."""
        given = {
            name: field.get_db_prep_save(values.pop(name), connection=connections[DEFAULT_DB_ALIAS])
            for name, field in self._columns.items()
        }
        parts: list[Any] = self._parts(values, given)
        return sum(compiler.execute_sql(ROW_COUNT) for compiler in parts)

    def _compile(self, values: Values) -> SQLCompiler:
        columns = {name: RawSQL("%s", (values[name],)) for name in self._columns}
        which = self._build(**{name: each for name, each in values.items() if name not in columns})
        query = self._rows.filter(which).query.chain(sql.UpdateQuery)
        query.add_update_values({**columns, **self._constant})  # type: ignore[attr-defined]
        return _compiler(query)


class _Asked:
    """What Django's iterables want to know of a QuerySet whose rows they read."""

    _known_related_objects: Mapping[Any, Any] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self.db, self.query, self.compiler = DEFAULT_DB_ALIAS, self, compiler

    def get_compiler(self, using: str) -> SQLCompiler:  # noqa: ARG002 - there is one database
        return self.compiler


def _children(model: type[Model], name: str) -> tuple[Any, Select[Any]]:
    """By which field rows refer to rows of this model, and how they are found."""
    relation: Any = model._meta.get_field(name)  # noqa: SLF001
    link = relation.field
    rows = relation.related_model._default_manager  # noqa: SLF001
    return link, Select(lambda parents: rows.filter(**{f"{link.name}__in": parents}))


def _compiler(query: sql.Query) -> SQLCompiler:
    compiler: SQLCompiler = query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
    return compiler
