"""/healthz tells that the process lives, /readyz that it can work."""

import pytest
from django.db import InterfaceError, OperationalError, connection

from core.cache import FailOpenRedisCache
from core.heartbeat import WORKER, beat


def test_health_asks_nobody(client):
    # Without the database fixture any query would fail this test.
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready_names_its_parts(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "cache": "ok",
        "worker": "never",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_dead_database_makes_the_node_unready_without_details(client, monkeypatch, error):
    def refuse():
        raise error("could not connect to db.internal as portal")

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert b"internal" not in response.content


@pytest.mark.django_db
def test_a_dead_redis_is_reported_and_the_node_stays_ready(client, monkeypatch):
    dead = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr("core.health.caches", {"default": dead})
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["ready"]
    assert response.json()["cache"] == "degraded"


@pytest.mark.django_db
def test_a_silent_worker_is_reported_and_the_node_stays_ready(client, time_machine):
    time_machine.move_to("2026-11-24T02:00:00+00:00")
    beat(WORKER)
    assert client.get("/readyz").json()["worker"] == "ok"
    time_machine.move_to("2026-11-24T02:02:01+00:00")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, "silent")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client, address):
    assert client.post(address).status_code == 405
