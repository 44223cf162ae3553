"""`service-genius reset-demo`: the demo as on the first day."""

import click

from .configuration import Configuration
from .demo import make
from .mistakes import ConfigurationError
from .ports import port_is_free, ports
from .preparing import prepare


def reset(configuration: Configuration) -> None:
    """Throw away all records, here and in the emulator, and make the demo anew.

    Raises ConfigurationError where there is no demo, or while it is running.
    """
    if not (configuration.embedded and configuration.demo_marker.exists()):
        raise ConfigurationError(f"{configuration.var_dir} holds no demo: make run makes one.")
    if not all(map(port_is_free, ports(configuration).values())):
        raise ConfigurationError("Stop Service Genius first (Ctrl-C in its window), then reset the demo.")
    for data in configuration.var_dir.glob("emulator.sqlite3*"):
        data.unlink()
    prepare(configuration)
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    from quickbooks_sync.memory.high_water import beside_database  # noqa: PLC0415

    call_command("flush", verbosity=0, interactive=False)
    if memory := beside_database():
        memory.unlink(missing_ok=True)  # an emptied database is no restored one
    click.echo("Making the demo company")
    make(configuration)
    click.echo("The demo is as on the first day: make run")
