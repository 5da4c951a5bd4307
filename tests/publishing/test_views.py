"""What all public lists and pages have in common: forgiving, and the same for everyone."""

import pytest

from publishing.views import FilterForm
from tests.factories import (
    DistrictFactory,
    IndustryFactory,
    MenuItemFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    StatisticFactory,
)
from tests.reading import LANGUAGES, links, notices, soup, text

pytestmark = pytest.mark.django_db

#: Addresses that only read, one of each kind.
READ_PAGES = (
    "",
    "parks/",
    "parks/lingang/",
    "industries/",
    "industries/vehicles/",
    "projects/",
    "projects/battery-plant/",
    "statistics/",
    "news/",
    "news/opening/",
    "news/feed/",
    "news/topic/cluster/",
    "news/topic/cluster/feed/",
    "news/2024/",
    "history/",
    "contact/",
    "search/",
    "style-guide/",
    "about/",
    "share/site/home.png",
)
HTML_PAGES = [path for path in READ_PAGES if not path.endswith((".png", "feed/"))]


@pytest.fixture
def site_with_pages():
    """One public record of each kind."""
    park = ParkFactory(slug="lingang")
    industry = IndustryFactory(slug="vehicles")
    ProjectFactory(slug="battery-plant", park=park, industry=industry)
    PostFactory(slug="opening", topic__slug="cluster")
    PageFactory(slug="about")
    StatisticFactory()
    MenuItemFactory()


@pytest.mark.parametrize("path", READ_PAGES)
def test_reading_needs_no_session_no_user_and_no_cookie(client, site_with_pages, path):
    client.cookies["session"] = "somebody"
    response = client.get(f"/en/{path}")

    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    for name in ("session", "user", "_messages"):
        assert not hasattr(response.wsgi_request, name)


@pytest.mark.parametrize("path", READ_PAGES)
def test_a_page_that_only_reads_takes_no_post(client, site_with_pages, path):
    response = client.post(f"/en/{path}", {"a": "b"})

    assert response.status_code == 405
    assert "GET" in response["Allow"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_else_is_taken_either(client, site_with_pages, method):
    assert getattr(client, method)("/en/parks/").status_code == 405


@pytest.mark.parametrize("path", READ_PAGES)
def test_the_head_of_a_page_can_be_asked_for(client, site_with_pages, path):
    response = client.head(f"/en/{path}")

    assert response.status_code == 200
    assert not response.content


@pytest.mark.parametrize("path", READ_PAGES)
def test_every_page_forbids_foreign_and_inline_code(client, site_with_pages, path):
    policy = client.get(f"/en/{path}")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("path", HTML_PAGES)
def test_no_page_has_inline_code_or_style(client, site_with_pages, path):
    found = soup(client.get(f"/en/{path}"))

    for script in found.find_all("script"):
        assert script.get("src") or script["type"] == "application/ld+json"
    assert not found.find_all("style")
    assert not found.find_all(style=True)
    assert not [name for tag in found.find_all(True) for name in tag.attrs if name.startswith("on")]


@pytest.mark.parametrize("path", HTML_PAGES[1:])
def test_an_address_without_its_last_slash_leads_to_the_page(client, site_with_pages, path):
    response = client.get(f"/zh-hans/{path.rstrip('/')}?a=b")

    assert response.status_code in {301, 302}
    assert response["Location"] == f"/zh-hans/{path}?a=b"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "parks/lingang/",
        "industries/vehicles/",
        "projects/battery-plant/",
        "news/opening/",
        "about/",
    ],
)
def test_a_page_without_translation_shows_the_original_and_says_so(
    client, site_with_pages, language, path
):
    response = client.get(f"/{language}/{path}")
    found = soup(response)

    assert response.status_code == 200
    assert found.html["lang"].lower() == language
    assert bool(found.select(".language-notice")) is (language != "en")
    assert bool(found.h1.find(lang="en")) is (language != "en")


