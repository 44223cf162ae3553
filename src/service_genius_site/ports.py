"""The ports of this machine: which are used, whether they are free, whether somebody answers there."""

import socket
import urllib.error
import urllib.request

from .configuration import Configuration


def ports(configuration: Configuration) -> dict[str, int]:
    """The ports this will listen on, by the variable that changes them."""
    emulator = {"EMULATOR_PORT": configuration.emulator_port} if configuration.embedded else {}
    return {"PORT": configuration.port, **emulator}


def port_is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Else the remains of connections just closed would look like another program.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class _HereAlone(urllib.request.HTTPRedirectHandler):
    """Leads nowhere else: a site with https sends whoever asks without to its public address."""

    def redirect_request(self, *_: object) -> None:
        return None


def answers(url: str | None) -> bool:
    """Whether a server answers there, with anything; a program without an address counts as ready."""
    if url is None:
        return True
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _HereAlone)
    try:
        with opener.open(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
