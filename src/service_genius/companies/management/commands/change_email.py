"""Change the address somebody logs in with, where no mail can be sent to confirm it."""

from argparse import ArgumentParser

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from service_genius.companies.accounts import user_of, vouch_for


class Command(BaseCommand):
    help = "Let somebody log in with another address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old")
        parser.add_argument("new")

    def handle(self, *, old: str, new: str, **_: object) -> None:
        address = new.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{new!r} is not an e-mail address.") from error
        user = user_of(old.strip())
        if user is None:
            raise CommandError(f"Nobody logs in with {old}.")
        if user_of(address) not in {None, user}:
            raise CommandError(f"Somebody else logs in with {address} already.")
        user.email = address
        user.save(update_fields=["email"])
        vouch_for(user)
        self.stdout.write(f"{user.name} logs in with {address} from now on.")