@pytest.mark.parametrize(
    "path",
    ["parks/nowhere/", "industries/nowhere/", "projects/nowhere/", "news/nowhere/", "nowhere/"],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_address_helps_in_the_visitors_language(client, language, path):
    response = client.get(f"/{language}/{path}")
    found = soup(response)

    assert response.status_code == 404
    assert found.html["lang"].lower() == language
    assert found.main.find("input", attrs={"name": "q"})
    assert {f"/{language}/", f"/{language}/parks/", f"/{language}/contact/"} <= links(response)
    assert found.find("meta", attrs={"name": "robots", "content": "noindex"})
    assert not response.cookies


def test_an_unknown_address_without_language_follows_the_browser(client):
    response = client.get("/nowhere/", headers={"accept-language": "zh-TW"})

    assert response.status_code == 404
    assert soup(response).html["lang"] == "zh-Hant"


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("1", "Page 1 of 3"),
        ("2", "Page 2 of 3"),
        ("3", "Page 3 of 3"),
        ("4", "Page 3 of 3"),
        ("99999999999999999999999", "Page 3 of 3"),
        ("0", "Page 1 of 3"),
        ("-1", "Page 1 of 3"),
        ("abc", "Page 1 of 3"),
        ("", "Page 1 of 3"),
        ("9" * 5000, "Page 1 of 3"),
        ("1.5", "Page 1 of 3"),
        ("last", "Page 1 of 3"),
    ],
)
def test_a_page_number_that_makes_no_sense_shows_the_nearest_page(client, number, place):
    district = DistrictFactory()
    ParkFactory.create_batch(30, district=district)

    response = client.get("/en/parks/", {"page": number})

    assert response.status_code == 200
    assert place in text(response)


def test_pages_keep_the_filters(client):
    district = DistrictFactory(slug="dinghu")
    ParkFactory.create_batch(13, district=district)

    response = client.get("/en/parks/", {"district": "dinghu"})

    assert soup(response).find("a", rel="next")["href"] == "?district=dinghu&page=2"


def test_an_empty_list_has_one_page(client):
    response = client.get("/en/parks/", {"page": "7"})

    assert response.status_code == 200
    assert response.context["page_obj"].number == 1


@pytest.mark.parametrize(
    "query",
    [
        "district=nowhere",
        "industry=%27%3B--",
        "kind=palace",
        "district=dinghu&district=nowhere",
        "kind=%FF%FE",
    ],
)
def test_a_filter_that_is_not_understood_is_no_filter_and_says_so(client, query):
    ParkFactory(slug="lingang", district__slug="dinghu")

    response = client.get(f"/en/parks/?{query}")

    assert response.status_code == 200
    assert "/en/parks/lingang/" in links(response)
    assert any("was not understood" in notice for notice in notices(response))


@pytest.mark.parametrize("query", ["", "district=", "district=dinghu", "unknown=1"])
def test_a_query_that_is_understood_needs_no_note(client, query):
    ParkFactory(slug="lingang", district__slug="dinghu")

    response = client.get(f"/en/parks/?{query}")

    assert "/en/parks/lingang/" in links(response)
    assert notices(response) == []


@pytest.mark.parametrize(
    "hostile",
    [
        '"><script>alert(1)</script>',
        "{{7*7}}",
        "' OR 1=1 --",
        "../../etc/passwd",
        "%s%s%s",
        "😀" * 50,
    ],
)
@pytest.mark.parametrize("path", ["parks/", "projects/", "news/", "statistics/", "history/", ""])
def test_hostile_values_are_answered_and_escaped(client, hostile, path):
    names = ("page", "district", "industry", "kind", "park", "status", "year", "q", "x")
    response = client.get(f"/en/{path}", dict.fromkeys(names, hostile))

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_filters_in_use_are_named_and_can_be_taken_away(client):
    ParkFactory(district=DistrictFactory(slug="dinghu", name_en="Dinghu District"))

    response = client.get("/en/parks/", {"district": "dinghu", "kind": "cluster_park"})
    removal = soup(response).select(".filter-form__remove")

    assert [" ".join(link.get_text().split()) for link in removal] == [
        "Remove filter: District: Dinghu District",
        "Remove filter: Kind: Park of the cluster",
    ]
    assert removal[0]["href"] == "?kind=cluster_park"


def test_lists_with_different_filters_are_not_taken_for_each_other(client):
    ParkFactory(slug="here", district__slug="dinghu")
    ParkFactory(slug="there", district__slug="sihui")

    for _visit in range(2):
        for district, park in (("dinghu", "here"), ("sihui", "there")):
            found = links(client.get("/en/parks/", {"district": district}))
            assert f"/en/parks/{park}/" in found
            parks = {link for link in found if link.startswith("/en/parks/")} - {"/en/parks/"}
        assert len(parks) == 1


def test_a_change_shows_at_once_on_a_page_seen_before(client):
    park = ParkFactory(slug="lingang", name_en="Before")
    assert "Before" in text(client.get("/en/parks/lingang/"))

    park.name_en = "After"
    park.save()

    assert "After" in text(client.get("/en/parks/lingang/"))
    assert "After" in text(client.get("/en/parks/"))


def test_a_form_without_lookups_narrows_nothing():
    ParkFactory()
    form = FilterForm({"anything": "1"})

    assert form.apply(ParkFactory._meta.model.objects.all()).count() == 1
    assert (form.ignored, list(form.active)) == ([], [])
