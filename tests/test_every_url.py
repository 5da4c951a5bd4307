"""Who gets what at every address: one table, for visitors and staff, in every language.

An address that is missing here fails a test. What is hidden is looked for everywhere: the records
that must not show bear a name that is on no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone, translation

from news.models import Post
from parks.models import Park
from publishing.models import Publishable
from tests.factories import (
    HistoryEventFactory,
    ImageFactory,
    IndicatorFactory,
    IndustryFactory,
    MenuItemFactory,
    MilestoneFactory,
    PageFactory,
    ParkFactory,
    ParkImageFactory,
    PostFactory,
    ProjectFactory,
    QuestionFactory,
    StatisticFactory,
    TopicFactory,
)
from tests.reading import LANGUAGES, soup
from tests.staff.people import member, superuser

pytestmark = pytest.mark.django_db

CANARY = "Canary"
NOW = timezone.now()
HIDDEN = (
    {"status": "draft"},
    {"status": "in_review"},
    {"status": "archived"},
    {"publish_at": NOW + timedelta(days=1)},
    {"unpublish_at": NOW - timedelta(days=1)},
)


@dataclass(frozen=True)
class Row:
    """What comes back from an address: status for anybody, and for an administrator."""

    name: str
    anonymous: int
    staff: int
    args: list[object] = field(default_factory=list)
    query: str = ""

    def path(self) -> str:
        return reverse(self.name, args=self.args) + self.query


def public(name: str, *args: object, status: int = 200, query: str = "") -> Row:
    """The same for everybody."""
    return Row(name, status, status, list(args), query)


#: Below a language; tried in each.
PUBLIC = (
    public("portal:home"),
    public("portal:history"),
    public("portal:contact"),
    public("portal:search"),
    public("portal:search", query="?q=lingang"),
    public("portal:style_guide"),
    public("portal:share_image", "site", "home"),
    public("portal:share_image", "park", "lingang"),
    public("portal:share_image", "park", "secret-0", status=404),
    public("portal:share_image", "palace", "lingang", status=404),
    public("portal:page", "about"),
    public("portal:page", "secret-0", status=404),
    public("portal:page", "nowhere", status=404),
    public("parks:list"),
    public("parks:list", query="?district=nowhere&page=99"),
    public("parks:detail", "lingang"),
    public("parks:detail", "secret-0", status=404),
    public("parks:detail", "nowhere", status=404),
    public("parks:industry_list"),
    public("parks:industry_detail", "vehicles"),
    public("parks:industry_detail", "secret-0", status=404),
    public("parks:industry_detail", "nowhere", status=404),
    public("investment:project_list"),
    public("investment:project_list", query="?year=x&status=y"),
    public("investment:project_detail", "plant"),
    public("investment:project_detail", "secret-0", status=404),
    public("investment:project_detail", "nowhere", status=404),
    public("investment:statistics"),
    public("news:list"),
    public("news:detail", "opening"),
    public("news:detail", "secret-0", status=404),
    public("news:detail", "nowhere", status=404),
    public("news:feed"),
    public("news:topic", "cluster"),
    public("news:topic", "nowhere", status=404),
    public("news:topic_feed", "cluster"),
    public("news:topic_feed", "nowhere", status=404),
    public("news:year", 2024),
    public("news:year", 1999),
    public("news:question_create", "opening"),
    public("news:question_create", "secret-0", status=404),
    public("news:question_create", "nowhere", status=404),
    public("inquiries:create"),
    public("inquiries:create", query="?park=lingang"),
    public("inquiries:create", query="?park=secret-0&project=nowhere"),
    public("inquiries:thanks", status=404),
    public("inquiries:status"),
    public("inquiries:status", query="?r=unknown", status=404),
    public("inquiries:status_add", status=404),
    public("inquiries:status_rate", status=404),
    public("inquiries:status_data", status=404),
    public("inquiries:report"),
)

#: Machines, and the way to a language.
PLAIN = (
    public("choose_language", status=302),
    public("healthz"),
    public("readyz"),
    public("robots"),
    public("sitemap_index"),
    public("django.contrib.sitemaps.views.sitemap", "parks"),
    public("django.contrib.sitemaps.views.sitemap", "nowhere", status=404),
    public("media", "nowhere.jpg", status=404),
)

LOGIN = 302
#: Who logged in long ago (or, as here, by a test) types the password again first.
AGAIN = 302
#: The staff's own accounts.
ACCOUNTS = (
    Row("account_login", 200, 302),
    Row("account_logout", 302, 200),
    Row("account_inactive", 200, 200),
    Row("account_reauthenticate", LOGIN, 200),
    Row("account_change_password", LOGIN, 200),
    Row("account_reset_password", 200, 200),
    Row("account_reset_password_done", 200, 200),
    Row("account_reset_password_from_key", 200, 200, ["1", "x-y"]),
    Row("account_reset_password_from_key_done", 200, 200),
    Row("mfa_index", LOGIN, 200),
    Row("mfa_authenticate", LOGIN, LOGIN),
    Row("mfa_reauthenticate", LOGIN, AGAIN),
    Row("mfa_activate_totp", LOGIN, AGAIN),
    Row("mfa_deactivate_totp", LOGIN, 404),
    Row("mfa_view_recovery_codes", LOGIN, 404),
    Row("mfa_generate_recovery_codes", LOGIN, AGAIN),
    Row("mfa_download_recovery_codes", LOGIN, 404),
    Row("mfa_list_webauthn", LOGIN, 200),
    Row("mfa_add_webauthn", LOGIN, AGAIN),
    Row("mfa_reauthenticate_webauthn", LOGIN, AGAIN),
    Row("mfa_remove_webauthn", LOGIN, AGAIN, [1]),
    Row("mfa_edit_webauthn", LOGIN, AGAIN, [1]),
    Row("mfa_login_webauthn", 302, 302),
    Row("desk_language", 405, 405),
    Row("account_signup", 404, 404),
    Row("account_email", 404, 404),
    Row("account_set_password", 404, 404),
)

TABLE = (*PUBLIC, *PLAIN, *ACCOUNTS)
#: The desk has as many addresses as models; a rule stands for each kind.
DESK = "admin:"


def patterns(resolver=None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner)


def row_id(row: Row) -> str:
    return " ".join([row.name, *map(str, row.args), row.query]).strip()


def hide(factory, place: int, how: dict, **values: object):
    """A record that nobody may see, linked to whatever is public."""
    title = {
        f"{factory._meta.model.title_field}_{code}": f"{CANARY} {place}"
        for code in ("en", "zh_hans", "zh_hant")
    }
    return factory(slug=f"secret-{place}", **title, **how, **values)


@pytest.fixture
def content(db) -> None:
    """One public record of each kind, and beside it one that is hidden in each way."""
    park = ParkFactory(slug="lingang", name_en="Lingang", longitude="112.6", latitude="23.1")
    industry = IndustryFactory(slug="vehicles")
    park.industries.add(industry)
    project = ProjectFactory(slug="plant", park=park, industry=industry)
    MilestoneFactory(project=project)
    topic = TopicFactory(slug="cluster")
    post = PostFactory(slug="opening", topic=topic)
    page = PageFactory(slug="about")
    MenuItemFactory(page=page, address="")
    StatisticFactory(headline_order=1)
    HistoryEventFactory(park=park, project=project)
    QuestionFactory(post=post)
    for place, how in enumerate(HIDDEN):
        hidden_park = hide(ParkFactory, place, how, longitude="112.7", latitude="23.2")
        hidden_industry = hide(IndustryFactory, place, how)
        hidden_project = hide(ProjectFactory, place, how, park=park, industry=industry)
        MilestoneFactory(project=hidden_project)
        hidden_post = hide(PostFactory, place, how, topic=topic, is_featured=True)
        hidden_page = hide(PageFactory, place, how)
        indicator = hide(IndicatorFactory, place, how)
        hide(HistoryEventFactory, place, how, park=park)
        HistoryEventFactory(title_en=f"Seen {place}", park=hidden_park, project=hidden_project)
        StatisticFactory(indicator=indicator, headline_order=place + 2)
        StatisticFactory(park=hidden_park, district=None, headline_order=place + 10)
        MenuItemFactory(page=hidden_page, address="")
        park.industries.add(hidden_industry)
        hidden_park.industries.add(industry)
        ParkImageFactory(park=hidden_park, image=ImageFactory(alt_en=CANARY))
        ProjectFactory(park=hidden_park, industry=hidden_industry)
        for record in (hidden_post, post):
            record.parks.add(park, hidden_park)
            record.projects.add(project, hidden_project)
            record.industries.add(industry, hidden_industry)
        QuestionFactory(post=hidden_post, text=CANARY)
        QuestionFactory(post=post, text=CANARY, status=("pending", "refused")[place % 2])


@pytest.fixture
def administrator() -> Client:
    """Somebody who may do everything, logged in."""
    client = Client()
    client.force_login(superuser())
    return client


def answers(client: Client, rows: tuple[Row, ...], language: str) -> dict[str, int]:
    with translation.override(language):
        return {
            row_id(row): client.get(row.path(), headers={"accept-language": language}).status_code
            for row in rows
        }


def test_every_address_is_in_the_table():
    listed = {row.name for row in TABLE}
    there = {name for name, _entry in patterns() if not name.startswith(DESK)}

    assert there == listed


def test_the_table_has_each_row_once():
    ids = [row_id(row) for row in TABLE]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_gets_what_the_table_says(client, content, language):
    expected = {row_id(row): row.anonymous for row in TABLE}

    assert answers(client, TABLE, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_administrator_gets_what_the_table_says(administrator, content, language):
    rows = tuple(row for row in TABLE if row.name != "account_logout")
    expected = {row_id(row): row.staff for row in rows}

    assert answers(administrator, rows, language) == expected


def test_a_public_page_is_the_same_for_staff(client, administrator, content):
    for row in PUBLIC:
        if row.name.startswith(("inquiries:", "news:question")) or row.anonymous != 200:
            continue
        assert client.get(row.path()).content == administrator.get(row.path()).content, row


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_in_the_language_of_its_address(client, content, language):
    with translation.override(language):
        for row in PUBLIC:
            response = client.get(row.path())
            assert response["Content-Language"] == language, row
            if response["Content-Type"].startswith("text/html"):
                assert soup(response).html["lang"].lower() == language, row


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_hidden_is_on_no_page(client, content, language):
    assert {model.__name__ for model in Publishable.__subclasses__()} == {
        "HistoryEvent",
        "Indicator",
        "Industry",
        "Page",
        "Park",
        "Post",
        "Project",
    }, "make a hidden record of the new kind, too"
    sections = ("sections", "topics", "parks", "industries", "projects", "posts", "pages")
    with translation.override(language):
        paths = [row.path() for row in (*PUBLIC, *PLAIN) if row.anonymous == 200]
        paths += [f"{reverse('portal:search')}?q={word}" for word in (CANARY, "secret", "0")]
        paths += [f"/sitemap-{section}.xml" for section in sections]
        found = {path: client.get(path).content.decode(errors="replace") for path in paths}

    assert [path for path, body in found.items() if "/secret-" in body] == []
    assert [
        path for path, body in found.items() if CANARY in body and f"q={CANARY}" not in path
    ] == []
    search = found[f"/{language}/search/?q={CANARY}"]
    assert f"<mark>{CANARY}</mark>" not in search


def test_the_hidden_records_would_show_if_they_were_published(client, content):
    """Else the test above would prove nothing."""
    for model in Publishable.__subclasses__():
        for record in model.objects.filter(slug__startswith="secret-"):
            record.status, record.publish_at, record.unpublish_at = "published", None, None
            record.save()

    for path in (
        "/en/",
        "/en/parks/",
        "/en/industries/",
        "/en/projects/",
        "/en/news/",
        "/en/news/feed/",
        "/en/statistics/",
        "/en/history/",
        "/en/parks/lingang/",
        "/en/industries/vehicles/",
        "/en/news/opening/",
    ):
        assert CANARY in client.get(path).content.decode(), path
    assert "/en/parks/secret-0/" in client.get("/sitemap-parks.xml").content.decode()
    assert "/secret-0/" in client.get("/en/search/?q=canary").content.decode()


def test_what_goes_out_of_date_while_a_page_is_kept_disappears_from_it(client, content):
    """Finished pages are kept in memory: the schedule must end them."""
    assert "Lingang" in client.get("/en/parks/").content.decode()
    Park.objects.filter(slug="lingang").update(status="archived")
    Post.objects.get(slug="opening").save()

    assert "Lingang" not in client.get("/en/parks/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_never_fail(client, content, method):
    for row in (*PUBLIC, *PLAIN):
        status = getattr(client, method)(row.path()).status_code
        assert status < 500, (row, status)


# --- The desk


def desk_addresses() -> list[str]:
    """Every address of the desk, with a number where it needs an object."""
    paths = []
    for name, entry in patterns():
        if name.startswith(DESK) and entry.name:
            converters = entry.pattern.converters or {}
            groups = entry.pattern.regex.groupindex
            kwargs = dict.fromkeys({**converters, **groups}, "1")
            kwargs |= {"app_label": "parks"} if "app_label" in kwargs else {}
            kwargs |= {"content_type_id": 1} if "content_type_id" in kwargs else {}
            paths.append(reverse(name, kwargs=kwargs))
    return sorted(set(paths))


#: Without data: logging in and out, words for scripts, an empty desk, a changed password.
OPEN_DESK_ADDRESSES = {"/admin/login/", "/admin/logout/"}
OPEN_WITHOUT_ROLE = {
    *OPEN_DESK_ADDRESSES,
    "/admin/",
    "/admin/jsi18n/",
    "/admin/password_change/",
    "/admin/password_change/done/",
}


def test_the_desk_is_closed_to_visitors(client):
    for path in desk_addresses():
        response = client.get(path)
        if path in OPEN_DESK_ADDRESSES:
            continue
        assert response.status_code == 302, path
        assert response["Location"].startswith(("/admin/login/", "/accounts/login/")), path


def test_the_desk_is_closed_to_an_unknown_address_too(client):
    assert client.get("/admin/nowhere/").status_code in {302, 404}
    assert client.get("/admin").status_code == 301


def test_somebody_at_the_desk_without_a_role_opens_no_list():
    client = Client()
    client.force_login(member())

    for path in desk_addresses():
        if path not in OPEN_WITHOUT_ROLE:
            assert client.get(path).status_code in {302, 403, 404, 405}, path


def test_an_administrator_opens_every_list_and_every_empty_form(administrator):
    for name, _entry in patterns():
        if name.endswith("_changelist"):
            response = administrator.get(reverse(name))
            assert response.status_code in {200, 302}, name
        elif name.startswith("admin:") and name.endswith("_add"):
            assert administrator.get(reverse(name)).status_code in {200, 403}, name
