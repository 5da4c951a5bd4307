"""What a page says about itself to search engines and on shared links."""

import json

import pytest

from publishing.pages import PageMeta, Step, absolute, plain_text
from tests.factories import IndustryFactory, PageFactory, ParkFactory, PostFactory, ProjectFactory
from tests.reading import LANGUAGES, soup

HOST = "https://invest.example.org"


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.PUBLIC_URL = HOST


def structured(response) -> list[dict]:
    return json.loads(soup(response).find("script", type="application/ld+json").string)


def meta(response, **attributes: str) -> str:
    return soup(response).find("meta", attrs=attributes)["content"]


def test_addresses_are_absolute_and_never_from_the_request():
    assert absolute("/en/parks/") == f"{HOST}/en/parks/"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("<p>Land <b>and</b>\n water</p>", "Land and water"),
        (None, ""),
        ("", ""),
        ("园" * 300, "园" * 169 + "…"),
    ],
)
def test_descriptions_are_plain_and_short(given, plain):
    assert plain_text(given) == plain


def test_structured_data_cannot_end_its_element():
    page = PageMeta("Title", trail=[Step("</script><script>alert(1)</script>")])

    assert "<" not in page.json_ld
    assert json.loads(page.json_ld)[0]["itemListElement"][0]["name"].startswith("</script>")


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_a_page_is_named_step_by_step(client, language):
    ParkFactory(slug="lingang", name_en="Lingang", name_zh_hans="临港", name_zh_hant="臨港")

    crumbs = structured(client.get(f"/{language}/parks/lingang/"))[0]

    assert crumbs["@type"] == "BreadcrumbList"
    assert [step["position"] for step in crumbs["itemListElement"]] == [1, 2, 3]
    assert crumbs["itemListElement"][0]["item"] == f"{HOST}/{language}/"
    assert crumbs["itemListElement"][1]["item"] == f"{HOST}/{language}/parks/"
    assert "item" not in crumbs["itemListElement"][2]
    assert crumbs["itemListElement"][2]["name"] in {"Lingang", "临港", "臨港"}


@pytest.mark.django_db
def test_a_park_is_a_place_where_its_place_is_known(client):
    ParkFactory(slug="lingang", longitude="112.6885", latitude="23.1792")
    ParkFactory(slug="unplaced")

    place = structured(client.get("/en/parks/lingang/"))[1]

    assert place["@type"] == "Place"
    assert place["geo"] == {
        "@type": "GeoCoordinates",
        "longitude": 112.6885,
        "latitude": 23.1792,
    }
    assert "geo" not in structured(client.get("/en/parks/unplaced/"))[1]


@pytest.mark.django_db
def test_a_post_is_an_article_in_the_language_it_is_read_in(client):
    PostFactory(slug="opening", title_en="Opening", body_zh_hans="<p>开工</p>")

    article = structured(client.get("/en/news/opening/"))[1]

    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Opening"
    assert article["datePublished"] == "2024-08-06"
    assert article["inLanguage"] == "zh-Hans"
    assert article["url"] == f"{HOST}/en/news/opening/"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "kind"), [("", "Organization"), ("statistics/", "Dataset")])
def test_other_pages_say_what_they_are(client, path, kind):
    assert kind in {item["@type"] for item in structured(client.get(f"/en/{path}"))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "path"),
    [
        (ParkFactory, "parks/one/"),
        (IndustryFactory, "industries/one/"),
        (ProjectFactory, "projects/one/"),
        (PostFactory, "news/one/"),
        (PageFactory, "one/"),
    ],
)
def test_a_page_is_described_by_its_summary_until_an_editor_does(client, factory, path):
    record = factory(slug="one", summary_en="A short text.")
    assert meta(client.get(f"/en/{path}"), name="description") == "A short text."

    record.seo_title_en, record.seo_description_en = "Found title", "Found text."
    record.save()
    response = client.get(f"/en/{path}")

    assert meta(response, name="description") == "Found text."
    assert "Found title" in soup(response).title.get_text()


@pytest.mark.django_db
def test_a_shared_link_has_title_picture_and_address(client):
    ParkFactory(slug="lingang", name_en="Lingang")
    response = client.get("/zh-hans/parks/lingang/")

    assert meta(response, property="og:title") == "Lingang"
    assert meta(response, property="og:image") == f"{HOST}/zh-hans/share/park/lingang.png"
    assert client.get("/zh-hans/share/park/lingang.png").status_code == 200


@pytest.mark.django_db
def test_markup_in_a_title_is_escaped_everywhere(client):
    ParkFactory(slug="lingang", name_en='</title><b a="1">Lingang</b>')
    response = client.get("/en/parks/lingang/")

    assert '<b a="1">' not in response.content.decode()
    assert structured(response)[1]["name"].startswith("</title>")
