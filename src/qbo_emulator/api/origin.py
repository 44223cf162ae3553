"""Whether another site's page made a request: the protection of pages and control plane, without a session.

Browsers say where a request comes from (Sec-Fetch-Site, Origin) and which name they looked up (Host); a page
elsewhere can change none of the three. Programs send neither of the first two and are let through.
"""

from urllib.parse import urlsplit

from flask import Request

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}
# Where a machine leads Intuit's names here, a person signs in under this one.
SIGN_IN_NAME = "appcenter.intuit.com"


def is_foreign(request: Request) -> bool:
    if urlsplit(f"//{request.host}").hostname not in {*LOOPBACK_NAMES, SIGN_IN_NAME}:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and origin != request.host_url.rstrip("/")
