"""What a site must not be started with: a secret that can be guessed, a way that can be listened to.

Each check raises ConfigurationError that names the variable and says what to do, never the value.
"""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import dj_database_url

from .mistakes import ConfigurationError

Network = IPv4Network | IPv6Network

CALLBACK = "/settings/quickbooks/callback/"
SECRET_CHARACTERS_MIN = 50
DIFFERENT_CHARACTERS_MIN = 10
FERNET_BYTES = 32
#: Beginnings and words of keys that are printed in documents, and copied from there.
KNOWN_WORDS = (
    *("change-me", "change_me", "changeme", "change this", "insecure", "your-", "your_", "example"),
    *("secret-key", "secret_key", "secretkey", "password", "replace"),
)
#: The one of the Fernet specification, and of many examples.
KNOWN_KEYS = ("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=",)
DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}


def check_secret_key(key: str) -> None:
    """Refuse what somebody could guess: then they could log in as anybody."""
    known = any(word in key.lower() for word in KNOWN_WORDS)
    if known or len(key) < SECRET_CHARACTERS_MIN or not _varied(key):
        raise ConfigurationError(
            f"SECRET_KEY must be a random text of at least {SECRET_CHARACTERS_MIN} characters that stands "
            "nowhere else. This makes one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )


def check_token_keys(keys: tuple[str, ...]) -> None:
    """Refuse what encrypts nothing, or what everybody knows: the access to QuickBooks is kept under it."""
    for place, key in enumerate(keys, start=1):
        try:
            raw = urlsafe_b64decode(key.encode("ascii"))
        except (NotBase64, ValueError):
            raw = b""
        if len(raw) != FERNET_BYTES or key in KNOWN_KEYS or len(set(raw)) < DIFFERENT_CHARACTERS_MIN:
            which = f"Number {place} of TOKEN_ENCRYPTION_KEYS" if len(keys) > 1 else "TOKEN_ENCRYPTION_KEYS"
            raise ConfigurationError(
                f"{which} is not a random Fernet key. This makes one: python3 -c 'import base64, os; "
                "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
            )


def check_redirect_uri(uri: str, *, environment: str) -> None:
    """Refuse an address that QuickBooks could not send people back to, or over which others could listen."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    whole = parts.path == CALLBACK and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in {"http", "https"} or not host or not whole:
        raise ConfigurationError(
            f"QBO_REDIRECT_URI must be the whole address QuickBooks sends people back to, such as "
            f"https://books.example.com{CALLBACK}"
        )
    if parts.scheme == "http" and (environment == "production" or not _loopback(host)):
        raise ConfigurationError(
            f"QBO_REDIRECT_URI begins with http://, so passwords and books would travel for all to read. "
            f"Put a web server with https in front (docs/running.md) and set https://{parts.netloc}{CALLBACK}"
        )


def check_database_url(url: str) -> None:
    """Refuse what names no database of ours; not shown, since it may hold a password."""
    try:
        known = urlsplit(url).scheme in DATABASE_SCHEMES and dj_database_url.parse(url)["NAME"]
    except (ValueError, KeyError):
        known = ""
    if not known:
        raise ConfigurationError(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name or sqlite:////folder/file."
        )


def proxies(text: str) -> tuple[Network, ...]:
    """The web servers in front, by address or network, as TRUSTED_PROXIES names them; `none` is nobody."""
    named = [each.strip() for each in text.split(",") if each.strip()]
    try:
        return tuple(ip_network(each) for each in named if each != "none")
    except ValueError as error:
        raise ConfigurationError(
            f"TRUSTED_PROXIES: {error}. Name the addresses of the web servers in front, with commas "
            "between them, such as 127.0.0.1,10.1.0.0/16; or none."
        ) from error


def _varied(key: str) -> bool:
    """Neither few characters nor one piece again and again."""
    return len(set(key)) >= DIFFERENT_CHARACTERS_MIN and key not in (key + key)[1:-1]


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
