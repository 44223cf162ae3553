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
# How long a page can be left open, or gone back to; also, how long it is known what came of a press.
KEPT = timedelta(days=7)
_SALT = "service_genius.once"
_NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}


def new_key(user: Any) -> str:
    """A key for a page of this user, or of a visitor."""
    return _signer(user).sign(secrets.token_urlsafe(16))


def holds(key: str, *, user: Any) -> bool:
    """Whether it is a key of this very person, and not too old."""
    try:
        _signer(user).unsign(key, max_age=KEPT)
    except BadSignature:
        return False
    return True


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
    told = json.dumps([request.get_full_path(), typed(request)])
    return salted_hmac(f"{_SALT}.content", told, algorithm="sha256").hexdigest()


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything the form sent, by name, but what we put in ourselves."""
    return sorted(
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_CONTENT
    )


def _signer(user: Any) -> TimestampSigner:
    known = user is not None and user.is_authenticated
    whose = f"{user.company_id}.{user.pk}" if known else "visitor"
    return TimestampSigner(salt=f"{_SALT}.{whose}")
