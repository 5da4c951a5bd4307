"""Every address of the portal: machines first, then staff, then the public pages per language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from core.health import healthz, readyz
from core.media import media_file
from portal.sitemaps import SITEMAPS, sitemap, sitemap_index
from portal.views import choose_language, robots

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media_file, name="media"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap_index"),
    path(
        "sitemap-<section>.xml",
        sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
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

handler400 = "core.errors.bad_request"
handler403 = "core.errors.permission_denied"
handler404 = "core.errors.page_not_found"
handler500 = "core.errors.server_error"
