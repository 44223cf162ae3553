"""What the person who starts a command is told, in one sentence, instead of a traceback."""


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


def database_trouble(error: BaseException) -> str:
    """What to say of a database that cannot be used, with the way out; nothing, if it is something else."""
    from django.db import DatabaseError, InterfaceError, connection  # noqa: PLC0415 - only where one is used

    if not isinstance(error, DatabaseError | InterfaceError):
        return ""
    settings = connection.settings_dict
    first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    if connection.vendor == "postgresql":
        where = f"PostgreSQL at {settings['HOST'] or 'this machine'}, port {settings['PORT'] or 5432}"
        mend = "Start it, or say in DATABASE_URL where it is and who may use it"
    else:
        where = f"the database file {settings['NAME']}"
        mend = "See that its folder exists and is yours to write, and that the disk is not full"
    if "no such table" in first or ("does not exist" in first and "relation" in first):
        return f"{where} has not been made ready: service-genius migrate does that. ({first})"
    return f"{where} cannot be used: {first}. {mend}; then try again."
