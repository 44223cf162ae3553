"""Read the environment once, into one value; nothing else in the project reads it.

Embedded (the emulator): secrets are files of mode 0600 in VAR_DIR, made on first start.
Sandbox and production: secrets come from the environment, and a missing one stops the start.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import secure
from .disk import sync
from .mistakes import ConfigurationError

SMTP_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over, always encrypted: from the first byte (`smtps`), or by STARTTLS (`smtp`)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    from_first_byte: bool


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Everything the environment may say."""

    var_dir: Path
    port: int
    emulator_port: int
    database_url: str
    secret_key: str
    token_encryption_keys: tuple[str, ...]
    qbo_environment: str
    qbo_client_id: str
    qbo_client_secret: str
    qbo_redirect_uri: str
    mail_server: MailServer | None
    mail_from: str
    trusted_proxies: tuple[secure.Network, ...]
    proxies_named: bool

    @property
    def embedded(self) -> bool:
        """Whether QuickBooks is the emulator on this machine."""
        return self.qbo_environment == "emulator"

    @property
    def emulator_url(self) -> str:
        return f"http://127.0.0.1:{self.emulator_port}"

    @property
    def https(self) -> bool:
        return self.qbo_redirect_uri.startswith("https://")

    @property
    def public_place(self) -> str:
        """The host with its port, as it stands in the address bar."""
        return urlsplit(self.qbo_redirect_uri).netloc

    @property
    def public_host(self) -> str:
        """The host users reach the application under: the one QuickBooks redirects to."""
        return urlsplit(self.qbo_redirect_uri).hostname or "127.0.0.1"

    @property
    def demo_marker(self) -> Path:
        """Present only where `make run` prepared the demo company."""
        return self.var_dir / "demo"


def read(environ: Mapping[str, str]) -> Configuration:
    """The configuration of this process.

    Raises ConfigurationError naming the variable, what is wrong with it, and the way out.
    """
    environment = environ.get("QBO_ENVIRONMENT", "emulator")
    if environment not in {"emulator", "sandbox", "production"}:
        raise ConfigurationError(
            f"QBO_ENVIRONMENT is {environment!r}; it may be emulator, sandbox or production."
        )
    var_dir = Path(environ.get("VAR_DIR", "var")).absolute()
    port = _port(environ, "PORT", 8000)
    embedded = environment == "emulator"

    def secret(variable: str, make: str) -> str:
        value = environ.get(variable, "")
        if value:
            return value
        if embedded:
            return _secret_file(var_dir, variable.lower(), make)
        raise ConfigurationError(f"{variable} must be set when QBO_ENVIRONMENT is {environment}.")

    def required(variable: str, embedded_default: str) -> str:
        value = environ.get(variable, "") or (embedded_default if embedded else "")
        if not value:
            raise ConfigurationError(f"{variable} must be set when QBO_ENVIRONMENT is {environment}.")
        return value

    configuration = Configuration(
        var_dir=var_dir,
        port=port,
        emulator_port=_port(environ, "EMULATOR_PORT", 8001),
        database_url=environ.get("DATABASE_URL", "") or f"sqlite:///{var_dir / 'service_genius.sqlite3'}",
        secret_key=secret("SECRET_KEY", secrets.token_urlsafe(50)),
        token_encryption_keys=tuple(
            key.strip()
            for key in secret(
                "TOKEN_ENCRYPTION_KEYS", urlsafe_b64encode(secrets.token_bytes(32)).decode()
            ).split(",")
        ),
        qbo_environment=environment,
        qbo_client_id=required("QBO_CLIENT_ID", "service-genius"),
        qbo_client_secret=secret("QBO_CLIENT_SECRET", secrets.token_urlsafe(30)),
        qbo_redirect_uri=required(
            "QBO_REDIRECT_URI", f"http://127.0.0.1:{port}/settings/quickbooks/callback/"
        ),
        mail_server=_mail_server(environ.get("EMAIL_URL", "")),
        mail_from=environ.get("EMAIL_FROM", "") or "Service Genius <service-genius@localhost>",
        trusted_proxies=secure.proxies(environ.get("TRUSTED_PROXIES", "")),
        proxies_named=bool(environ.get("TRUSTED_PROXIES", "").strip()),
    )
    _check(configuration)
    return configuration


def _check(configuration: Configuration) -> None:
    if not configuration.embedded:
        secure.check_secret_key(configuration.secret_key)
    secure.check_token_keys(configuration.token_encryption_keys)
    secure.check_redirect_uri(configuration.qbo_redirect_uri, environment=configuration.qbo_environment)
    secure.check_database_url(configuration.database_url)


def _mail_server(url: str) -> MailServer | None:
    """The one that `smtp://user:password@host:587` names; signs in user and password are percent-encoded."""
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port or SMTP_PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if parts.scheme not in SMTP_PORTS or not parts.hostname or not port:
        # Not shown: it may hold a password.
        raise ConfigurationError("EMAIL_URL must look like smtp://user:password@host:587 or smtps://...:465.")
    return MailServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        from_first_byte=parts.scheme == "smtps",
    )


def _port(environ: Mapping[str, str], variable: str, default: int) -> int:
    text = environ.get(variable, "") or str(default)
    if not (text.isdigit() and 0 < int(text) < 65536):  # noqa: PLR2004 - the ports there are
        raise ConfigurationError(f"{variable} is {text!r}; it must be a port number from 1 to 65535.")
    return int(text)


def _secret_file(var_dir: Path, name: str, value: str) -> str:
    """The secret kept in VAR_DIR; made by whichever process comes first."""
    path = var_dir / name
    var_dir.mkdir(parents=True, exist_ok=True)
    draft = var_dir / f".{name}.{os.getpid()}"
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(value)
        sync(draft)  # what it encrypts may be on the disk before it else, and stay locked for ever
        try:
            os.link(draft, path)  # fails if another process was first, so both read one value
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        sync(var_dir)
    return path.read_text()
