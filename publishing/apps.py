"""App configuration: what must happen whenever content changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("Addresses and search")

    def ready(self) -> None:
        from publishing.search.index import connect_search
        from publishing.versions import connect_versions

        connect_search()
        connect_versions()
