"""A list far down, and a list of one stage, read no more of an index than they need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("investment", "0003_covering_list_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                fields=["status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_order",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                fields=["stage", "status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_lists_of_stage",
            ),
        ),
    ]
