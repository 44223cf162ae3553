from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0001_tax_rate"),
        ("invoices", "0004_sales_form"),
    ]

    operations = [
        migrations.AlterModelTable(name="taxrate", table=None),
    ]
