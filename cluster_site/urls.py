"""Every address of the portal: machines first, then staff, then the public pages per language."""

from django.conf import settings
from django.urls import path

from core.health import healthz, readyz
from core.media import media_file

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media_file, name="media"),
]
