"""Which records name others: read from the models, so that a merge forgets none of them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey, Model


def keys_to(model: type[Model]) -> Iterator[ForeignKey[Any, Any]]:
    """Every foreign key of the application that leads to a model, hidden ones too."""
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's documented name
        key = getattr(relation, "field", None)
        if isinstance(key, ForeignKey) and key.related_model is model and key.model is not model:
            yield key
