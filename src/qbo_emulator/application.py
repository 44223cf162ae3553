"""Put the emulator together as a WSGI application over one data file.

A fresh file gets one company, so that there is something to connect to.
"""

import secrets
from pathlib import Path

from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from qbo_emulator.api import http
from qbo_emulator.api.gateway import Gateway
from qbo_emulator.companies.companies import new_realm
from qbo_emulator.ground.clock import Clock
from qbo_emulator.pages import lists, record, sales, tools
from qbo_emulator.signin import oauth
from qbo_emulator.storage.store import Store
from qbo_emulator.tools import control

BODY_BYTES_MAX = 128 * 1024 * 1024
PAGE_HEADERS = {
    # No form-action: the consent form is answered by a redirect to the application that asked.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}


def create_app(*, data: Path, clock: Clock | None = None) -> Flask:
    store = Store(path=data, clock=clock or Clock())
    if store.connection().execute("SELECT 1 FROM realms").fetchone() is None:
        new_realm(store, template="sample", realm_id=None, company_name=None)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES_MAX
    app.extensions["gateway"] = Gateway(store)
    app.extensions["tracing"] = tracing
    app.register_blueprint(http.blueprint)
    app.register_blueprint(oauth.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(lists.blueprint)
    app.register_blueprint(record.blueprint)
    app.register_blueprint(sales.blueprint)
    app.register_blueprint(tools.blueprint)
    app.register_error_handler(HTTPException, _without_view)
    app.after_request(_with_safe_headers)
    return app


def tracing() -> dict[str, str]:
    """Name one answer, as Intuit's support asks for it, in the headers of its traces (facts B1)."""
    trace = f"1-{secrets.token_hex(4)}-{secrets.token_hex(12)}"
    span = secrets.token_hex(8)
    return {"intuit_tid": trace, "X-Amzn-Trace-Id": f"Root={trace}", "X-Spanid": span}


def _without_view(error: HTTPException) -> BaseResponse | tuple[str, int]:
    """Answer an error in the shape of the part of QuickBooks that was asked."""
    part = request.path.split("/")[1]
    if request.path.startswith("/v3/"):
        return http.refused(error)
    if part == "_emulator":
        return control.refused(error)
    if part in {"oauth2", "v2", "v1", "op", ".well-known"}:
        return oauth.refused(error)
    return lists.nothing_to_show(error)


def _with_safe_headers(response: BaseResponse) -> BaseResponse:
    if response.mimetype == "text/html":
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
    return response
