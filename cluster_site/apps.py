"""Installed apps under the portal's own settings: the admin site, and a name in words."""

from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class PortalAdminConfig(AdminConfig):
    default_site = "staff.sites.StaffSite"


class BackgroundTasksConfig(TasksAppConfig):
    # Typed as str by the package; Django takes lazy texts.
    verbose_name = _("Background tasks")  # type: ignore[assignment]
