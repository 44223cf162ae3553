"""Tokens at rest: encrypted with the first of TOKEN_ENCRYPTION_KEYS, readable with any of them."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableTokenError(Exception):
    """No key of TOKEN_ENCRYPTION_KEYS opens this token; connecting again stores a readable one."""


def seal(token: str) -> str:
    return _fernet().encrypt(token.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableTokenError("TOKEN_ENCRYPTION_KEYS no longer holds the key of this token.") from error


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_ENCRYPTION_KEYS])
