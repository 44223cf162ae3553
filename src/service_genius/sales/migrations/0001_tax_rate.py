"""Tax rates belong to all sales forms; the table goes on under its new name."""

import django.db.models.deletion
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("companies", "0001_initial"),
        ("invoices", "0003_tax"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="TaxRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100)),
                        (
                            "percent",
                            models.DecimalField(
                                decimal_places=4,
                                max_digits=7,
                                validators=[MinValueValidator(0), MaxValueValidator(100)],
                            ),
                        ),
                        ("parts", models.JSONField(default=list)),
                        ("active", models.BooleanField(default=True)),
                        (
                            "company",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="companies.company",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "invoices_taxrate",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("company", "name"), name="tax_rate_name_taken_once"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
