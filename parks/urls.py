"""Addresses of parks and industries."""

from django.urls import path

from parks import views

app_name = "parks"

urlpatterns = [
    path("parks/", views.ParkListView.as_view(), name="list"),
    path("parks/<slug:slug>/", views.ParkDetailView.as_view(), name="detail"),
    path("industries/", views.IndustryListView.as_view(), name="industry_list"),
    path("industries/<slug:slug>/", views.IndustryDetailView.as_view(), name="industry_detail"),
]
