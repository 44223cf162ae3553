"""An invoice is a sales form: its tax rates are those of all, and its lines name it as their document."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0003_tax"),
        ("customers", "0004_several_emails"),
        ("sales", "0001_tax_rate"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="invoice",
                    name="tax_rate",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.taxrate",
                        verbose_name="sales tax",
                    ),
                ),
                migrations.DeleteModel(name="TaxRate"),
            ],
        ),
        migrations.AlterField(
            model_name="invoice",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="customers.customer",
            ),
        ),
        migrations.RemoveConstraint(model_name="invoiceline", name="one_line_at_a_position"),
        migrations.RenameField(model_name="invoiceline", old_name="invoice", new_name="document"),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                fields=["document", "position"], name="invoiceline_position_taken_once"
            ),
        ),
    ]
