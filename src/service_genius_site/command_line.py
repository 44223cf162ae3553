"""The console script `service-genius`: what a person or a scheduler calls.

Anything it does not know is handed to Django's own management (`migrate`, `createsuperuser`, ...).
Each command imports what it needs when it runs, so that `--help` and a wrong setting answer at once.
"""
# ruff: noqa: PLC0415 - imports inside the commands, as said above

import os
import sys
from pathlib import Path

import click

from . import running
from .configuration import Configuration, read
from .disk import keep_private
from .mistakes import ConfigurationError, database_trouble

NEEDS_DJANGO = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


class Commands(click.Group):
    """Our own commands, and Django's for every other name."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _management(cmd_name)


@click.group(cls=Commands)
def commands() -> None:
    """Service Genius, kept the same in QuickBooks Online.

    Any other command is one of Django's: service-genius help lists them.
    """


@commands.command()
def run() -> None:
    """Prepare and serve everything on this machine, until Ctrl-C."""
    from .supervisor import run as run_all

    sys.exit(run_all(_configuration()))


@commands.command()
def worker() -> None:
    """Carry out the runs that are due, until told to stop."""
    _django()
    from quickbooks_sync.runs.worker import main

    main()


@commands.command()
@click.argument("company")
@click.option("--full", is_flag=True, help="Full Sync, as the first time.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
@click.option("--yes", is_flag=True, help="Answer the question a run may ask.")
@click.option("--preview", is_flag=True, help="Only say what the sync would do.")
def sync(*, company: str, full: bool, as_json: bool, yes: bool, preview: bool) -> None:
    """Sync COMPANY (its name or number) with QuickBooks now.

    The exit code is 0 when the sync is done, 1 when it failed, 2 when it could not be asked for, and 3
    when it asks a question.
    """
    _django()
    from quickbooks_sync import commands as sync_commands

    if silent := running.silent_emulator(_configuration()):
        click.echo(silent, err=True)
        sys.exit(2)
    try:
        sys.exit(sync_commands.sync(company, full=full, as_json=as_json, yes=yes, preview=preview))
    except sync_commands.CommandError as error:
        click.echo(error, err=True)
        sys.exit(2)


@commands.command()
@click.argument("company")
@click.option("--check", is_flag=True, help="Ask QuickBooks anew first.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def books(*, company: str, check: bool, as_json: bool) -> None:
    """Say whether the books of COMPANY (its name or number) and QuickBooks match, to the cent.

    The exit code is 0 when every cent of the difference is explained, 1 when not, and 2 when it could not
    be found out.
    """
    _django()
    from quickbooks_sync import commands as sync_commands

    if check and (silent := running.silent_emulator(_configuration())):
        click.echo(silent, err=True)
        sys.exit(2)
    try:
        sys.exit(sync_commands.books(company, check=check, as_json=as_json))
    except sync_commands.CommandError as error:
        click.echo(error, err=True)
        sys.exit(2)


@commands.group()
def connection() -> None:
    """Look at the connections to QuickBooks."""


@connection.command()
def status() -> None:
    """Print each company's connection."""
    _django()
    from quickbooks_sync.commands import connection_status

    sys.exit(connection_status())


@commands.command("reset-demo")
def reset_demo() -> None:
    """Make the demo as on the first day: all records, here and in the emulator, are thrown away."""
    from .resetting import reset

    reset(_configuration())


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def backup(*, file: Path, force: bool) -> None:
    """Write everything into FILE; Service Genius may go on running."""
    from . import keeping
    from .postgresql import KeepingError

    try:
        keeping.backup(_configuration(), file.absolute(), force=force)
    except KeepingError as error:
        sys.exit(f"service-genius: {error}")


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask first.")
def restore(*, file: Path, yes: bool) -> None:
    """Put the backup in FILE in the place of all that is here."""
    from . import keeping
    from .postgresql import KeepingError

    if not yes:
        click.confirm(f"Replace everything in Service Genius with {file}?", abort=True)
    try:
        keeping.restore(_configuration(), file.absolute())
    except KeepingError as error:
        sys.exit(f"service-genius: {error}")


def main() -> None:
    """Run the command; a wrong setting, or a database that is away, is one sentence and no traceback."""
    keep_private()
    running.recall(os.environ, but_for=sys.argv[1:2])
    try:
        commands.main(prog_name="service-genius")
    except ConfigurationError as error:
        sys.exit(f"service-genius: {error}")
    except Exception as error:
        if not (trouble := _database_trouble(error)):
            raise
        sys.exit(f"service-genius: {trouble}")


def _database_trouble(error: Exception) -> str:
    # Where nothing has asked for Django yet, no database can have failed.
    return database_trouble(error) if "django.db" in sys.modules else ""


def _configuration() -> Configuration:
    return read(os.environ)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")
    import django

    django.setup()


def _management(name: str) -> click.Command:
    @click.command(name, context_settings=NEEDS_DJANGO)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(["service-genius", name, *arguments])

    return command
