"""What somebody typed and could not send, because they were logged out meanwhile.

It is brought back into the very form as soon as the same person has logged in again.

Only what bears a key that was made for somebody is kept, so no stranger can fill the table, and nobody but
that person sees it. It goes when the form is accepted, or with the key.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from service_genius.once import keys
from service_genius.once.models import Kept

OF_A_PERSON_MAX = 5


def keep(request: HttpRequest) -> str:
    """Keep what was sent; the address that brings it back. Empty if it must not be kept."""
    key = request.POST.get(keys.FIELD, "")
    owner = keys.owner(key)
    match = request.resolver_match
    if owner is None or match is None or match.view_name in settings.ONCE_LEFT_OUT:
        return ""
    # The pages of the log-in itself belong to no namespace, and passwords are typed there.
    if not match.namespace or keys.is_secret(request):
        return ""
    token = keys.token(key, path=request.path)
    content = {"key": key, "typed": keys.typed(request)}
    Kept.objects.update_or_create(token=token, defaults={"user_id": owner, "content": content})
    newest = Kept.objects.filter(user_id=owner).order_by("-pk").values_list("pk", flat=True)
    Kept.objects.filter(user_id=owner).exclude(pk__in=list(newest[:OF_A_PERSON_MAX])).delete()
    query = request.GET.copy()
    query[keys.PARAMETER] = token
    return f"{request.path}?{query.urlencode()}"


def bring_back(request: Any) -> bool:
    """Put what was kept into a request that asks for it, to be shown and not to be saved."""
    user, token = request.user, request.GET.get(keys.PARAMETER, "")
    if not token or not user.is_authenticated:
        return False
    found = Kept.objects.filter(user=user, token=token, created_at__gt=timezone.now() - keys.KEPT).first()
    if found is None or found.token != keys.token(found.content["key"], path=request.path):
        return False
    typed = [(name, value) for name, value in found.content["typed"]]
    request.POST = QueryDict(urlencode([*typed, (keys.LOOK, "1")]))
    request.brought_back = True
    if keys.holds(found.content["key"], user=user):
        keys.keep(request, found.content["key"])
    return True


def after_another_log_in(request: HttpRequest) -> HttpResponse | None:
    """For a form whose token is of another log-in: the way to the page with all that was typed.

    Only the key of one's own page opens it, which no other site knows; and nothing is saved by it.
    """
    key = request.POST.get(keys.FIELD, "")
    if "HX-Request" in request.headers:  # a part; the page sends all of its form then
        address = request.headers.get("HX-Current-URL", "")
        return HttpResponseClientRedirect(address) if address and keys.owner(key) is not None else None
    address = keep(request)
    if not address:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    return HttpResponseRedirect(address) if keys.holds(key, user=request.user) else None


def forget(token: str) -> None:
    """The form was accepted."""
    Kept.objects.filter(token=token).delete()


def sweep() -> None:
    """Forget what no key can bring back any more."""
    Kept.objects.filter(created_at__lt=timezone.now() - keys.KEPT).delete()
