"""Public pages of news."""

from datetime import MAXYEAR, MINYEAR

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import intake
from core.form_guard import guarded_page, render_guarded
from core.languages import current_language, translated
from core.rate_limit import client_network
from core.related_rows import RelatedRows, texts
from investment.models import Project
from news.forms import QuestionForm
from news.models import Post, Question, Topic
from parks.models import Industry, Park
from publishing.pages import PageMeta, Step, absolute, plain_text
from publishing.views import PublicDetailView, PublicListView, later

NEWEST_POSTS = 3


class PostListView(PublicListView):
    """Posts, newest first, with topics and years to narrow them."""

    model = Post
    template_name = "news/post_list.html"
    page_title = _("News")
    page_description = _("News of the cluster, its parks and projects, by topic and by year.")
    paginate_by = 10
    topic: Topic | None = None
    year: int | None = None

    def with_shown(self, rows: QuerySet) -> QuerySet:
        return rows.for_cards()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            topic=self.topic,
            year=self.year,
            topics=Topic.objects.all(),
            **later(years=lambda: self.counted("years", Post.objects.public().years)),
            **kwargs,
        )


class NarrowedListView(PostListView):
    """Part of the news, one step below the whole list."""

    def parents(self) -> list[Step]:
        return [Step(gettext("News"), reverse("news:list"))]


class TopicView(NarrowedListView):
    """Posts of one topic."""

    def get_title(self) -> str:
        return self.topic.name

    @cached_property
    def topic(self) -> Topic:
        return get_object_or_404(Topic, slug=self.kwargs["slug"])

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().filter(topic=self.topic)


class YearView(NarrowedListView):
    """Posts of one year; a year without posts shows an empty list."""

    def get_title(self) -> str:
        return gettext("News of %(year)s") % {"year": self.year}

    @cached_property
    def year(self) -> int:
        """The year of the address; 404 for one that no calendar has."""
        year = self.kwargs["year"]
        if not MINYEAR <= year <= MAXYEAR:
            raise Http404
        return year

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().filter(date__year=self.year)


class PostDetailView(PublicDetailView):
    """One post with what it is about, and readers' questions with their answers."""

    model = Post
    template_name = "news/post_detail.html"

    def parents(self) -> list[Step]:
        topic = self.object.topic
        return [
            Step(gettext("News"), reverse("news:list")),
            Step(topic.name, topic.get_absolute_url()),
        ]

    def structured_data(self) -> list[dict[str, object]]:
        post = self.object
        return [
            {
                "@type": "NewsArticle",
                "headline": post.title,
                "description": self.get_description(),
                "datePublished": post.date.isoformat(),
                "dateModified": post.updated_at.isoformat(),
                "inLanguage": translated(post, "body").html_language,
                "url": absolute(post.get_absolute_url()),
                "image": absolute(self.image_path()),
            }
        ]

    def get_queryset(self) -> QuerySet:
        return Post.objects.public().select_related("topic")

    def get_page_queryset(self) -> QuerySet:
        return (
            Post.objects.select_related("topic", "image", "source")
            .prefetch_related("image__renditions")
            .annotate(
                park_rows=RelatedRows(Park.objects.public(), "posts", ["slug", *texts("name")]),
                project_rows=RelatedRows(
                    Project.objects.public(), "posts", ["slug", *texts("name")]
                ),
                industry_rows=RelatedRows(
                    Industry.objects.public(), "posts", ["slug", *texts("name")]
                ),
            )
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        post = self.object
        return super().get_context_data(
            questions=post.questions.public().select_related("answered_by"),
            newer=Post.objects.public().exclude(pk=post.pk).stretch(0, NEWEST_POSTS).for_lines(),
            **kwargs,
        )


@guarded_page
def question_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a question under a post. It appears when the bureau has answered it."""
    post = get_object_or_404(Post.objects.public(), slug=slug)
    form = QuestionForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST":
        asked_before = Question.objects.filter(submission_key=form.submission_key or None).exists()
        if asked_before or form.is_valid():
            with form.storing():
                if not asked_before:
                    _store_question(post, form)
                return redirect(reverse("news:question_create", args=[post.slug]) + "?asked=1")
    asked = request.method != "POST" and "asked" in request.GET
    page = {"record": post, "asked": asked, "meta": _question_meta(post)}
    return render_guarded(request, "news/question_form.html", page, form=form)


def _store_question(post: Post, form: QuestionForm) -> Question:
    """One question for one showing of the form, however often it is sent.

    The same words under the same post are one question, too. What looks like spam is kept with
    what is not published, where the bureau can still answer it.
    """
    text = form.cleaned_data["text"]
    if earlier := post.questions.filter(text=text).first():
        return earlier
    reason = form.suspicion or intake.assess(text, address=client_network(form.request))
    kinds = Question.Status
    question, _is_new = Question.objects.get_or_create(
        submission_key=form.submission_key,
        defaults={
            "post": post,
            "text": text,
            "status": kinds.REFUSED if reason else kinds.PENDING,
            "author_name": form.cleaned_data["author_name"],
            "language": current_language(),
        },
    )
    return question


def _question_meta(post: Post) -> PageMeta:
    title = gettext("Ask a question")
    home = Step(gettext("Home"), reverse("portal:home"))
    return PageMeta(
        title=f"{title} – {post.title}",
        description=plain_text(post.summary),
        trail=[home, Step(post.title, post.get_absolute_url()), Step(title)],
    )
