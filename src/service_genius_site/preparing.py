"""Bring the data of an installation up to date before it serves."""

import os

import click

from .configuration import Configuration
from .databases import forgetful
from .demo import ensure


def prepare(configuration: Configuration) -> None:
    """Bring database, static files and demo up to date; repeating it changes nothing."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "service_genius_site.settings"
    # Children and this process read the same folder, whatever directory they start in.
    os.environ["VAR_DIR"] = str(configuration.var_dir)
    configuration.var_dir.mkdir(parents=True, exist_ok=True)
    import django  # noqa: PLC0415 - the environment above comes first
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    click.echo("Preparing the database")
    for warning in filter(None, (forgetful(), all_as_one(configuration))):
        click.echo(warning, err=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    click.echo("Collecting static files")
    call_command("collectstatic", verbosity=0, interactive=False)
    if configuration.embedded:
        ensure(configuration)
    close_connections()


def all_as_one(configuration: Configuration) -> str:
    """What to say where all who come through a web server in front count as one visitor."""
    if not configuration.https or configuration.proxies_named:
        return ""
    return (
        "TRUSTED_PROXIES is not set: all who come through your web server count as one visitor, so a few "
        "wrong passwords of one keep everybody out for a while. Set it to that server's address, such as "
        "127.0.0.1, once it writes X-Forwarded-For (docs/running.md), or to none."
    )


def close_connections() -> None:
    """Let go of the database; a child process opens its own."""
    from django.db import connections  # noqa: PLC0415 - Django is set up by now

    connections.close_all()
