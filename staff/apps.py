"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        """After the permissions of all apps are made: staff is the last app with roles."""
        from staff.role_sync import sync_roles

        post_migrate.connect(sync_roles, sender=self)
