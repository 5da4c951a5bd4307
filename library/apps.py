"""App configuration: files go when their record goes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Pictures and documents")

    def ready(self) -> None:
        from library.files import connect_removal

        connect_removal()
