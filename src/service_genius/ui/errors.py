"""The pages for what went wrong: what it is, what became of what one did, and the way out.

A part of a page cannot show them, so it is answered with one sentence, which the page shows above what stands
there (`press.js`). Nothing of the fault itself is shown, for it may hold what is nobody's business.
"""

import sys
from dataclasses import dataclass, replace
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from service_genius.once import kept
from service_genius.shared.limits import FORM_BYTES_MAX, FORM_FIELDS_MAX

RETRY_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that goes wrong: its heading, its sentence, and where its button leads."""

    status: int
    title: str
    words: str
    button: str = "Go to the start"
    to: str = "ui:home"


NOT_UNDERSTOOD = Trouble(
    status=400,
    title="Not understood",
    words="This could not be understood, and nothing was changed. Go back, load the page again, and repeat "
    "what you did.",
)
NOT_ALLOWED = Trouble(
    status=403,
    title="Not yours to do",
    words="You may not do this. Nothing was changed.",
    button="Go back to Settings",
    to="companies:settings",
)
TOO_OLD = Trouble(
    status=403,
    title="Please try once more",
    words="The page was open for too long, or in another window. Nothing was changed. Go back, load the page "
    "again, and repeat what you did.",
)
NOT_HERE = Trouble(
    status=404,
    title="Not here",
    words="This page does not exist, or it is not yours to see.",
    button="Go to your customers",
    to="customers:list",
)
NO_PAGE = Trouble(
    status=405,
    title="No page of its own",
    words="Behind this address is a button, not a page; it does something only when it is pressed where it "
    "stands. Nothing was changed.",
)
TOO_LARGE = Trouble(
    status=413,
    title="Not saved",
    words=f"This form is too large: one can have up to {FORM_FIELDS_MAX:,} fields and some "
    f"{FORM_BYTES_MAX // 1_000_000} MB of text. Nothing was changed. Go back: what you typed is still there. "
    "Make it shorter, or split it in two.",
)
TOO_OFTEN = Trouble(
    status=429,
    title="Too often",
    words="This was tried too often in a short time. Nothing was changed. Wait some minutes, then try again.",
)
OURS = Trouble(
    status=500,
    title="Something went wrong",
    words="It is our fault and has been noted. What you saved before is safe. Please try once more.",
)
AWAY = Trouble(
    status=503,
    title="Just a moment",
    words="Service Genius cannot reach its data just now. What you saved before is safe; what you did last "
    "was not done. Please try again in a minute. If it goes on, tell whoever runs Service Genius.",
)
NO_MAIL = Trouble(
    status=503,
    title="The mail was not sent",
    words="The mail server cannot be reached, or does not take the mail. Nothing was changed. Please try "
    "again in some minutes; if it goes on, tell whoever runs Service Genius.",
    button="Back to the log-in",
    to="account_login",
)
TROUBLES = (
    *(NOT_UNDERSTOOD, NOT_ALLOWED, TOO_OLD, NOT_HERE, NO_PAGE, TOO_LARGE, TOO_OFTEN, OURS, AWAY),
    NO_MAIL,
)


def answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The page, in the frame of whoever is logged in; a sentence, for a part of a page."""
    if _is_part(request):
        return _sentence(trouble)
    context = {"trouble": trouble, "way_out": reverse(trouble.to)}
    return _lasting(trouble, render(request, "ui/error.html", context, status=trouble.status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read as a request of ours, or is larger than any that is allowed."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return answer(request, TOO_LARGE if too_large else NOT_UNDERSTOOD)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What only others may do; the words are those of whoever refused it."""
    return answer(request, replace(NOT_ALLOWED, words=str(exception) or NOT_ALLOWED.words))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Somebody logged in anew in another tab, above all: then what was typed in this one is brought back."""
    return kept.after_another_log_in(request) or answer(request, TOO_OLD)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return answer(request, NOT_HERE)


def too_often(request: HttpRequest) -> HttpResponse:
    return answer(request, TOO_OFTEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Alone, without the frame: what failed may be what the frame needs, above all the database."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    trouble = AWAY if away else OURS
    if _is_part(request):
        return _sentence(trouble)
    page = render_to_string("ui/error_alone.html", {"trouble": trouble})
    return _lasting(trouble, HttpResponse(page, status=trouble.status))


def _is_part(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


def _sentence(trouble: Trouble) -> HttpResponse:
    response = HttpResponse(trouble.words, status=trouble.status, content_type="text/plain; charset=utf-8")
    response["X-Said"] = "yes"
    return _lasting(trouble, response)


def _lasting(trouble: Trouble, response: HttpResponse) -> HttpResponse:
    if trouble.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
