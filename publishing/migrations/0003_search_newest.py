"""What finds the newest of very many matches; no Django model describes it."""

from django.db import migrations

from publishing.search.schema import add_newest_matches


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_search_index")]

    operations = [add_newest_matches()]
