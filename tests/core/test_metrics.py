"""Processes count requests by the name of their address, and leave the counts in a file."""

import json

import pytest

from core import request_log
from core.metrics import BUCKETS, Metrics, counts_folder
from tests.factories import ParkFactory


@pytest.fixture
def counted(settings, tmp_path, monkeypatch) -> Metrics:
    settings.DATA_DIR = tmp_path
    settings.METRICS_PORT = 9108
    fresh = Metrics()
    monkeypatch.setattr(fresh, "begin_to_write", lambda: None)
    monkeypatch.setattr(request_log, "metrics", fresh)
    fresh._file_name = "17-ab.json"
    return fresh


@pytest.mark.django_db
def test_requests_are_counted_by_method_route_and_class_of_status(client, counted):
    ParkFactory(slug="lingang")
    client.get("/en/parks/lingang/?from=secret")
    client.get("/zh-hans/parks/lingang/")
    client.get("/en/parks/nowhere/")
    client.get("/no/such/address")
    client.generic("PLEASE", "/healthz")
    assert counted.requests == {
        ("GET", "parks:detail", "2xx"): 2,
        ("GET", "parks:detail", "4xx"): 1,
        ("GET", "none", "4xx"): 1,
        ("other", "healthz", "4xx"): 1,
    }
    assert sum(counted.durations["parks:detail"][:-1]) == 3
    text = json.dumps(counted.snapshot())
    assert "lingang" not in text
    assert "secret" not in text


def test_durations_fall_into_classes(counted):
    for seconds in (0.001, 0.005, 0.006, 99):
        counted.count_request("GET", "home", 200, seconds)
    row = counted.durations["home"]
    assert row[:2] == [2, 1]
    assert row[len(BUCKETS)] == 1
    assert row[-1] == 99_012_000


def test_without_a_port_nothing_is_counted(counted, settings):
    settings.METRICS_PORT = 0
    counted.count_request("GET", "home", 200, 0.1)
    assert not counted.requests


def test_counts_are_written_when_they_have_changed(counted):
    counted.watch("page_cache", lambda: {"hits": 7})
    counted.count_request("GET", "home", 200, 0.1)
    counted.write()
    file = counts_folder() / "17-ab.json"
    assert json.loads(file.read_text())["requests"] == {"GET home 2xx": 1}
    assert json.loads(file.read_text())["page_cache"] == {"hits": 7}
    file.unlink()
    counted.write()
    assert not file.exists()
    counted.count_request("GET", "home", 200, 0.1)
    counted.write()
    assert file.exists()


def test_a_disk_that_takes_nothing_stops_no_request(counted, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    counted.count_request("GET", "home", 200, 0.1)
    counted.write()
    settings.DATA_DIR = tmp_path
    counted.write()
    assert (counts_folder() / "17-ab.json").exists()


def test_the_first_request_starts_the_thread_that_writes(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    settings.METRICS_PORT = 9108
    monkeypatch.setattr("core.metrics.WRITE_EVERY", 0.01)
    started = Metrics()
    monkeypatch.setattr(started, "_write_for_ever", started.write)
    started.count_request("GET", "home", 200, 0.1)
    started._writer.join()
    started.count_request("GET", "home", 200, 0.1)
    assert started._file_name
