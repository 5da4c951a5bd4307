"""Limits that count in the database, and in memory when the database does not."""

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from core import rate_limit
from core.models import RateWindow
from core.rate_limit import RateLimit, clear_windows, client_network, count_once, wider_network

LIMIT = RateLimit("test", 2, 60)
EVERYBODY = RateLimit("all", 3, 60)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(time_machine):
    """In the middle of a minute."""
    time_machine.move_to("2026-11-24T02:10:20+00:00", tick=False)
    rate_limit._memory.clear()
    return time_machine


def test_the_third_of_two_waits_for_the_end_of_the_window(clock):
    assert [LIMIT.hit("a") for _time in range(3)] == [0, 0, 40]
    assert LIMIT.peek("a") == 40
    clock.shift(40)
    assert LIMIT.hit("a") == 0


def test_each_subject_has_its_own_count():
    for _time in range(3):
        LIMIT.hit("a")
    assert LIMIT.hit("b") == 0


def test_looking_does_not_count():
    assert [LIMIT.peek("a") for _time in range(5)] == [0] * 5
    LIMIT.hit("a")
    LIMIT.hit("a")
    assert LIMIT.peek("a") == 0


def test_a_restart_forgets_nothing():
    for _time in range(2):
        LIMIT.hit("a")
    rate_limit._memory.clear()  # all that a process holds
    assert LIMIT.hit("a") == 40


def test_the_same_page_sent_twice_counts_once():
    for _time in range(5):
        assert count_once("page", 60, [(LIMIT, "a")]) == 0
    assert count_once("another page", 60, [(LIMIT, "a")]) == 0
    assert count_once("a third", 60, [(LIMIT, "a")]) == 40


def test_who_is_over_his_own_limit_uses_up_nothing_of_everybodys():
    for number in range(5):
        count_once(f"page {number}", 60, [(LIMIT, "a"), (EVERYBODY, "")])
    assert count_once("his", 60, [(LIMIT, "b"), (EVERYBODY, "")]) == 0
    assert count_once("hers", 60, [(LIMIT, "c"), (EVERYBODY, "")]) == 40


def test_a_count_costs_two_queries(django_assert_num_queries):
    with django_assert_num_queries(6):  # two, each in a savepoint of this test's transaction
        count_once("page", 60, [(LIMIT, "a"), (EVERYBODY, "")])


def test_no_address_is_kept():
    LIMIT.hit("203.0.113.9")
    assert "203.0.113.9" not in RateWindow.objects.get().key


def test_windows_that_are_over_are_cleared(clock):
    LIMIT.hit("a")
    assert clear_windows() == 0
    clock.shift(41)
    LIMIT.hit("b")
    assert clear_windows() == 1
    assert RateWindow.objects.count() == 1


def test_a_database_that_refuses_lets_nobody_through_without_counting(monkeypatch, caplog):
    def refuse(*arguments):
        raise DatabaseError("attempt to write a readonly database at /srv/secret")

    monkeypatch.setattr(rate_limit, "_upsert", refuse)
    assert [LIMIT.hit("a") for _time in range(3)] == [0, 0, 40]
    assert LIMIT.peek("a") == 40
    assert "/srv/secret" not in caplog.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_a_visitor_is_an_address_or_an_ipv6_network(address, network):
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assert client_network(request) == network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_neighbours_share_a_wider_network(address, network):
    assert wider_network(address) == network


def test_clicks_at_the_same_moment_count_once(monkeypatch):
    monkeypatch.setattr(rate_limit, "_counts", lambda keys: dict.fromkeys(keys, 0))
    for _click in range(5):  # none of them sees what the others have counted
        assert count_once("page", 60, [(LIMIT, "a")]) == 0
    assert RateWindow.objects.get(key=LIMIT.window("a").key).count == 1
