"""How an estimate stands, as a badge."""

from datetime import date

from django import template

from service_genius.estimates.models import Estimate

register = template.Library()


@register.inclusion_tag("ui/badge_plain.html")
def estimate_status(estimate: Estimate, today: date) -> dict[str, str]:
    """Only one that nobody has answered in time needs a person."""
    if estimate.voided:
        return {"label": "Voided", "tone": "quiet"}
    if estimate.is_expired(today):
        return {"label": "Expired", "tone": "attention"}
    tone = "ok" if estimate.status == Estimate.Status.ACCEPTED else "quiet"
    return {"label": estimate.get_status_display(), "tone": tone}
