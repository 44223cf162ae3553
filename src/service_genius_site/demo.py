"""The demo company of `make run`: made once, and made anew by `reset-demo`.

Only beside the emulator: its password is printed on the screen.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from .configuration import Configuration

ZONE = "America/Los_Angeles"


def ensure(configuration: Configuration) -> None:
    """Make the demo company where there is no company at all."""
    from service_genius.companies.models import Company  # noqa: PLC0415 - needs Django set up

    if Company.objects.exists():
        return
    click.echo("Making the demo company")
    make(configuration)


def make(configuration: Configuration) -> None:
    """Make it in a database without any company."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up by now

    from service_genius.companies.demo import make_demo  # noqa: PLC0415

    configuration.demo_marker.touch()
    with transaction.atomic():  # the whole demo, or a next start that makes it
        make_demo(today=datetime.now(ZoneInfo(ZONE)).date(), zone=ZONE)
