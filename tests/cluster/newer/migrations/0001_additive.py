"""Adds a column with a default of the database, so that older code goes on writing rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE inquiries_inquiry ADD COLUMN next_release text NOT NULL DEFAULT ''",
            "ALTER TABLE inquiries_inquiry DROP COLUMN next_release",
        ),
    ]
