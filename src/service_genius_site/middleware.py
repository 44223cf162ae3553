"""What every answer of the site has in common."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]


def one_host(get_response: GetResponse) -> GetResponse:
    """Send a visitor of `localhost` to the host QuickBooks redirects back to.

    A session begun under another name would be lost on the way back from QuickBooks.
    """
    public_host = settings.CONFIGURATION.public_host

    def middleware(request: HttpRequest) -> HttpResponse:
        name, _, port = request.get_host().partition(":")
        if name == "localhost" != public_host and request.method in {"GET", "HEAD"}:
            host = f"{public_host}:{port}" if port else public_host
            return HttpResponseRedirect(f"{request.scheme}://{host}{request.get_full_path()}")
        return get_response(request)

    return middleware


def no_store(get_response: GetResponse) -> GetResponse:
    """Private pages are kept in no cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache, no-store")
        return response

    return middleware
