"""Add a person, and their company if it is new: the only way in where there is no demo."""

from argparse import ArgumentParser
from getpass import getpass
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from service_genius.companies.models import Company, Role, User


class Command(BaseCommand):
    help = "Add a user to a company; a company that does not exist yet is made. Asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as it is shown to the others of the company")
        parser.add_argument("--company", required=True, help="its name, exactly")
        parser.add_argument("--zone", help="time zone of a new company, such as America/Los_Angeles")
        parser.add_argument("--role", choices=Role.values, default=Role.OWNER)

    def handle(
        self, *, email: str, name: str, company: str, zone: str | None, role: str, **_: object
    ) -> None:
        address = email.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        if User.objects.filter(email=address).exists():
            raise CommandError(f"{address} has an account already.")
        password = _password(User(email=address, name=name))
        with transaction.atomic():
            where = Company.objects.filter(name=company).first() or _new_company(company, zone)
            User.objects.create_user(email=address, password=password, name=name, role=role, company=where)
        self.stdout.write(f"{name} can log in as {address}, for {where}.")


def _new_company(name: str, zone: str | None) -> Company:
    if zone not in available_timezones():
        raise CommandError(
            f"There is no company named {name!r}. To make it, give its zone: --zone America/Los_Angeles"
        )
    return Company.objects.create(name=name, zone=zone)


def _password(user: User) -> str:
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise CommandError("The two passwords differ; nothing was done.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
