"""Addresses of projects and statistics."""

from django.urls import path

from investment import views

app_name = "investment"

urlpatterns = [
    path("projects/", views.ProjectListView.as_view(), name="project_list"),
    path("projects/<slug:slug>/", views.ProjectDetailView.as_view(), name="project_detail"),
    path("statistics/", views.StatisticsView.as_view(), name="statistics"),
]
