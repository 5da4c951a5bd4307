"""What Prometheus reads: counts of all processes of the machine, and work that waits."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.heartbeat import WORKER
from core.models import Heartbeat
from inquiries.models import Inquiry, OutgoingMail
from operation import figures, process_counts
from operation.exposition import Family, exposition
from operation.figures import waiting_work, work_families
from operation.management.commands.serve_metrics import FiguresHandler, ThreadingHTTPServer
from operation.process_counts import count_families, read_counts
from tests.inquiries.samples import cluster_desk, stored_inquiry

#: One line of a value, as the format's grammar has it.
SAMPLE = re.compile(
    r'[a-z_]+(\{[a-z]+="(?:[^"\\\n]|\\[\\"n])*"(,[a-z]+="(?:[^"\\\n]|\\[\\"n])*")*\})? [0-9.e+-]+'
)
GONE = 2**22 + 1  # above the largest number that Linux gives to a process


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    (tmp_path / "metrics").mkdir()
    return tmp_path / "metrics"


def leave(folder: Path, pid: int, hits: int) -> Path:
    file = folder / f"{pid}-ab.json"
    row = [hits, *[0] * 10, hits * 1000]
    counts = {
        "requests": {"GET home 2xx": hits},
        "durations": {"home": row},
        "page_cache": {"hits": hits},
    }
    file.write_text(json.dumps(counts))
    return file


def test_counts_of_all_processes_are_added_up(folder):
    leave(folder, os.getpid(), 2)
    leave(folder, os.getppid(), 3)
    text = exposition(count_families())
    assert 'portal_requests_total{method="GET",route="home",status="2xx"} 5\n' in text
    assert 'portal_request_seconds_bucket{route="home",le="0.005"} 5\n' in text
    assert 'portal_request_seconds_bucket{route="home",le="+Inf"} 5\n' in text
    assert 'portal_request_seconds_sum{route="home"} 0.005\n' in text
    assert 'portal_request_seconds_count{route="home"} 5\n' in text
    assert 'portal_page_cache_total{result="hits"} 5\n' in text
    assert "portal_processes 2\n" in text


def test_counts_of_a_process_that_is_gone_stay_and_its_file_goes(folder):
    gone = leave(folder, GONE, 4)
    leave(folder, os.getpid(), 1)
    for _time in range(2):
        counts, living = read_counts()
        assert counts["page_cache"] == {"hits": 5}
        assert living == [os.getpid()]
    assert not gone.exists()


def test_a_broken_file_breaks_nothing(folder):
    (folder / f"{os.getpid()}-ab.json").write_text("{")
    assert read_counts() == ({}, [os.getpid()])


def test_memory_of_a_process_is_known():
    assert process_counts.resident_bytes(os.getpid()) > 10_000_000
    assert process_counts.resident_bytes(GONE) == 0


@pytest.mark.django_db
def test_waiting_work_is_counted(time_machine, django_assert_num_queries):
    time_machine.move_to("2026-11-24T02:00:00+00:00", tick=False)
    cluster_desk()
    hour = timedelta(hours=1)
    late, early, test = stored_inquiry(), stored_inquiry(), stored_inquiry()
    OutgoingMail.objects.all().delete()
    for one, due, is_synthetic in ((late, -hour, False), (early, hour, False), (test, -hour, True)):
        Inquiry.objects.filter(pk=one.pk).update(
            created_at=timezone.now() - 3 * hour,
            due_at=timezone.now() + due,
            is_synthetic=is_synthetic,
        )
    for number, status in enumerate(("queued", "sent", "failed")):
        OutgoingMail.objects.create(
            inquiry=late,
            kind=OutgoingMail.Kind.NOTICE,
            recipient="desk@private.example",
            message_id=f"<{number}>",
            status=status,
            queued_at=timezone.now() - timedelta(minutes=5),
        )
    Heartbeat.objects.create(name=WORKER, at=timezone.now() - timedelta(seconds=40))
    with django_assert_num_queries(6):
        found = waiting_work()
    assert found["inquiries_open"] == 2
    assert found["inquiries_overdue"] == 1
    assert (found["mails_waiting"], found["mails_given_up"]) == (1, 1)
    assert found["mails_oldest_seconds"] == 300
    assert found["worker_silent_seconds"] == 40
    assert (found["tasks_waiting"], found["tasks_failed"]) == (
        DBTaskResult.objects.ready().count(),
        0,
    )
    assert Inquiry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_a_figure_too(monkeypatch):
    assert "portal_database_up 1\n" in exposition(work_families())

    def fail():
        raise OperationalError("at 10.0.0.5")

    monkeypatch.setattr(figures._question, "ask", fail)
    text = exposition(work_families())
    assert "portal_database_up 0\n" in text
    assert "portal_disk_free_ratio" in text
    assert "portal_mails_waiting" not in text


@pytest.mark.django_db(transaction=True)
def test_every_line_is_of_the_format(folder):
    leave(folder, os.getpid(), 2)
    for line in exposition([*count_families(), *work_families()]).splitlines():
        assert re.match(r"# (HELP|TYPE) portal_[a-z_]+ \S", line) or SAMPLE.fullmatch(line), line


def test_labels_are_escaped_and_empty_figures_left_out():
    odd = Family("portal_odd", "Odd.").add(1, route='a"b\\c\nd')
    assert exposition([odd, Family("portal_empty", "Empty.")]).splitlines()[-1] == (
        'portal_odd{route="a\\"b\\\\c\\nd"} 1'
    )


@pytest.mark.django_db(transaction=True)
def test_it_answers_one_address_and_names_no_version(folder):
    with ThreadingHTTPServer(("127.0.0.1", 0), FiguresHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert "Python" not in str(answer.headers)
            assert b"portal_database_up 1" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}/", timeout=10)
        server.shutdown()


def test_without_a_port_it_does_not_start(settings):
    settings.METRICS_PORT = 0
    with pytest.raises(CommandError, match="METRICS_PORT is not set"):
        call_command("serve_metrics")


def test_a_port_in_use_is_refused_in_words(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), FiguresHandler) as server:
        settings.METRICS_PORT = server.server_port
        with pytest.raises(CommandError, match="another METRICS_PORT"):
            call_command("serve_metrics")


def test_the_supervisor_starts_it_only_if_it_is_wanted(tmp_path):
    command = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'cluster_site.settings';"
        "from cluster_site.supervisor import parts; print([(p.name, p.is_vital) for p in parts()])"
    )
    for port, expected in (("", "web server"), ("9108", "('metrics exporter', False)")):
        result = subprocess.run(
            [sys.executable, "-c", command],
            env={**os.environ, "DATA_DIR": str(tmp_path), "METRICS_PORT": port},
            capture_output=True,
            text=True,
            check=True,
        )
        assert expected in result.stdout
        assert ("exporter" in result.stdout) == bool(port)
