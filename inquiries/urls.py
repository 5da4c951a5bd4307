"""Addresses of inquiries."""

from django.urls import path

from inquiries import views

app_name = "inquiries"

urlpatterns = [
    path("inquiry/", views.inquiry_create, name="create"),
    path("inquiry/thanks/", views.inquiry_thanks, name="thanks"),
]
