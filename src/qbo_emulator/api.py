"""QuickBooks' API over HTTP: requests become calls, answers become responses, broken ones included."""

import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from qbo_emulator.calls import Call
from qbo_emulator.envelopes import Answer

if TYPE_CHECKING:
    from qbo_emulator.gateway import Gateway

blueprint = Blueprint("api", __name__)

HEADERS = {
    "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
    "Expires": "0",
    "Qbo-Version": "1944.190",
    "Strict-Transport-Security": "max-age=31536000",
}


@blueprint.route("/v3/company/<realm>/<path:rest>", methods=["GET", "POST"])
def company(realm: str, rest: str) -> Response:
    gateway: Gateway = current_app.extensions["gateway"]
    call = Call(
        method=request.method,
        path=request.path,
        realm=realm,
        rest=rest,
        arguments=request.args,
        body=request.get_data(cache=False),
    )
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return respond(gateway.answer(call, bearer=token.strip() if scheme.lower() == "bearer" else None))


def respond(answer: Answer) -> Response:
    headers = {**HEADERS, **answer.headers, "intuit_tid": current_app.extensions["transaction_ids"]()}
    connection = request.environ.get("gunicorn.socket")
    if answer.ending == "whole":
        return Response(answer.body, answer.status, headers, content_type=answer.content_type)
    if connection is None:
        # In process there is no connection to break: what a proxy would say of a broken one.
        return Response("", 504, headers)
    if answer.ending == "reset":
        return Response(_reset(connection), 504, headers)
    if answer.ending == "truncated":
        response = Response(_half(answer.body.encode(), connection), answer.status, headers)
        response.content_type = answer.content_type
        response.content_length = len(answer.body.encode())
        return response
    _hang_up(connection)
    return Response("", 504, headers)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _half(body: bytes, connection: socket.socket) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    _hang_up(connection)


def _reset(connection: socket.socket) -> Iterator[bytes]:
    """Reset the connection; the server takes the error for the client's doing and goes on."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    raise ConnectionResetError(errno.ECONNRESET, "reset by request")
    yield b""
