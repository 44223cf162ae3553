"""What the environment may say, and the sentence for each thing that it may not."""

from pathlib import Path

import pytest

from service_genius_site.configuration import ConfigurationError, read

REAL = {
    "QBO_ENVIRONMENT": "production",
    "QBO_CLIENT_ID": "id",
    "QBO_CLIENT_SECRET": "secret",
    "QBO_REDIRECT_URI": "https://books.example.com/settings/quickbooks/callback/",
    "SECRET_KEY": "key",
    "TOKEN_ENCRYPTION_KEYS": "one,two",
}


def test_nothing_need_be_set_for_the_emulator_and_secrets_are_kept(tmp_path: Path) -> None:
    first, second = read({"VAR_DIR": str(tmp_path)}), read({"VAR_DIR": str(tmp_path)})
    assert first.embedded
    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_real_quickbooks_is_reached_under_the_address_it_redirects_to(tmp_path: Path) -> None:
    configuration = read(REAL | {"VAR_DIR": str(tmp_path)})
    assert (configuration.public_host, configuration.https) == ("books.example.com", True)
    assert configuration.token_encryption_keys == ("one", "two")
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
