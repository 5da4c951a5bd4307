"""Whatever stands in an address or a header, nothing breaks: no 5xx on either database."""

from collections.abc import Callable

import pytest

from investment.forms import ProjectFilterForm
from parks.forms import ParkFilterForm
from portal.search import SearchForm
from portal.style_guide import SampleFilterForm
from tests.security.door import EXPECTED, Door
from tests.security.nasty import CASES, METHODS, generator, headers, path, query
from tests.test_every_url import ACCOUNTS, PLAIN, PUBLIC, Row

pytestmark = pytest.mark.django_db

#: Parameters that views read; of filter forms, all their fields.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "parks:list": (*ParkFilterForm.base_fields, "page"),
    "investment:project_list": (*ProjectFilterForm.base_fields, "page"),
    "portal:search": (*SearchForm.base_fields, "page"),
    "portal:style_guide": (*SampleFilterForm.base_fields, "page"),
    "news:list": ("page",),
    "news:topic": ("page",),
    "news:year": ("page",),
    "news:question_create": ("asked",),
    "inquiries:create": ("park", "project", "industry", "page"),
    "inquiries:report": ("figure", "page"),
    "inquiries:thanks": ("r",),
    "inquiries:status": ("r", "done"),
    "inquiries:status_add": ("r",),
    "inquiries:status_rate": ("r",),
    "inquiries:status_data": ("r", "withdrawn"),
    "django.contrib.sitemaps.views.sitemap": ("p",),
    "account_login": ("next", "login"),
    "account_logout": ("next",),
    "account_reauthenticate": ("next",),
    "mfa_authenticate": ("next",),
    "mfa_login_webauthn": ("next",),
    "choose_language": ("next", "language"),
}
#: Of any address: what proxies, campaigns and other programs add.
OTHERS = ("utm_source", "lang", "next", "format", "callback", "_method", "debug", "id", "sort")
GOOD = {
    "page": ("1", "2", "last"),
    "park": ("lingang",),
    "project": ("plant",),
    "industry": ("vehicles",),
    "district": ("district-1",),
    "q": ("lingang", "园区", '"new energy"', "park -plant"),
    "kind": ("park", "project"),
    "sort": ("date",),
    "status": ("production",),
    "year": ("2024",),
    "next": ("/admin/", "/en/"),
}
Send = Callable[[str], object]


def one_each() -> list[Row]:
    """Of each address the row that shows most."""
    rows: dict[str, Row] = {}
    for row in sorted((*PUBLIC, *PLAIN, *ACCOUNTS), key=lambda row: (row.anonymous, row.query)):
        rows.setdefault(row.name, row)
    return list(rows.values())


def report(door: Door, wrong: list[object]) -> None:
    """Ends the test with what was sent and what broke, the first few of them."""
    shown = "\n".join(map(str, wrong[:8]))
    assert not wrong, f"{len(wrong)} wrong answers\n{shown}\n" + "\n".join(door.errors[:8])


def test_every_row_with_a_query_has_its_parameters_here():
    names = {row.name for row in one_each()}
    assert names >= PARAMETERS.keys()


@pytest.mark.parametrize("row", one_each(), ids=lambda row: row.name)
def test_no_query_breaks_an_address(door, content, row):
    rng = generator("query", row.name)
    known = PARAMETERS.get(row.name, ())
    address = row.path().partition("?")[0]
    wrong = []
    # So many for each parameter of its own, and once more for what it does not know.
    for _case in range(CASES * max(len(known), 1)):
        sent = query(rng, (*known * 2, *OTHERS) if known else OTHERS, GOOD)
        reply = door.knock(address, sent)
        if reply.status not in EXPECTED or b"<svg onload" in reply.body:
            wrong.append((reply.status, address, sent[:300]))
    report(door, wrong)


PLACES = (
    *("/", "/en/", "/zh-hans/", "/xx/", "/en/parks/", "/en/industries/", "/en/projects/"),
    *("/en/news/", "/en/news/topic/", "/en/news/2024/", "/zh-hant/news/", "/en/inquiry/"),
    *("/media/", "/static/", "/sitemap-", "/accounts/", "/admin/", "/admin/parks/park/"),
    *("/accounts/password/reset/key/", "/en/share/", "/en/news/opening/", "//"),
)


@pytest.mark.parametrize("place", PLACES)
def test_no_path_breaks_the_portal_or_leaves_its_folders(door, content, place):
    rng = generator("path", place)
    wrong = []
    for _case in range(CASES):
        sent = path(rng, place)
        reply = door.knock(sent)
        away = reply["Location"].startswith(("//", "/\\", "http"))
        if reply.status not in EXPECTED or b"root:" in reply.body or away:
            wrong.append((reply.status, sent[:300], reply["Location"]))
    report(door, wrong)


@pytest.mark.parametrize("step", ["..", "%2e%2e", "..%2f", "....//", "..\\", "%2e%2e%2f", "./.."])
@pytest.mark.parametrize("place", ["media", "static"])
def test_no_way_leads_up_from_the_files(door, place, step):
    for depth in (1, 3, 8):
        for target in ("etc/passwd", "manage.py", "secret_key", "db.sqlite3"):
            reply = door.knock(f"/{place}/" + f"{step}/" * depth + target)
            assert reply.status in {400, 404}


def test_no_set_of_headers_breaks_a_page(door, content):
    rng = generator("headers")
    places = ("/en/", "/", "/en/parks/", "/en/search/", "/en/inquiry/", "/admin/", "/static/x.css")
    more = (
        "/accounts/login/",
        "/sitemap.xml",
        "/media/x.jpg",
        "/en/nowhere/",
        "/en/parks/lingang/",
    )
    wrong = []
    for _case in range(max(CASES * 10, 60)):
        place, sent = rng.choice((*places, *more)), headers(rng)
        method = "GET" if rng.random() < 0.8 else rng.choice(METHODS)
        reply = door.knock(place, headers=sent, method=method)
        told = "\n".join(f"{name}: {text}" for name, text in reply.headers)
        if reply.status not in EXPECTED or "evil.example" in told or b"evil.example" in reply.body:
            wrong.append((reply.status, method, place, sent))
    report(door, wrong)


@pytest.mark.parametrize("length", ["", "abc", "-5", "0x10", "1 2", "9" * 40, "1e3", "٣"])
def test_no_stated_length_breaks_a_form(door, content, length):
    for place in ("/en/inquiry/", "/en/report/", "/accounts/login/", "/en/inquiry/status/add/"):
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = door.knock(place, method="POST", body=b"name=x", length=length, headers=sent)
        assert reply.status in EXPECTED, (place, door.errors)
