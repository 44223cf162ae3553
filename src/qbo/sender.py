"""HTTP and nothing else: finished requests go in, completions come out.

The engine is single-threaded; whatever may happen at the same time happens behind this Protocol.
The threads of ThreadSender own no decision: no retry, no token, no clock, no reading of answers.
"""

import os
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import Literal, Protocol

import httpx2

CONNECT_TIMEOUT_SECONDS = 10.0
_NEVER_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """A request as it goes out; the repr leaves out what is secret (headers) or private (body)."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    timeout: float


@dataclass(frozen=True, kw_only=True)
class HttpResponse:
    """A whole answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Completion:
    """The end of one request: a response, or what is known of its failure."""

    ticket: int
    response: HttpResponse | None
    failure: Literal["not_sent", "unknown"] | None
    reason: str


class Sender(Protocol):
    """What the client needs of the world outside; tests and the simulation bring their own."""

    def submit(self, ticket: int, request: HttpRequest) -> None:
        """Send soon; tickets in flight are unique."""

    def wait(self, timeout: float) -> Completion | None:
        """The next completion, whichever it is; None after `timeout` seconds without one."""

    @property
    def in_flight(self) -> int:
        """How many were submitted and not yet handed out by `wait`."""

    def close(self) -> None:
        """Take nothing more, and let go of the connections."""


def http_client(*, timeout: float, max_connections: int = 10) -> httpx2.Client:
    """A client that honours the usual proxy and certificate variables, save on the way to this machine."""
    return httpx2.Client(
        trust_env=True,
        verify=_trusted(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", "")),
        mounts=LOOPBACK_WITHOUT_PROXY,
        timeout=httpx2.Timeout(timeout, connect=CONNECT_TIMEOUT_SECONDS),
        limits=httpx2.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
    )


@cache
def _trusted(file: str, folder: str) -> ssl.SSLContext:  # noqa: ARG001 - what it is read from
    """The certificates that are trusted, read once: reading them takes longer than many a call."""
    return httpx2.create_ssl_context(trust_env=True)


LOOPBACK_WITHOUT_PROXY: Mapping[str, None] = {
    "all://127.0.0.1": None,
    "all://localhost": None,
    "all://[::1]": None,
}


class ThreadSender:
    """A pool of threads around one shared HTTP client."""

    def __init__(self, *, max_in_flight: int = 10) -> None:
        self._client = http_client(timeout=CONNECT_TIMEOUT_SECONDS, max_connections=max_in_flight)
        self._pool = ThreadPoolExecutor(max_workers=max_in_flight, thread_name_prefix="qbo-sender")
        self._completions: SimpleQueue[Completion] = SimpleQueue()
        self._in_flight = 0

    @property
    def in_flight(self) -> int:
        return self._in_flight

    def submit(self, ticket: int, request: HttpRequest) -> None:
        self._in_flight += 1
        self._pool.submit(self._send, ticket, request)

    def wait(self, timeout: float) -> Completion | None:
        try:
            completion = self._completions.get(timeout=max(timeout, 0.0))
        except Empty:
            return None
        self._in_flight -= 1
        return completion

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def _send(self, ticket: int, request: HttpRequest) -> None:
        self._completions.put(_exchange(self._client, ticket, request))


def _exchange(client: httpx2.Client, ticket: int, request: HttpRequest) -> Completion:
    try:
        answer = client.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body or None,
            timeout=httpx2.Timeout(request.timeout, connect=CONNECT_TIMEOUT_SECONDS),
        )
    except _NEVER_SENT as error:
        return Completion(ticket=ticket, response=None, failure="not_sent", reason=type(error).__name__)
    except Exception as error:  # noqa: BLE001 - whatever it was, the request may have arrived; a lost completion would hang the run
        return Completion(ticket=ticket, response=None, failure="unknown", reason=type(error).__name__)
    headers = {name.lower(): value for name, value in answer.headers.items()}
    response = HttpResponse(status=answer.status_code, headers=headers, body=answer.content)
    return Completion(ticket=ticket, response=response, failure=None, reason="")
