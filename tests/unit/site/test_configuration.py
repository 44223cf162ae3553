"""What the environment may say, and the sentence for each thing that it may not."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from service_genius_site.configuration import read
from service_genius_site.mistakes import ConfigurationError

#: The same in every process that runs tests.
ONE, TWO = (urlsafe_b64encode(sha256(name).digest()).decode() for name in (b"one", b"two"))
REAL = {
    "QBO_ENVIRONMENT": "production",
    "QBO_CLIENT_ID": "id",
    "QBO_CLIENT_SECRET": "secret",
    "QBO_REDIRECT_URI": "https://books.example.com/settings/quickbooks/callback/",
    "SECRET_KEY": "Zr1vQmT8wXyLkP3sNdBf7hGjC5uReA0oI9tMqWxY2zVbKnDp4H",
    "TOKEN_ENCRYPTION_KEYS": f"{ONE},{TWO}",
}
CALLBACK = "/settings/quickbooks/callback/"


def test_nothing_need_be_set_for_the_emulator_and_secrets_are_kept(tmp_path: Path) -> None:
    first, second = read({"VAR_DIR": str(tmp_path)}), read({"VAR_DIR": str(tmp_path)})
    assert first.embedded
    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_real_quickbooks_is_reached_under_the_address_it_redirects_to(tmp_path: Path) -> None:
    configuration = read(REAL | {"VAR_DIR": str(tmp_path)})
    assert (configuration.public_host, configuration.https) == ("books.example.com", True)
    assert configuration.token_encryption_keys == (ONE, TWO)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variable", sorted(REAL.keys() - {"QBO_ENVIRONMENT"}))
def test_a_missing_variable_is_named(tmp_path: Path, variable: str) -> None:
    environ = {name: value for name, value in REAL.items() if name != variable}
    with pytest.raises(ConfigurationError, match=f"^{variable} must be set"):
        read(environ | {"VAR_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("variable", "value"),
    [("QBO_ENVIRONMENT", "live"), ("PORT", "0"), ("PORT", "70000"), ("EMULATOR_PORT", "eight")],
)
def test_a_wrong_value_is_named_with_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{variable} is '{value}'"):
        read({"VAR_DIR": str(tmp_path), variable: value})


def test_mail_goes_by_the_server_that_is_named(tmp_path: Path) -> None:
    def server(url: str) -> tuple[object, ...]:
        found = read({"VAR_DIR": str(tmp_path), "EMAIL_URL": url}).mail_server
        assert found is not None
        return found.host, found.port, found.user, found.password, found.from_first_byte

    assert read({"VAR_DIR": str(tmp_path)}).mail_server is None
    assert server("smtp://office:p%40ss@mail.example.com") == (
        *("mail.example.com", 587, "office", "p@ss"),
        False,
    )
    assert server("smtps://mail.example.com:4650") == ("mail.example.com", 4650, "", "", True)


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://:25", "smtp://user:secret@host:many"]
)
def test_a_mail_server_that_cannot_be_read_is_named_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^EMAIL_URL must look like") as told:
        read({"VAR_DIR": str(tmp_path), "EMAIL_URL": url})
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("SECRET_KEY", key) for key in ("short", "x" * 80, "changeme" * 10, "0123456789" * 6)),
        ("SECRET_KEY", "django-insecure-" + "Zr1vQmT8wXyLkP3sNdBf7hGjC5uReA0oI9tMqWxY"),
        ("SECRET_KEY", "your-long-random-secret-of-more-than-fifty-characters-goes-here"),
        *(("TOKEN_ENCRYPTION_KEYS", keys) for keys in ("notakey", f"{ONE},", f"{ONE},notakey", "é" * 44)),
        ("TOKEN_ENCRYPTION_KEYS", "A" * 43 + "="),
        ("TOKEN_ENCRYPTION_KEYS", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="),
        *(("DATABASE_URL", url) for url in ("books", "mysql://u:hidden@h/n", "postgresql://u:hidden@h:x/n")),
        *(("QBO_REDIRECT_URI", uri) for uri in ("books.example.com", "https://", f"ftp://h{CALLBACK}")),
        ("QBO_REDIRECT_URI", f"https://user:hidden@books.example.com{CALLBACK}"),
        *(
            ("QBO_REDIRECT_URI", f"https://books.example.com{path}")
            for path in ("", "/callback/", "/?next=/")
        ),
        *(("QBO_REDIRECT_URI", f"https://{host}{CALLBACK}") for host in ("[::1", "host:port", "host:99999")),
        ("QBO_REDIRECT_URI", f"http://books.example.com{CALLBACK}"),
        ("QBO_REDIRECT_URI", f"http://127.0.0.1:8000{CALLBACK}"),
        ("TRUSTED_PROXIES", "everybody"),
    ],
)
def test_an_unsafe_value_stops_the_start_with_its_name_and_never_itself(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(ConfigurationError, match=variable) as told:
        read(REAL | {"VAR_DIR": str(tmp_path), variable: value})
    if variable not in {"TRUSTED_PROXIES", "QBO_REDIRECT_URI"}:
        assert value not in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.mark.parametrize(("environment", "host"), [("sandbox", "localhost:8000"), ("emulator", "[::1]:80")])
def test_without_https_people_are_sent_back_to_their_own_machine_alone(
    tmp_path: Path, environment: str, host: str
) -> None:
    environ = REAL | {"VAR_DIR": str(tmp_path), "QBO_ENVIRONMENT": environment}
    assert not read(environ | {"QBO_REDIRECT_URI": f"http://{host}{CALLBACK}"}).https
    with pytest.raises(ConfigurationError, match="travel for all to read"):
        read(environ | {"QBO_REDIRECT_URI": f"http://192.168.1.7{CALLBACK}"})


def test_several_keys_may_stand_with_blanks_between_them(tmp_path: Path) -> None:
    environ = REAL | {"VAR_DIR": str(tmp_path), "TOKEN_ENCRYPTION_KEYS": f"{ONE}, {TWO}"}
    assert read(environ).token_encryption_keys == (ONE, TWO)


def test_the_web_servers_in_front_are_named_by_address_and_by_network(tmp_path: Path) -> None:
    def named(text: str) -> tuple[list[str], bool]:
        found = read(REAL | {"VAR_DIR": str(tmp_path), "TRUSTED_PROXIES": text})
        return [str(each) for each in found.trusted_proxies], found.proxies_named

    assert named("127.0.0.1, 10.1.0.0/16,::1") == (["127.0.0.1/32", "10.1.0.0/16", "::1/128"], True)
    assert named("none") == ([], True)
    assert named("") == ([], False)
