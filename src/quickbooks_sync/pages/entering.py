"""What is told while a customer or work code is typed: who it may be already, and who has its name there.

A part of the form of Service Genius. Reads, and writes nothing; it stops nobody from saving.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quickbooks_sync.gathering.names import family, name_taken
from quickbooks_sync.kinds import LISTS, Kind
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.keys import folded, words
from quickbooks_sync.planner.matching.rarity import Rarity
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.wording.reasons import problem_sentence
from service_genius.companies.models import Company
from service_genius.customers.queries import by_full_name
from service_genius.shared.tenancy import Request, company_view

from .history import local_address

BY_NAME: dict[str, Kind] = {kind.name: kind for kind in LISTS}
#: By so many words of a name others are sought, so many of each word are compared, and so many are shown.
WORDS_MAX, FOUND_MAX, SHOWN_MAX = 5, 60, 3
LETTERS_MIN = 3
#: What is long, and tells nobody.
UNTOLD = {"notes", "description"}
TYPED_MAX = 500


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A record here that may be the one that is being typed."""

    label: str
    url: str
    told: str
    active: bool


@company_view
@require_safe
def entering(request: Request, *, company: Company) -> HttpResponse:
    """What is to be known of a record that somebody types."""
    of = BY_NAME.get(request.GET.get("kind", ""))
    typed = {name: str(value)[:TYPED_MAX].strip() for name, value in request.GET.items()}
    if of is None or not typed.get(of.name_field):
        return HttpResponse("")
    own = int(typed["id"]) if typed.get("id", "").isdecimal() else 0
    draft = _draft(of, company, typed)
    clash, waits = _there(of, company, encode(of.from_here(draft)), own)
    context = {
        "field": of.name_field,
        "alike": _alike(of, company, draft, own),
        "clash": problem_sentence(clash) if clash is not None else "",
        "proposal": clash.details["proposal"] if clash is not None else "",
        "waits": waits,
    }
    return render(request, "quickbooks_sync/entering.html", context)


def _draft(kind: Kind, company: Company, typed: Mapping[str, str]) -> Any:
    """What was typed, as a record that is not saved; a figure is as good as blank."""
    texts = {name: typed.get(name, "") for name in typed_fields(kind) if name != "parent"}
    draft = kind.model(company=company, **texts)
    if kind.levels and typed.get("parent"):
        draft.parent = by_full_name(company=company, name=typed["parent"])
    return draft


def typed_fields(kind: Kind) -> list[str]:
    """The fields by which one is told from others, as the form names them."""
    texts = [name for name, blank in kind.blank.items() if blank == "" and name not in UNTOLD]
    return [*texts, "parent"] if kind.levels else texts


def _alike(kind: Kind, company: Company, draft: Any, own: int) -> list[Alike]:
    """Those here that may be it, the likeliest first."""
    assert kind.matching is not None  # noqa: S101 - it is a list
    record = kind.from_here(draft)
    rows = _found(kind, company, encode(record), own)
    features = {row.pk: kind.matching.features(kind.from_here(row), kind.group_here(row)) for row in rows}
    typed = kind.matching.features(record, kind.group_here(draft))
    counts = Counter(fact for each in features.values() for fact in kind.matching.facts(each))
    rarity = Rarity(here=counts, there={}, records=kind.all_here(company).count())
    compared = [(kind.matching.compare(typed, features[row.pk], rarity), row) for row in rows]
    plausible = [(evidence, row) for evidence, row in compared if evidence.is_plausible]
    plausible.sort(key=lambda each: (-each[0].standing, each[1].pk))
    return [
        Alike(
            label=kind.label(row),
            url=local_address(kind.name, row.pk),
            told=evidence.told,
            active=row.active,
        )
        for evidence, row in plausible[:SHOWN_MAX]
    ]


def _found(kind: Kind, company: Company, record: Encoded, own: int) -> list[Any]:
    """Those that have a word of its name, its phone or its e-mail."""
    named = [word for word in words(kind.called(record)) if len(word) >= LETTERS_MIN][:WORDS_MAX]
    reached = [record[name] for name in ("email", "phone", "mobile", "code") if record.get(name)]
    everybody: QuerySet[Any] = kind.all_here(company).exclude(pk=own)
    rows = {
        row.pk: row for term in (*reached, *named) for row in everybody.filter(kind.meant(term))[:FOUND_MAX]
    }
    return list(rows.values())


def _there(kind: Kind, company: Company, record: Encoded, own: int) -> tuple[Problem | None, str]:
    """Who has its name in QuickBooks: what has to be renamed, or what the next Sync asks or pairs."""
    connection = Connection.objects.filter(company=company).first()
    path = _path(kind, connection, record) if connection is not None else ""
    if connection is None or not path:
        return None, ""
    mine = Link.objects.filter(connection=connection, kind=kind.name, local_id=own)
    remotes = Remote.objects.filter(
        connection=connection, entity__in=family(kind), deleted=False, folded_name=folded(path)
    )
    holder = remotes.exclude(pk__in=mine.filter(remote__isnull=False).values("remote")).first()
    if holder is None:
        return None, ""
    linked = Link.objects.filter(remote=holder, local_id__isnull=False).exists()
    if holder.entity == kind.entity and holder.active and not linked and kind.takeable(holder.payload):
        return None, holder.name
    return name_taken(connection, kind, record, holder), ""


def _path(kind: Kind, connection: Connection, record: Encoded) -> str:
    """Its full name there; nothing, as long as the one above it is not there."""
    name, parent = kind.called(record), record.get("parent")
    if parent is None:
        return name
    above = Remote.objects.filter(
        connection=connection, entity=kind.entity, link__kind=kind.name, link__local_id=parent
    ).first()
    return f"{above.name}:{name}" if above is not None else ""
