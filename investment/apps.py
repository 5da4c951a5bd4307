"""App configuration: a project's stage follows its milestones."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvestmentConfig(AppConfig):
    name = "investment"
    verbose_name = _("Projects and figures")

    def ready(self) -> None:
        from investment import signals  # noqa: F401
