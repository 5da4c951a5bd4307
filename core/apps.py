"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Identity, contacts and sources")

    def ready(self) -> None:
        from core import checks  # noqa: F401
