"""What the person who starts a command is told, in one sentence, instead of a traceback."""


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""
