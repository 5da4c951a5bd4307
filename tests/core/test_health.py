"""/healthz tells that the process lives, /readyz that it can work."""

import time
from collections import namedtuple
from threading import Event

import pytest
from django.db import InterfaceError, OperationalError

from core import readiness
from core.cache import FailOpenRedisCache
from core.heartbeat import WORKER, beat
from core.readiness import Question

# The questions are asked in threads, which do not see what a test has not committed.
pytestmark = pytest.mark.django_db(transaction=True)

Usage = namedtuple("Usage", "total used free")


def test_health_asks_nobody(client, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(readiness, "QUESTIONS", None)
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_names_its_parts(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
        "worker": "never",
        "disk": "ok",
        "mode": "normal",
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_dead_database_makes_the_node_unready_without_details(client, monkeypatch, error):
    def refuse():
        raise error("could not connect to db.internal as portal")

    monkeypatch.setattr(readiness, "pending_migrations", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert response.json()["worker"] == response.json()["migrations"] == "unknown"
    assert b"internal" not in response.content


def test_what_hangs_is_not_waited_for_and_not_asked_again(client, monkeypatch):
    asked, end = [], Event()

    def hang():
        asked.append(1)
        end.wait(30)
        return {"database": "ok", "migrations": "ok", "worker": "ok"}

    words = readiness.QUESTIONS[0].without_answer
    questions = (Question(hang, words), *readiness.QUESTIONS[1:])
    monkeypatch.setattr(readiness, "QUESTIONS", questions)
    begin = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - begin < 2
    assert (response.status_code, response.json()["database"]) == (503, "unavailable")
    assert client.get("/readyz").status_code == 503
    assert asked == [1]
    end.set()
    questions[0]._thread.join()
    assert client.get("/readyz").status_code == 200  # recovers alone


def test_migrations_that_wait_make_the_node_unready(client, monkeypatch):
    monkeypatch.setattr(readiness, "pending_migrations", lambda: {("news", "0099_later")})
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "pending")
    assert b"0099" not in response.content


def test_a_disk_that_is_nearly_full_makes_the_node_unready(client, monkeypatch):
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(1000, 951, 49))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["disk"]) == (503, "full")
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(1000, 950, 50))
    assert client.get("/readyz").status_code == 200


def test_a_dead_redis_is_reported_and_the_node_stays_ready(client, monkeypatch):
    dead = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr("core.readiness.caches", {"default": dead})
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"]
    assert response.json()["cache"] == "degraded"


def test_a_silent_worker_is_reported_and_the_node_stays_ready(client, time_machine):
    time_machine.move_to("2026-11-24T02:00:00+00:00")
    beat(WORKER)
    assert client.get("/readyz").json()["worker"] == "ok"
    time_machine.move_to("2026-11-24T02:02:01+00:00")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, "silent")


def test_maintenance_is_reported_and_the_node_stays_ready(client, settings):
    settings.READ_ONLY = True
    response = client.get("/readyz")
    assert response.status_code == 200
    assert (response.json()["mode"], response.json()["worker"]) == ("read-only", "paused")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client, address):
    assert client.post(address).status_code == 405
    assert client.head(address).content == b""
