"""Addresses of inquiries."""

from django.urls import path

from inquiries import reports, status_views, views

app_name = "inquiries"

urlpatterns = [
    path("inquiry/", views.inquiry_create, name="create"),
    path("inquiry/thanks/", views.inquiry_thanks, name="thanks"),
    path("inquiry/status/", status_views.status, name="status"),
    path("inquiry/status/add/", status_views.add, name="status_add"),
    path("inquiry/status/rate/", status_views.rate, name="status_rate"),
    path("inquiry/status/data/", status_views.data, name="status_data"),
    path("report/", reports.report_error, name="report"),
]
