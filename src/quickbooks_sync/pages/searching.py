"""What somebody looks for in a list of the sync: a record by what it is called here or there.

The search goes over the whole list, never over the part that is shown.
"""

from collections.abc import Mapping

from django.db.models import Q

from quickbooks_sync.kinds import KINDS
from service_genius.companies.models import Company

LENGTH_MAX = 100


def typed(asked: Mapping[str, str]) -> str:
    """What an address looks for."""
    return asked.get("q", "").replace("\x00", "").strip()[:LENGTH_MAX]


def records(company: Company, search: str, *, path: str = "") -> Q:
    """Whether a row is about a record here that is meant; `path` leads to its `kind` and `local_id`."""
    found = Q()
    for kind in KINDS:
        here = kind.all_here(company).filter(kind.meant(search)).order_by()
        found |= Q(**{f"{path}kind": kind.name, f"{path}local_id__in": here.values("pk")})
    return found


def labelled(company: Company, search: str, *, path: str = "") -> Q:
    """The same of a row that has a label, too."""
    return Q(label__icontains=search) | records(company, search, path=path)


def linked(company: Company, search: str) -> Q:
    """The same of a Link."""
    return Q(remote__name__icontains=search) | records(company, search)
