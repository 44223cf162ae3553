"""The key of a form stands wherever its CSRF token does, so that no form can be without one."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from service_genius.once import keys

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's own tag, and beside its field ours."""
    request: Any = context.get("request")
    theirs = SafeString(CsrfTokenNode().render(context))
    if request is None:
        return theirs
    key = keys.key_of_page(request)
    return format_html('{}<input type="hidden" name="{}" value="{}">', theirs, keys.FIELD, key)


@register.inclusion_tag("once/typed.html")
def typed_before(typed: list[tuple[str, str]]) -> dict[str, object]:
    """What was typed, to be sent once more."""
    return {"typed": typed}
