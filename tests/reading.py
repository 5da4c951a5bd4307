"""Reading pages as a visitor does: what they say and where they lead."""

from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import SiteSettings
from publishing.fragments import forget_everything

LANGUAGES = ("en", "zh-hans", "zh-hant")


def soup(response: HttpResponse) -> BeautifulSoup:
    """The page as a tree."""
    return BeautifulSoup(response.content, "html.parser")


def text(response: HttpResponse) -> str:
    """Everything in the main part of a page, spaces joined."""
    page = soup(response)
    return " ".join((page.main or page).get_text(" ").split())


def links(response: HttpResponse) -> set[str]:
    """Where the main part of a page leads."""
    page = soup(response)
    return {link["href"] for link in (page.main or page).find_all("a", href=True)}


def notices(response: HttpResponse) -> list[str]:
    """What a page remarks about itself."""
    return [" ".join(item.get_text(" ").split()) for item in soup(response).select(".notice")]


def queries(client: Client, address: str) -> list[str]:
    """SQL of one request that succeeds, with nothing of the page kept from an earlier one."""
    SiteSettings.current()
    forget_everything()
    cache.clear()
    ContentType.objects.get_for_models(*apps.get_models())
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return [query["sql"] for query in captured.captured_queries]
