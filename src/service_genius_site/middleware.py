"""What every answer of the site has in common."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from service_genius.ui import errors

NOTHING = "\0"
GetResponse = Callable[[HttpRequest], HttpResponse]


def who_asks(get_response: GetResponse) -> GetResponse:
    """Count a visitor behind our own web servers by their own address, which limits what one can try.

    Each server adds whom it hears to X-Forwarded-For. Read from the end, the first that is none of ours is
    the visitor; what stands before it may be invented by them.
    """
    trusted = settings.CONFIGURATION.trusted_proxies

    def ours(address: str) -> bool:
        return any(ip_address(address) in network for network in trusted)

    def middleware(request: HttpRequest) -> HttpResponse:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        while peer and ours(peer) and heard and (before := _address(heard.pop())):
            peer = before
        if peer:
            request.META["REMOTE_ADDR"] = peer
        return get_response(request)

    return middleware


def _address(text: str) -> str:
    """The address in it, without the port that some servers write; nothing, if there is none."""
    for candidate in (text.strip(), text.strip().rpartition(":")[0].strip("[]")):
        try:
            found = ip_address(candidate)
        except ValueError:
            continue
        return str(getattr(found, "ipv4_mapped", None) or found)
    return ""


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


def no_nothing(get_response: GetResponse) -> GetResponse:
    """Leave out the one character that no keyboard has and no database takes, of addresses and cookies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if NOTHING in request.path:
            return errors.answer(request, errors.NOT_HERE)
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        for name in [name for name, value in request.COOKIES.items() if NOTHING in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def no_nothing_typed(get_response: GetResponse) -> GetResponse:
    """Leave it out of forms, too. Later than above: a form too large to be read is told within the frame."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and any(
            NOTHING in text for _, row in request.POST.lists() for text in row
        ):
            typed = request.POST.copy()
            for name, row in request.POST.lists():
                typed.setlist(name, [text.replace(NOTHING, "") for text in row])
            request.POST = typed  # type: ignore[assignment] # what it holds may be changed, and is not
        return get_response(request)

    return middleware


def no_store(get_response: GetResponse) -> GetResponse:
    """Private pages are kept in no cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache, no-store")
        return response

    return middleware


def no_blank(get_response: GetResponse) -> GetResponse:
    """Show a page where a button's address is opened as one, instead of nothing at all."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = errors.answer(request, errors.NO_PAGE)
        page["Allow"] = response["Allow"]
        return page

    return middleware
