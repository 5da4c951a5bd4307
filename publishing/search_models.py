"""The tables of what can be found. Imported by ``publishing.models``."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import UniqueConstraint

from core.partial_dates import PartialDateField


class SearchEntry(models.Model):
    """What search knows of one record in one language.

    Written only by ``publishing.search.index``. Status and schedule are copies, so the rule of
    ``publishing.visibility`` is asked at the moment of the search. Rows are kept narrow, because
    a search for a common word reads thousands; the texts are in ``SearchText``.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=20)
    publish_at = models.DateTimeField(null=True)
    unpublish_at = models.DateTimeField(null=True)
    date = PartialDateField(blank=True)
    #: Without the language: "/parks/lingang/".
    path = models.CharField(max_length=500)

    class Meta:
        default_permissions = ()
        constraints = [
            UniqueConstraint(
                fields=["content_type", "object_id", "language"],
                name="search_entry_once_per_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.language})"


class SearchText(models.Model):
    """The plain texts of an entry, read only for what is shown.

    The tokens by which it is found lie beside it, where Django does not look: in an FTS5 table
    on SQLite, in columns of this table on PostgreSQL (``publishing.search.backends``).
    """

    entry = models.OneToOneField(
        SearchEntry, on_delete=models.CASCADE, primary_key=True, related_name="text"
    )
    title = models.TextField()
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title
