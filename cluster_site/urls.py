"""Every address of the portal: machines first, then staff, then the public pages per language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from core.health import healthz, readyz
from core.media import media_file
from portal.views import choose_language

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media_file, name="media"),
    path("admin/", admin.site.urls),
    path("accounts/", include("staff.urls")),
    path("", choose_language, name="choose_language"),
    *i18n_patterns(
        path("", include("parks.urls")),
        path("", include("investment.urls")),
        path("", include("news.urls")),
        path("", include("inquiries.urls")),
        path("", include("portal.urls")),
    ),
]
