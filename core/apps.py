"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Identity, contacts and sources")

    def ready(self) -> None:
        from core import checks  # noqa: F401
        from core.log_context import connect_ids
        from core.slow_statements import connect_slow_log

        connect_ids()
        connect_slow_log()
