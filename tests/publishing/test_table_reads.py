"""The statements tell what a page was made from."""

import pytest
from django.db import connection

from core.models import Contact
from parks.models import Park
from publishing.search.query import parse_query
from publishing.search.results import find
from publishing.table_reads import noted_reads, tables_of
from publishing.versions import EVERYTHING
from tests.factories import ParkFactory

pytestmark = pytest.mark.django_db


def test_tables_of_joins_and_of_related_rows_are_noted():
    with noted_reads() as reads:
        list(Park.objects.for_page().with_citation_rows())
    assert reads.tables >= {
        "parks_park", "parks_district", "parks_park_industries", "parks_industry",
        "parks_parkpoint", "core_contact", "core_citation", "core_source",
    }  # fmt: skip


def test_what_the_block_inside_reads_is_not_what_stands_around_it():
    with noted_reads() as outer:
        Park.objects.exists()
        with noted_reads() as first:
            Contact.objects.exists()
        with noted_reads() as second:
            pass
        assert tables_of(second.with_surroundings()) == {"parks_park"}
    assert first.tables == {"core_contact"}
    assert tables_of(outer.own) == {"parks_park"}
    assert outer.tables == {"parks_park", "core_contact"}


def test_a_search_may_show_anything():
    ParkFactory(name_en="Lingang")
    with noted_reads() as reads:
        assert find(parse_query("Lingang"), "en").total == 1
    assert EVERYTHING in reads.tables


def test_nothing_is_noted_when_nobody_asks():
    with noted_reads():
        Park.objects.exists()
    assert not any("note" in str(wrapper) for wrapper in connection.execute_wrappers)
