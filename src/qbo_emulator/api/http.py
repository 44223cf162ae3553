"""QuickBooks' API over HTTP: requests become calls, answers become responses, broken ones included."""

import errno
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from qbo_emulator.api import envelopes
from qbo_emulator.api.calls import Call
from qbo_emulator.api.envelopes import Answer
from qbo_emulator.ground import refusals

if TYPE_CHECKING:
    from qbo_emulator.api.gateway import Gateway

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
        method="GET" if request.method == "HEAD" else request.method,
        path=request.path,
        realm=realm,
        rest=rest,
        arguments=request.args,
        body=request.get_data(cache=False),
        content_type=request.mimetype,
        url=request.url,
        query_string=request.query_string,
    )
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    answer = gateway.answer(call, bearer=token.strip() if scheme.lower() == "bearer" else None)
    return respond(_as_asked(answer, gateway))


def _as_asked(answer: Answer, gateway: "Gateway") -> Answer:
    """Write the answer as XML for a client that does not ask for JSON (facts B1)."""
    asks_for_json = "json" in request.headers.get("Accept", "").lower()
    if asks_for_json or gateway.store.settings.answers_without_accept == "json":
        return answer
    return envelopes.in_xml(answer)


def refused(error: HTTPException) -> Response:
    """Answer what no view answers (an unknown address, a wrong method, a failure) in QuickBooks' shape."""
    gateway: Gateway = current_app.extensions["gateway"]
    seconds = gateway.store.clock.seconds()
    code = error.code or 500
    if code >= 500:  # noqa: PLR2004  a fault of ours
        refusal = refusals.system_failure("The emulator failed; its own output says where.")
    else:
        refusal = refusals.unsupported(f"{request.method} {request.path}")
    answer = replace(envelopes.fault(refusal, gateway.store.settings, seconds=seconds), status=code)
    return respond(_as_asked(answer, gateway))


def respond(answer: Answer) -> Response:
    headers = {**HEADERS, **answer.headers, **current_app.extensions["tracing"]()}
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
