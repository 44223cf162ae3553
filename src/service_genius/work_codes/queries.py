"""What is asked about work codes: those to propose, and the one a person has typed."""

from django.db.models import Case, Q, Value, When

from service_genius.companies.models import Company
from service_genius.shared import checks
from service_genius.shared.searching import terms
from service_genius.work_codes.models import WorkCode, name_key

CHOICES_MAX = 50


def meant(search: str) -> Q:
    """Whether a work code is meant by what was typed."""
    found = Q()
    for term in terms(search):
        one = Q(search_text__contains=term.text)
        found &= one if term.amount is None else one | Q(price=term.amount)
    return found


def choices(*, company: Company, search: str) -> list[str]:
    """Names to propose for what was typed so far; what begins so, or has just this short code, first."""
    sought = checks.key(search)
    found = WorkCode.objects.filter(meant(search), company=company, active=True)
    begins = Case(
        When(code__iexact=search, then=Value(0)),
        When(name_key__startswith=sought, then=Value(1)),
        default=Value(2),
    )
    return [work_code.full_name for work_code in found.order_by(begins, "name_key", "pk")[:CHOICES_MAX]]


def by_full_name(*, company: Company, name: str) -> WorkCode | None:
    """Find the work code of this name, or else the only one of this short code, or of this own name."""
    named = (
        WorkCode.objects.filter(company=company, name_key=name_key(name)).order_by("-active", "pk").first()
    )
    if named is not None:
        return named
    active = WorkCode.objects.filter(company=company, active=True)
    for meant_by in ("code", "name"):  # the name as it heads its page, without the category
        two = list(active.filter(**{f"{meant_by}__iexact": name})[:2])
        if two:
            return two[0] if len(two) == 1 else None
    return None
