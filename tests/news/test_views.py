"""What a visitor reads in the news."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    DocumentFactory,
    ImageFactory,
    IndustryFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    QuestionFactory,
    SourceFactory,
    TopicFactory,
)
from tests.reading import links, queries, soup, text

pytestmark = pytest.mark.django_db

NOW = timezone.now()
hidden_in_every_way = pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "in_review"},
        {"status": "archived"},
        {"publish_at": NOW + timedelta(days=1)},
        {"unpublish_at": NOW - timedelta(days=1)},
    ],
    ids=["draft", "in review", "archived", "scheduled", "expired"],
)


def full_post(**values: object):
    """A post with everything that its page shows."""
    post = PostFactory(source=SourceFactory(), image=ImageFactory(), **values)
    post.parks.add(ParkFactory())
    post.projects.add(ProjectFactory())
    post.industries.add(IndustryFactory())
    post.documents.add(DocumentFactory())
    QuestionFactory(post=post, answered_by=ContactFactory())
    return post


def test_the_list_shows_posts_newest_first_with_date_and_topic(client):
    PostFactory(title_en="Older", date=date(2022, 4, 1))
    PostFactory(
        title_en="Newer", date=date(2024, 8, 6), summary_en="In short.", topic__name_en="Cluster"
    )

    page = text(client.get("/en/news/"))

    assert page.index("Newer") < page.index("Older")
    for words in ("6 August 2024", "In short.", "Cluster"):
        assert words in page


def test_a_topic_shows_its_posts_only(client):
    PostFactory(slug="one", topic=TopicFactory(slug="cluster", name_en="The cluster"))
    PostFactory(slug="two")

    response = client.get("/en/news/topic/cluster/")

    assert "/en/news/one/" in links(response)
    assert "/en/news/two/" not in links(response)
    assert soup(response).h1.get_text(strip=True) == "The cluster"


def test_a_later_page_of_a_topic_says_so(client):
    topic = TopicFactory(slug="policy", name_en="Policy")
    PostFactory.create_batch(11, topic=topic)

    assert "Policy (page 2) –" in soup(client.get("/en/news/topic/policy/?page=2")).title.get_text()
    assert "(page" not in soup(client.get("/en/news/topic/policy/")).title.get_text()


def test_a_year_shows_its_posts_only(client):
    PostFactory(slug="one", date=date(2022, 12, 31))
    PostFactory(slug="two", date=date(2023, 1, 1))

    response = client.get("/en/news/2022/")

    assert "/en/news/one/" in links(response)
    assert "/en/news/two/" not in links(response)
    assert "2022" in soup(response).h1.get_text()


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_a_year_without_posts_says_so(client, year):
    response = client.get(f"/en/news/{year}/")

    assert response.status_code == 200
    assert "No news here yet" in text(response)


@pytest.mark.parametrize("year", ["0", "10000", "99999", "123456789012345678901234567890"])
def test_a_year_that_is_not_in_the_calendar_is_not_found(client, year):
    assert client.get(f"/en/news/{year}/").status_code == 404


@pytest.mark.parametrize("path", ["topic/nowhere/", "topic/nowhere/feed/", "nowhere/ask/"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(f"/en/news/{path}").status_code == 404


@hidden_in_every_way
def test_a_hidden_post_is_nowhere(client, hidden):
    topic, park = TopicFactory(slug="cluster"), ParkFactory(slug="lingang")
    industry = IndustryFactory(slug="vehicles")
    project = ProjectFactory(slug="plant", park=park, industry=industry)
    post = PostFactory(
        slug="secret",
        title_en="Canary",
        topic=topic,
        date=date(1999, 1, 1),
        is_featured=True,
        **hidden,
    )
    post.parks.add(park)
    post.projects.add(project)
    post.industries.add(industry)
    PostFactory(slug="other", topic=topic)

    for path in (
        "/en/",
        "/en/news/",
        "/en/news/1999/",
        "/en/news/topic/cluster/",
        "/en/news/feed/",
        "/en/news/topic/cluster/feed/",
        "/en/news/other/",
        "/en/parks/lingang/",
        "/en/projects/plant/",
        "/en/industries/vehicles/",
    ):
        content = client.get(path).content.decode()
        assert "Canary" not in content, path
        assert "/news/secret/" not in content, path
    assert "1999" not in client.get("/en/news/").content.decode()
    for path in ("/en/news/secret/", "/en/news/secret/ask/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Canary" not in response.content.decode()


@hidden_in_every_way
def test_a_post_names_nothing_that_is_hidden(client, hidden):
    post = PostFactory(slug="opening")
    post.parks.add(ParkFactory(name_en="Canary park", **hidden))
    post.projects.add(ProjectFactory(name_en="Canary project", **hidden))
    post.industries.add(IndustryFactory(name_en="Canary industry", **hidden))

    assert "Canary" not in client.get("/en/news/opening/").content.decode()


def test_a_post_shows_text_source_and_what_it_is_about(client):
    post = PostFactory(
        slug="opening",
        title_en="Opening",
        body_en="<p>Work has begun.</p>",
        source=SourceFactory(publisher_en="Nanfang Plus"),
    )
    post.parks.add(ParkFactory(slug="lingang", name_en="Lingang"))
    post.projects.add(ProjectFactory(slug="plant"))
    post.industries.add(IndustryFactory(slug="vehicles"))

    response = client.get("/en/news/opening/")
    page = text(response)

    for words in ("Opening", "6 August 2024", "Work has begun.", "Nanfang Plus", "Lingang"):
        assert words in page
    assert {
        "/en/parks/lingang/",
        "/en/projects/plant/",
        "/en/industries/vehicles/",
        "/en/news/opening/ask/",
    } <= links(response)


def test_readers_questions_stand_with_their_answers(client):
    post = PostFactory(slug="opening")
    QuestionFactory(
        post=post,
        text="有铁路吗？",
        language="zh-hans",
        author_name="Li",
        answered_by=ContactFactory(organisation_en="Bureau"),
    )
    QuestionFactory(post=post, text="Canary pending", status="pending")
    QuestionFactory(post=post, text="Canary refused", status="refused")

    response = client.get("/en/news/opening/")
    page = text(response)

    for words in ("有铁路吗？", "Li", "There is.", "Bureau"):
        assert words in page
    assert soup(response).select_one(".question__text")["lang"] == "zh-Hans"
    assert "Canary" not in response.content.decode()


def test_markup_in_a_question_is_escaped(client):
    QuestionFactory(post=PostFactory(slug="opening"), text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get("/en/news/opening/").content.decode()


def test_the_list_has_pages(client):
    PostFactory.create_batch(11, topic=TopicFactory())

    response = client.get("/en/news/?page=2")

    assert "Page 2 of 2" in text(response)
    assert len(soup(response).main.select("article")) == 1


@pytest.mark.parametrize("path", ["/en/news/", "/zh-hant/news/2024/", "/en/news/topic/cluster/"])
def test_lists_cost_the_same_with_one_post_and_with_three(client, path):
    topic = TopicFactory(slug="cluster")
    full_post(topic=topic)
    one = queries(client, path)
    full_post(topic=topic)
    full_post(topic=topic)
    TopicFactory()
    three = queries(client, path)

    assert len(one) == len(three) <= 8, "\n".join(three)


def test_a_post_costs_the_same_with_few_related_records_and_with_many(client):
    post = full_post(slug="opening")
    full_post()
    few = queries(client, "/en/news/opening/")
    for _number in range(3):
        post.parks.add(ParkFactory())
        post.projects.add(ProjectFactory())
        post.industries.add(IndustryFactory())
        post.documents.add(DocumentFactory())
        QuestionFactory(post=post, answered_by=ContactFactory())
        full_post()
    many = queries(client, "/en/news/opening/")

    assert len(few) == len(many) <= 8, "\n".join(many)
