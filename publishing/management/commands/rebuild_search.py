"""``manage.py rebuild_search``: write the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from publishing.search.index import rebuild_index


class Command(BaseCommand):
    """Needed after ``loaddata``, a restored dump, or a change of addresses in ``urls.py``."""

    help = "Write the search index anew from all records. Visitors can search meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = rebuild_index()
        for label, count in counts.items():
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(self.style.SUCCESS(f"{sum(counts.values())} entries written."))
