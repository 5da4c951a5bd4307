"""Atom feeds: one per language, one per topic and language."""

from datetime import datetime, time

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import HTML_LANGUAGES, current_language
from core.models import SiteSettings
from core.text import printable
from news.models import Post, Topic

POSTS_IN_FEED = 20


class PostFeed(Feed):
    """The newest posts in the language of the address."""

    feed_type = Atom1Feed
    topic: Topic | None = None

    @property
    def language(self) -> str:
        """Of the address. One feed object serves all threads, so it is never stored."""
        return HTML_LANGUAGES[current_language()]

    def title(self, topic: Topic | None) -> str:
        name = SiteSettings.current().name
        if topic:
            return pgettext("punctuation", ": ").join((name, str(topic)))
        return _("%(name)s: news") % {"name": name}

    def link(self, topic: Topic | None) -> str:
        path = topic.get_absolute_url() if topic else reverse("news:list")
        return settings.PUBLIC_URL + path

    def feed_url(self, topic: Topic | None) -> str:
        name, args = ("news:topic_feed", [topic.slug]) if topic else ("news:feed", [])
        return settings.PUBLIC_URL + reverse(name, args=args)

    def items(self, topic: Topic | None):
        posts = Post.objects.public().select_related("topic")
        return (posts.filter(topic=topic) if topic else posts)[:POSTS_IN_FEED]

    def item_title(self, item: Post) -> str:
        return printable(item.title)

    def item_description(self, item: Post) -> str:
        return printable(item.summary)

    def item_link(self, item: Post) -> str:
        return settings.PUBLIC_URL + item.get_absolute_url()

    def item_pubdate(self, item: Post) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time.min))

    def item_updateddate(self, item: Post) -> datetime:
        return item.updated_at

    def item_categories(self, item: Post) -> list[str]:
        return [item.topic.name]


class TopicFeed(PostFeed):
    """The newest posts of one topic."""

    def get_object(self, request, slug: str) -> Topic:
        return get_object_or_404(Topic, slug=slug)
