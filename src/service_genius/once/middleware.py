"""Every form is accepted once.

The first press writes a row under its key, in the transaction in which the view writes what was asked for:
after a crash there are both or neither. A press at the same moment waits for that row. Whoever comes later
gets what the first one got; with other content, is asked.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import format_html

from service_genius.once import kept, keys
from service_genius.once.models import Outcome, Press

SWEPT_EVERY = 100
MORE_THAN_ONCE = "You pressed it more than once. It was done once."
SAVED_ONCE = 'You pressed it more than once. It was saved once. <a href="{}">Enter another like it</a>'


class Saved(HttpResponseRedirect):
    """The answer of a form that saved a record: to its page."""

    def __init__(self, *, to: str, name: str, revision: int, another: str = "") -> None:
        super().__init__(to)
        self.name = name
        self.revision = revision
        self.another = another


class Once:
    """For every POST of the site but those that `settings.ONCE_LEFT_OUT` names with a reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "GET" and keys.PARAMETER in request.GET and kept.bring_back(request):
            return self._shown_again(request)
        if not _concerned(request):
            return self._get_response(request)
        if keys.LOOK in request.POST and request.user.is_authenticated:
            return self._shown_again(request)
        with transaction.atomic():
            response = self._get_response(request)
            if response.status_code >= 500:  # noqa: PLR2004 - the view failed half-way
                transaction.set_rollback(True)
            else:
                _conclude(request, response)
        return response

    def _shown_again(self, request: HttpRequest) -> HttpResponse:
        """The page of a form as it was sent; where there is no such page, what was typed, to be sent anew."""
        with transaction.atomic():
            response = self._get_response(request)
            transaction.set_rollback(True)  # it is only looked at
        if response.status_code == HttpResponseNotAllowed.status_code:
            return _typed_page(request, status=200)
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Answer in the view's place whatever is no first press; here the CSRF token is known to be right."""
        if not _concerned(request):
            return None
        key = request.POST.get(keys.FIELD, "")
        user = request.user if request.user.is_authenticated else None
        if user is not None and keys.LOOK in request.POST:
            request.method = "GET"  # for the view, it is a page that is opened
            if keys.holds(key, user=user):
                keys.keep(request, key)
            return None
        if not keys.holds(key, user=user):
            return _unknown(request) if user is not None else _logged_out(request)
        content = keys.content(request)
        press, first = Press.objects.get_or_create(
            token=keys.token(key, path=request.path), user=user, defaults={"content": content}
        )
        if first:
            keys.keep(request, key)
            request.once_press = press, len(_messages(request))  # type: ignore[attr-defined]
            _sweep(press)
            return None
        outcome = Outcome(**press.outcome)
        return _same(request, outcome) if press.content == content else _asked(request, outcome)


def _concerned(request: HttpRequest) -> bool:
    if request.method != "POST":
        return False
    try:
        return resolve(request.path_info).view_name not in settings.ONCE_LEFT_OUT
    except Resolver404:
        return False


def _conclude(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what came of a first press; one that was refused was none, and its key is still good."""
    press, said_before = getattr(request, "once_press", (None, 0))
    if press is None:
        return
    outcome = _outcome(request, response, said_before)
    if outcome is None:
        press.delete()
        return
    kept.forget(press.token)
    press.outcome = asdict(outcome)
    press.save(update_fields=["outcome"])


def _outcome(request: HttpRequest, response: HttpResponse, said_before: int) -> Outcome | None:
    """What came of it; nothing, if the form is shown again or an error is told."""
    if not isinstance(response, HttpResponseRedirect):
        return None
    said = _messages(request)[said_before:]
    if any(each.level >= messages.ERROR for each in said):
        return None
    outcome = Outcome(to=response.url, said=[(each.level, str(each.message)) for each in said])
    if isinstance(response, Saved):
        return replace(outcome, name=response.name, revision=response.revision, another=response.another)
    return outcome


def _same(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """What the first press was answered; its browser may never have seen that."""
    waiting = {(each.level, str(each.message)) for each in _messages(request)}
    once = format_html(SAVED_ONCE, outcome.another) if outcome.another else MORE_THAN_ONCE
    for level, text in [*outcome.said, (messages.INFO, once)]:
        if (level, str(text)) not in waiting:
            messages.add_message(request, level, text)
    return HttpResponseRedirect(outcome.to)


def _asked(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """It was changed since, as by going back: ask, with all that was typed and a key of its own."""
    typed = [
        # Upon what the person's own first press made of the record, not upon what stood on the page.
        (name, str(outcome.revision) if name == "revision" and outcome.revision is not None else value)
        for name, value in keys.typed(request)
        if name != "stood"
    ]
    return render(request, "once/asked.html", {"outcome": outcome, "typed": typed})


def _unknown(request: HttpRequest) -> HttpResponse:
    """No key, or one of long ago: nothing is done before it is pressed once more, with one."""
    return _typed_page(request, status=400)


def _typed_page(request: HttpRequest, *, status: int) -> HttpResponse:
    secret = keys.is_secret(request)
    context = {"typed": [] if secret else keys.typed(request), "secret": secret}
    return render(request, "once/unknown.html", context, status=status)


def _logged_out(request: HttpRequest) -> HttpResponse | None:
    """To the log-in, and back with all that was typed; a view sends those to the log-in who typed nothing."""
    address = kept.keep(request)
    return redirect_to_login(address) if address else None


def _messages(request: HttpRequest) -> list[Any]:
    """The messages that wait to be shown, and go on waiting."""
    storage: Any = messages.get_messages(request)
    found = list(storage)
    storage.used = False
    return found


def _sweep(press: Press) -> None:
    """Now and then forget what is older than any key that still holds, so that the table stays small."""
    if press.pk % SWEPT_EVERY == 0:
        Press.objects.filter(created_at__lt=timezone.now() - keys.KEPT).delete()
        kept.sweep()
