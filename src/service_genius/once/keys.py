"""The key of a page: made with it, carried by all its forms, good for one person and some days.

A key is told from a guess by its signature, so nothing is stored before something is pressed.
"""

import json
import secrets
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

FIELD = "once"
# A form that is sent with it is shown again with all that was typed, and nothing is saved.
LOOK = "look"
# In the address of a page: what was typed into it before is to stand in it again.
PARAMETER = "kept"
# How long a page can be left open, or gone back to; also, how long it is known what came of a press.
KEPT = timedelta(days=7)
_SALT = "service_genius.once"
_SIGNER = TimestampSigner(salt=_SALT)
_VISITOR = "visitor"
_NOT_CONTENT = {FIELD, LOOK, "csrfmiddlewaretoken"}


def new_key(user: Any) -> str:
    """A key for a page of this user, or of a visitor."""
    return _SIGNER.sign(f"{_whose(user)}.{secrets.token_urlsafe(16)}")


def holds(key: str, *, user: Any) -> bool:
    """Whether it is a key of this very person, and not too old."""
    return _made_for(key) == _whose(user)


def owner(key: str) -> int | None:
    """The id of the person whose key it is, if it still holds; None for a visitor's, or none of ours."""
    made_for = _made_for(key)
    return int(made_for.rpartition(".")[2]) if made_for not in {"", _VISITOR} else None


def key_of_page(request: HttpRequest) -> str:
    """The key for all forms of the page that is being made; one that is refused keeps its own."""
    key: str | None = getattr(request, "once_key", None)
    if key is None:
        key = new_key(getattr(request, "user", None))
        keep(request, key)
    return key


def keep(request: HttpRequest, key: str) -> None:
    """Let the page that answers this request carry this key."""
    request.once_key = key  # type: ignore[attr-defined]


def token(key: str, *, path: str) -> str:
    """What a press is known by: the key at one address."""
    return salted_hmac(f"{_SALT}.token", f"{key} {path}", algorithm="sha256").hexdigest()


def content(request: HttpRequest) -> str:
    """The same for the same, and says nothing of what it is: passwords are typed into forms, too."""
    query = {name: request.GET.getlist(name) for name in sorted(request.GET) if name != PARAMETER}
    told = json.dumps([request.path, query, typed(request)])
    return salted_hmac(f"{_SALT}.content", told, algorithm="sha256").hexdigest()


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything the form sent, by name, but what we put in ourselves."""
    return sorted(
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_CONTENT
    )


def is_secret(request: HttpRequest) -> bool:
    """Whether something was typed that is to stand on no page and in no table."""
    return any("password" in name for name in request.POST)


def _whose(user: Any) -> str:
    known = user is not None and user.is_authenticated
    return f"{user.company_id}.{user.pk}" if known else _VISITOR


def _made_for(key: str) -> str:
    """For whom it was made; empty if it is none of ours, or too old."""
    try:
        return _SIGNER.unsign(key, max_age=KEPT).rpartition(".")[0]
    except BadSignature:
        return ""
