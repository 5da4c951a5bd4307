"""Addresses of inquiries."""

from django.urls import path

from inquiries import status_views, views

app_name = "inquiries"

urlpatterns = [
    path("inquiry/", views.inquiry_create, name="create"),
    path("inquiry/thanks/", views.inquiry_thanks, name="thanks"),
    path("inquiry/status/", status_views.status, name="status"),
]
