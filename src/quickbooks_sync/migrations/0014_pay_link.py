from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quickbooks_sync", "0013_went_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="pay_link",
            field=models.CharField(blank=True, choices=[("no", "No"), ("yes", "Yes")], max_length=3),
        ),
    ]
