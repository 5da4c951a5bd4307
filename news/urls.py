"""Addresses of news."""

from django.urls import path
from django.views.decorators.http import require_safe

from news import feeds, views

app_name = "news"

urlpatterns = [
    path("news/", views.PostListView.as_view(), name="list"),
    path("news/feed/", require_safe(feeds.PostFeed()), name="feed"),
    path("news/topic/<slug:slug>/", views.TopicView.as_view(), name="topic"),
    path("news/topic/<slug:slug>/feed/", require_safe(feeds.TopicFeed()), name="topic_feed"),
    path("news/<int:year>/", views.YearView.as_view(), name="year"),
    path("news/<slug:slug>/", views.PostDetailView.as_view(), name="detail"),
    path("news/<slug:slug>/ask/", views.question_create, name="question_create"),
]
