from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("quickbooks_sync", "0010_markers")]

    operations = [
        migrations.AddField(
            model_name="link",
            name="applied",
            field=models.DecimalField(decimal_places=2, max_digits=18, null=True),
        ),
        migrations.AddField(model_name="link", name="applied_by", field=models.JSONField(null=True)),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(
                condition=Q(("applied__isnull", False), ("applied_by__isnull", True)),
                fields=["connection"],
                name="applied_by_somebody",
            ),
        ),
    ]
