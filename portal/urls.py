"""Addresses of the frame of the site. The editors' pages come last: they match any word."""

from django.urls import path

from portal import search, share_images, style_guide, views

app_name = "portal"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("history/", views.HistoryView.as_view(), name="history"),
    path("contact/", views.ContactView.as_view(), name="contact"),
    path("search/", search.search, name="search"),
    path("style-guide/", style_guide.style_guide, name="style_guide"),
    path("share/<slug:kind>/<slug:slug>.png", share_images.share_image, name="share_image"),
    path("<slug:slug>/", views.PageView.as_view(), name="page"),
]
