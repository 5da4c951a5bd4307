"""The place of the search tokens, which no Django model describes."""

from django.db import migrations

from publishing.search.schema import create_search_tokens


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [create_search_tokens()]
