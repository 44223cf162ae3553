"""The command that lets the first people in."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from service_genius.companies.models import Company, Role, User

MODULE = "service_genius.companies.management.commands.add_user"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the two questions for the password."""
    answers = ["correct horse battery", "correct horse battery"]
    monkeypatch.setattr(f"{MODULE}.getpass", lambda _: answers.pop(0))
    return answers


def add(email: str, **options: Any) -> None:
    call_command("add_user", email, **{"name": "Dana", "company": "Summit", **options})


def test_the_owner_of_a_new_company_is_added(typed: list[str], capsys: pytest.CaptureFixture[str]):
    add("Dana@Example.com", zone="America/Los_Angeles")
    user = User.objects.get(email="dana@example.com")
    assert (user.company.name, user.company.zone, user.role) == ("Summit", "America/Los_Angeles", Role.OWNER)
    assert user.check_password("correct horse battery")
    assert "Dana can log in" in capsys.readouterr().out


def test_somebody_joins_a_company_that_exists(typed: list[str], company: Company):
    add("bob@example.com", company=company.name, role="office")
    assert User.objects.get(email="bob@example.com").company == company


@pytest.mark.parametrize(
    ("email", "options", "sentence"),
    [
        ("dana", {}, "is not an e-mail address"),
        ("dana@example.com", {}, "give its zone"),
        ("dana@example.com", {"zone": "Mars/Olympus"}, "give its zone"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_made(
    email: str, options: dict[str, str], sentence: str, typed: list[str]
):
    with pytest.raises(CommandError, match=sentence):
        add(email, **options)
    assert not Company.objects.filter(name="Summit").exists()


def test_an_account_is_made_once(typed: list[str], alice: User):
    with pytest.raises(CommandError, match="has an account already"):
        add("ALICE@example.com")


@pytest.mark.parametrize(
    ("answers", "sentence"), [(["one", "two"], "differ"), (["short", "short"], "too short")]
)
def test_a_bad_password_makes_nothing(answers: list[str], sentence: str, typed: list[str]):
    typed[:] = answers
    with pytest.raises(CommandError, match=sentence):
        add("dana@example.com", zone="America/Los_Angeles")
    assert not User.objects.exists()
