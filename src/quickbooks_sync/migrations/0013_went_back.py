from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quickbooks_sync", "0012_tax"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="went_back",
            field=models.BooleanField(default=False),
        ),
    ]
