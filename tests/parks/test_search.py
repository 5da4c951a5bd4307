"""A park is found by what belongs to it, and follows every change of it."""

import pytest
from django.core.management import call_command
from django.db import connection

from portal.management.commands.bootstrap import Command
from publishing.search.backends import backend_for
from publishing.search.query import parse_query
from publishing.search.results import find
from publishing.search_models import SearchEntry
from tests.factories import ParkFactory, ParkPointFactory, TransportLinkFactory

pytestmark = pytest.mark.django_db


def found(words: str, language: str = "en") -> list[str]:
    results = find(parse_query(words), language)
    return [hit.url for group in results.groups for hit in group.hits]


def test_a_park_is_found_by_its_destinations_and_its_points():
    park = ParkFactory(slug="lingang")
    TransportLinkFactory(park=park, name_en="Zhuhai port", name_zh_hans="珠海港")
    ParkPointFactory(park=park, kind="limit", text_en="No gas pipeline yet")

    for words in ("Zhuhai port", "pipeline", "zhuhai pipeline"):
        assert found(words) == ["/en/parks/lingang/"], words


def test_a_destination_is_found_in_its_own_language_only():
    park = ParkFactory(name_zh_hans="临港产业园")
    TransportLinkFactory(park=park, name_en="Zhuhai port", name_zh_hans="珠海港")

    assert found("珠海港", "zh-hans")
    assert found("Zhuhai", "en")


def test_a_changed_or_deleted_point_is_no_longer_found_by_its_old_text():
    point = ParkPointFactory(text_en="No pipeline")
    point.text_en = "No railway"
    point.save()

    assert not found("pipeline")
    assert found("railway")
    point.delete()
    assert not found("railway")


def test_a_point_of_a_draft_is_never_found():
    ParkPointFactory(park=ParkFactory(status="draft"), text_en="No pipeline")

    assert not found("pipeline")


def test_a_deleted_park_is_not_found_by_what_belonged_to_it():
    point = ParkPointFactory(text_en="No pipeline")
    TransportLinkFactory(park=point.park, name_en="Zhuhai port")
    point.park.delete()

    assert not found("pipeline")
    assert not SearchEntry.objects.exists()


def test_saving_a_park_keeps_what_its_rows_say():
    point = ParkPointFactory(text_en="No pipeline")
    point.park.save()

    assert found("pipeline")


def test_a_start_after_an_upgrade_writes_the_index_anew_once(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    ParkPointFactory(text_en="No pipeline")
    backend_for(connection).clear()

    Command().rebuild_search()
    assert found("pipeline")
    assert "search index" in capsys.readouterr().out

    Command().rebuild_search()
    assert capsys.readouterr().out == ""


def test_a_first_start_has_no_index_to_write(settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path

    Command().rebuild_search()

    assert capsys.readouterr().out == ""


def test_a_rebuilt_index_has_the_rows_of_every_park(capsys):
    for _number in range(3):
        TransportLinkFactory(name_en="Zhuhai port")
    backend_for(connection).clear()
    assert not found("Zhuhai port")

    call_command("rebuild_search")

    assert len(found("Zhuhai port")) == 3
