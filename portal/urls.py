"""Addresses of the frame of the site. The editors' pages come last: they match any word."""

import importlib.util

from django.urls import path

from portal import views

app_name = "portal"

# TEMPORARY (lead): until search, share_images and style_guide exist
late = []
for module, route, name in [
    ("search", "search/", "search"),
    ("style_guide", "style-guide/", "style_guide"),
    ("share_images", "share/<slug:kind>/<slug:slug>.png", "share_image"),
]:
    if importlib.util.find_spec(f"portal.{module}"):
        view = getattr(importlib.import_module(f"portal.{module}"), name)
    else:
        view = views.HomeView.as_view()
    late.append(path(route, view, name=name))

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("history/", views.HistoryView.as_view(), name="history"),
    path("contact/", views.ContactView.as_view(), name="contact"),
    *late,
    path("<slug:slug>/", views.PageView.as_view(), name="page"),
]
