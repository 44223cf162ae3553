"""Django's test client as somebody who opens a page before pressing a button on it.

Each POST carries a key of its own, as if its page had just been opened; `once=` sends a certain one.
"""

import re
from html import unescape
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.test import Client as DjangoClient

from service_genius.companies.models import User
from service_genius.once import keys


class Client(DjangoClient):
    """A browser."""

    @property
    def key(self) -> str:
        """The key of a page that is opened now."""
        return keys.new_key(self._user())

    def _user(self) -> User | AnonymousUser:
        return User.objects.filter(pk=self.session.get(SESSION_KEY)).first() or AnonymousUser()

    def post(self, path: str, data: Any = None, *args: Any, once: str | None = None, **more: Any) -> Any:  # type: ignore[override]
        """Press; `once=""` is a press without a key. What a page's form holds goes with its own."""
        if isinstance(data, str):
            return super().post(path, data, *args, **more)
        sent = {**(data or {}), keys.FIELD: self.key if once is None else once}
        return super().post(path, sent, *args, **more)


def said(client: Client, address: str) -> str:
    """The words of a page, as they follow each other."""
    page = client.get(address).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
