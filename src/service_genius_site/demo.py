"""The demo company of `make run`: made once, and made anew by `reset-demo`.

Only beside the emulator: its password is printed on the screen.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from .configuration import Configuration
from .mistakes import ConfigurationError

ZONE = "America/Los_Angeles"


def ensure(configuration: Configuration) -> None:
    """Make the demo company where there is no company at all."""
    from service_genius.companies.models import Company  # noqa: PLC0415 - needs Django set up

    if Company.objects.exists():
        return
    click.echo("Making the demo company")
    _make(configuration)


def reset(configuration: Configuration) -> None:
    """Throw away all records, here and in the emulator, and make the demo anew.

    Raises ConfigurationError where there is no demo, or while it is running.
    """
    from .supervisor import port_is_free, ports, prepare  # noqa: PLC0415 - it imports this module too

    if not (configuration.embedded and configuration.demo_marker.exists()):
        raise ConfigurationError(f"{configuration.var_dir} holds no demo: make run makes one.")
    if not all(map(port_is_free, ports(configuration).values())):
        raise ConfigurationError("Stop Service Genius first (Ctrl-C in its window), then reset the demo.")
    for data in configuration.var_dir.glob("emulator.sqlite3*"):
        data.unlink()
    prepare(configuration)
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    from quickbooks_sync.beside import beside_database  # noqa: PLC0415

    call_command("flush", verbosity=0, interactive=False)
    if memory := beside_database():
        memory.unlink(missing_ok=True)  # an emptied database is no restored one
    click.echo("Making the demo company")
    _make(configuration)
    click.echo("The demo is as on the first day: make run")


def _make(configuration: Configuration) -> None:
    from django.db import transaction  # noqa: PLC0415 - Django is set up by now

    from service_genius.companies.demo import make_demo  # noqa: PLC0415

    configuration.demo_marker.touch()
    with transaction.atomic():  # the whole demo, or a next start that makes it
        make_demo(today=datetime.now(ZoneInfo(ZONE)).date(), zone=ZONE)
