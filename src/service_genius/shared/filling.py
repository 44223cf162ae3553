"""What a migration writes into rows that are there already; by the database, for there may be many."""

from collections.abc import Callable

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

RANDOM = {
    "sqlite": "upper(hex(randomblob(6)))",
    "postgresql": "upper(substr(md5(random()::text || id::text || clock_timestamp()::text), 1, 12))",
}


def own_uids(app: str, model: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    """For `RunPython`: a `uid` of its own for each row."""

    def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows = apps.get_model(app, model).objects.all()
        rows.update(uid=RawSQL(RANDOM[schema_editor.connection.vendor], ()))  # noqa: S611 - our own text

    return fill
