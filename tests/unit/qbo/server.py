"""A server of a few lines on a free port, for what only a real socket can show."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket], None]


@dataclass
class Server:
    url: str
    requests: list[bytes] = field(default_factory=list)


def reply(body: bytes, status: str = "200 OK", length: int | None = None) -> Behaviour:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\nIntuit_Tid: 1-abc\r\nConnection: close\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def stay_silent(connection: socket.socket) -> None:
    connection.settimeout(5)
    connection.recv(1)  # until the client has had enough


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[Server]:
    """Answer as many connections as there are behaviours, one after another."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    server = Server(url=f"http://127.0.0.1:{listener.getsockname()[1]}")

    def run() -> None:
        for behave in behaviours:
            connection, _ = listener.accept()
            with connection:
                server.requests.append(_request(connection))
                behave(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        thread.join()
        listener.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
    while missing > 0:
        more = connection.recv(65536)
        received += more
        missing -= len(more)
    return received
