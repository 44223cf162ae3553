from django.db import migrations, models

import service_genius.shared.models
from service_genius.shared.filling import own_uids


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="uid",
            field=models.CharField(
                default=service_genius.shared.models.new_uid, editable=False, max_length=12
            ),
        ),
        migrations.RunPython(own_uids("payments", "Payment"), migrations.RunPython.noop),
    ]
