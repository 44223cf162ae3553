"""The answer to a field that proposes names while one is typed."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join


def typed(request: HttpRequest) -> str:
    """What stands in the field; it is the only thing the field sends, whatever its name."""
    return str(next(iter(request.GET.values()), "")).replace("\x00", "").strip()[:500]


def proposals(names: Iterable[str]) -> HttpResponse:
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((name,) for name in names)))
