"""Dated posts by topic, and readers' questions with the bureau's answers."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.illustrations import illustration_choices
from core.languages import any_language
from core.models import Contact, Source
from core.related_rows import texts
from core.richtext import RichTextField
from investment.models import Project
from library.models import Document, Image
from parks.models import Industry, Park
from publishing.models import Publishable, PublishableQuerySet


class Topic(models.Model):
    """What a post is about."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name or self.slug

    def get_absolute_url(self) -> str:
        return reverse("news:topic", args=[self.slug])


#: What a card of a post shows.
CARD_COLUMNS = (
    "slug",
    "date",
    *texts("title", "summary"),
    *(f"topic__{name}" for name in texts("name")),
)


class PostQuerySet(PublishableQuerySet):
    """Posts, with what their cards show."""

    def for_lines(self) -> PostQuerySet:
        """With topic: what a card without a picture shows, and nothing else."""
        return self.select_related("topic").only(*CARD_COLUMNS)

    def for_cards(self) -> PostQuerySet:
        """With topic and picture: two queries for any number of posts."""
        return (
            self.select_related("topic", "image")
            .only(*CARD_COLUMNS, "image", "illustration")
            .prefetch_related("image__renditions")
        )

    def with_lead(self, count: int) -> PostQuerySet:
        """The newest featured post, then the newest of all others: ``count`` in one query."""
        newest = self.order_by("-date", "-pk").values("pk")
        featured = newest.filter(is_featured=True)[:1]
        leads = models.Case(models.When(pk__in=featured, then=1), default=0)
        candidates = Post.objects.filter(Q(pk__in=featured) | Q(pk__in=newest[:count]))
        return candidates.order_by(leads.desc(), "-date", "-pk")[:count]

    def years(self) -> list[int]:
        """Years that have posts, the newest first. One query."""
        years = self.order_by().annotate(year=Left(Cast("date", models.CharField()), 4))
        return sorted({int(year) for year in years.values_list("year", flat=True).distinct()})[::-1]


class Post(Publishable):
    """A dated news post."""

    search_kind = "post"
    search_date = "date"

    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), on_delete=models.PROTECT, related_name="posts"
    )
    date = models.DateField(_("date"), default=timezone.localdate, db_index=True)
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("The newest featured post leads the home page.")
    )
    image = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    illustration = models.CharField(
        _("illustration"),
        max_length=20,
        choices=illustration_choices,
        default="river",
        help_text=_("Shown while there is no picture."),
    )
    parks = models.ManyToManyField(Park, verbose_name=_("parks"), blank=True, related_name="posts")
    projects = models.ManyToManyField(
        Project, verbose_name=_("projects"), blank=True, related_name="posts"
    )
    industries = models.ManyToManyField(
        Industry, verbose_name=_("industries"), blank=True, related_name="posts"
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
    )
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents to download"), blank=True, related_name="posts"
    )

    objects = PostQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(fields=["-date"], condition=Q(is_featured=True), name="post_featured"),
            # Order and filters of lists, so that only the rows of the page are read.
            models.Index(
                fields=["status", "-date", "-id", "publish_at", "unpublish_at"], name="post_lists"
            ),
            models.Index(
                fields=["topic", "status", "-date", "-id", "publish_at", "unpublish_at"],
                name="post_lists_of_topic",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.slug == "feed" or self.slug.isdigit():  # the feed, and the posts of a year
            raise ValidationError(
                {"slug": _("The portal uses this address itself. Choose another.")}
            )

    def get_absolute_url(self) -> str:
        return reverse("news:detail", args=[self.slug])


class QuestionQuerySet(models.QuerySet):
    """Readers' questions."""

    def public(self) -> QuestionQuerySet:
        """Published ones. A question is never shown without its answer."""
        return self.filter(status=Question.Status.PUBLISHED)


class Question(models.Model):
    """A reader's question under a post. Shown only together with the bureau's answer."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Not published")

    post = models.ForeignKey(
        Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="questions"
    )
    author_name = models.CharField(
        _("name to show"), max_length=60, blank=True, help_text=_("Leave empty to stay unnamed.")
    )
    text = models.TextField(_("question"), max_length=1000)
    language = models.CharField(_("language"), max_length=7, choices=settings.LANGUAGES)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.PENDING
    )
    submission_key = models.CharField(
        max_length=43,
        unique=True,
        null=True,
        blank=True,
        editable=False,
        help_text="One showing of the form: sent twice, it is one question.",
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        Contact,
        verbose_name=_("answered by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader's question")
        verbose_name_plural = _("readers' questions")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published")
                | (Q(answered_at__isnull=False) & any_language("answer")),
                name="published_question_is_answered",
                violation_error_message=_("Write an answer before publishing the question."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def changes_public_pages(self, *, created: bool) -> bool:
        """Not when it is asked: a visitor must not be able to empty the stored pages."""
        return not (created and self.status == Question.Status.PENDING)
