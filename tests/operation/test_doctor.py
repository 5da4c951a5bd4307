"""Each trouble is named in plain words with a remedy; nothing secret is said."""

import os
import socket
import sqlite3
import time
from collections import namedtuple
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage
from django.core.mail import get_connection
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.cache import FailOpenRedisCache
from core.heartbeat import WORKER, beat
from core.models import Heartbeat
from inquiries.mailbox import MailboxError
from inquiries.models import OutgoingMail
from operation.doctor import database, examination, files, place, services, work
from operation.doctor.examination import LOOKS, examine
from operation.doctor.finding import Finding, Look, ok
from publishing.search_models import SearchEntry
from tests.factories import ParkFactory
from tests.faults.mail_server import ACCEPT, REFUSE, MailServer
from tests.inquiries.samples import cluster_desk, stored_inquiry

pytestmark = pytest.mark.django_db

Usage = namedtuple("Usage", "total used free")
NOW = "2026-11-24T02:00:00+00:00"
PASSWORD = "hunter2-hunter2"


def words(look: Look) -> str:
    """All findings; those that are not OK must have a remedy."""
    found = list(look())
    assert all(finding.remedy for finding in found if finding.word != "OK")
    return "\n".join(f"{finding.word} {finding.what}" for finding in found)


def fails_with(error: Exception):
    def fail(*arguments, **options):
        raise error

    return fail


# --- the command


def run(monkeypatch, *findings: Finding) -> tuple[str, int]:
    monkeypatch.setattr("operation.management.commands.doctor.examine", lambda: iter(findings))
    output, code = StringIO(), 0
    try:
        call_command("doctor", stdout=output)
    except SystemExit as end:
        code = end.code
    return output.getvalue(), code


def test_it_ends_with_1_only_if_something_has_to_be_mended(monkeypatch):
    fine = ok("Fine.")
    odd = Finding("WARN", "Odd.", "Look at it.")
    broken = Finding("FAIL", "Broken.", "Mend it.")
    assert run(monkeypatch, fine, odd) == (
        "OK    Fine.\nWARN  Odd.\n      → Look at it.\n\n0 to mend, 1 to look at.\n",
        0,
    )
    assert run(monkeypatch, fine, broken)[1] == 1


def test_a_look_that_hangs_holds_up_nobody():
    end = Event()

    def look_at_mail():
        yield ok("Mail: begun.")
        end.wait(30)

    begin = time.monotonic()
    found = list(examine([look_at_mail, lambda: iter([ok("Next.")])], longest=0.3))
    end.set()
    assert time.monotonic() - begin < 5
    assert [(finding.word, finding.what) for finding in found] == [
        ("OK", "Mail: begun."),
        ("FAIL", "Mail: no answer in 0 s."),
        ("OK", "Next."),
    ]


def test_a_look_that_breaks_is_named_without_the_text_of_its_error():
    looks = []
    for error in (OperationalError(PASSWORD), ZeroDivisionError(PASSWORD)):
        look = fails_with(error)
        look.__name__ = "look_at_search"
        looks.append(look)
    away, fault = examine(looks)
    assert away.what == "Search: not examined (OperationalError)."
    assert "lines above" in away.remedy
    assert "report" in fault.remedy
    assert PASSWORD not in f"{away}{fault}"


@pytest.mark.django_db(transaction=True)
def test_every_look_comes_to_an_end_and_says_no_secret(settings):
    settings.SECRET_KEY = f"key-{PASSWORD}"
    settings.EMAIL_HOST_PASSWORD = PASSWORD
    found = list(examine())
    assert len(found) >= len(LOOKS) - 2
    assert PASSWORD not in "".join(map(str, found))
    assert not [finding for finding in found if "report it" in finding.remedy]


def test_the_words_are_aligned():
    assert str(ok("Fine.")) == "OK    Fine."
    assert examination.subject(work.look_at_mails) == "Mails"


# --- place and settings


def test_a_first_start_is_told_how_to_go_public(settings):
    settings.DEPLOYMENT = "local"
    assert words(place.look_at_place).startswith("WARN Place: local")
    settings.DEBUG = True
    assert "DEBUG is on" in words(place.look_at_place)


def test_production_is_named_with_its_address(settings):
    settings.DEPLOYMENT = "production"
    settings.PUBLIC_URL = "https://invest.example.org"
    settings.BEHIND_PROXY = True
    assert words(place.look_at_place) == "OK Place: production at https://invest.example.org."
    settings.BEHIND_PROXY, settings.SECURE_SSL_REDIRECT = False, True
    assert "no proxy is told" in words(place.look_at_place)


def test_maintenance_that_was_forgotten_is_named(settings):
    settings.READ_ONLY = True
    assert "WARN Mode: read-only" in words(place.look_at_place)


def test_settings_are_examined_as_for_a_deployment(settings):
    settings.DEPLOYMENT = "local"
    settings.ALLOWED_HOSTS = ["*"]
    assert "every host name" not in words(place.look_at_settings)
    settings.DEPLOYMENT = "production"
    assert "FAIL ALLOWED_HOSTS accepts every host name." in words(place.look_at_settings)


# --- database


def test_a_healthy_database_is_described():
    found = words(database.look_at_database)
    assert f"OK Database: {connection.display_name} answers" in found
    assert "OK Migrations: all applied." in found
    assert "FAIL" not in found


def test_a_database_that_is_away_is_the_first_thing_to_mend(monkeypatch):
    error = OperationalError(f"password {PASSWORD} refused")
    monkeypatch.setattr(database, "pending_migrations", fails_with(error))
    found = words(database.look_at_database)
    assert found == "FAIL Database: it cannot be asked (OperationalError)."


def test_migrations_that_wait_are_named(monkeypatch):
    monkeypatch.setattr(database, "pending_migrations", lambda: {("news", "0099_later")})
    assert "FAIL Migrations: 1 wait (news.0099_later" in words(database.look_at_database)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own troubles")
def test_sqlite_without_its_journal_is_named(monkeypatch, tmp_path):
    file = tmp_path / "db.sqlite3"
    sqlite3.connect(file).execute("CREATE TABLE a (b)").connection.close()
    (tmp_path / "db.sqlite3-wal").write_bytes(b"x" * 10)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    monkeypatch.setattr(database, "LARGEST_WAL", 5)

    @contextmanager
    def cursor():
        other = sqlite3.connect(tmp_path / "other.sqlite3")
        yield other
        other.close()

    monkeypatch.setattr(connection, "cursor", cursor)
    found = words(database.look_at_sqlite)
    assert "FAIL Database: its journal is 'delete'" in found
    assert "WARN Database: the log of writes is not written back." in found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own troubles")
def test_postgresql_is_described():
    found = words(database.look_at_postgresql)
    assert "connections in use" in found
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        assert "FAIL Database: it acknowledges" in words(database.look_at_postgresql)
        cursor.execute("SET synchronous_commit = on")


def test_a_clock_that_is_ahead_is_named():
    assert words(database.look_at_clock) == "OK Clock: nothing was written in the future."
    Heartbeat.objects.create(name=WORKER, at=timezone.now() + timedelta(minutes=10))
    assert "WARN Clock: The worker's differs" in words(database.look_at_clock)


@pytest.mark.parametrize(("free", "word"), [(4, "FAIL"), (10, "WARN"), (50, "OK")])
def test_room_on_the_disk_is_told(monkeypatch, free, word):
    monkeypatch.setattr(
        "core.readiness.shutil.disk_usage", lambda path: Usage(100, 100 - free, free)
    )
    assert words(database.look_at_disk).startswith(f"{word} Disk: {free}% free")


# --- services


def test_a_redis_that_is_away_is_named(monkeypatch):
    assert words(services.look_at_cache).startswith("OK Cache:")
    dead = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr(services, "caches", {"default": dead})
    assert words(services.look_at_cache).startswith("WARN Cache: Redis does not answer")
    monkeypatch.setattr(services, "caches", {"default": caches["default"]})


@pytest.fixture
def mail_server(settings):
    """A server that the settings name."""
    with MailServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = services.SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "desk@example.org"
        settings.EMAIL_TIMEOUT = 1
        yield server
        server.shutdown()


def test_a_mail_server_that_lets_the_portal_in_is_fine(mail_server):
    mail_server.mode = ACCEPT
    assert words(services.look_at_mail) == "OK Mail: the server lets the portal in."


def test_a_mail_server_that_refuses_is_named(mail_server):
    mail_server.mode = REFUSE
    assert words(services.look_at_mail).startswith("FAIL Mail: the server cannot be used (SMTP")


def test_a_password_that_is_wrong_is_not_repeated(mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", PASSWORD
    assert get_connection().password == PASSWORD
    found = words(services.look_at_mail)
    assert found.startswith("FAIL Mail: the server cannot be used")
    assert PASSWORD not in found


def test_mail_that_is_never_sent_is_named(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Desk <portal@localhost>"
    settings.DEPLOYMENT = "local"
    found = words(services.look_at_mail)
    assert "WARN Mail: it would come from" in found
    assert "WARN Mail: it is written down here and never sent." in found
    settings.DEPLOYMENT = "production"
    assert words(services.look_at_mail).startswith("FAIL Mail: it is written down")


def test_the_mailbox_is_looked_at_if_there_is_one(settings, monkeypatch):
    settings.IMAP = None
    assert words(services.look_at_mailbox) == ""
    settings.IMAP = {"host": "mail.example.org", "password": PASSWORD}
    error = MailboxError("login refused: error")
    monkeypatch.setattr(services, "open_mailbox", fails_with(error))
    assert words(services.look_at_mailbox) == "FAIL Mailbox: login refused: error."


def test_the_scanner_is_asked_if_there_is_one(settings):
    settings.CLAMD_URL = ""
    assert words(services.look_at_scanner) == ""
    for address in ("tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"):
        settings.CLAMD_URL = address
        assert words(services.look_at_scanner).startswith("FAIL Virus scanner: it does not answer")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{listener.getsockname()[1]}"

        def answer():
            talk, _address = listener.accept()
            with talk:
                assert talk.recv(16) == b"zPING\0"
                talk.sendall(b"PONG\0")

        Thread(target=answer, daemon=True).start()
        assert words(services.look_at_scanner) == "OK Virus scanner: it answers."


# --- work


def test_a_worker_is_alive_silent_or_was_never_there(time_machine, settings):
    time_machine.move_to(NOW, tick=False)
    assert "FAIL Worker: it has never run" in words(work.look_at_worker)
    beat(WORKER)
    assert words(work.look_at_worker) == "OK Worker: alive."
    time_machine.move_to("2026-11-24T02:10:00+00:00", tick=False)
    assert "FAIL Worker: no sign of life" in words(work.look_at_worker)
    settings.READ_ONLY = True
    assert words(work.look_at_worker) == "OK Worker: pauses for maintenance."


def task(**values) -> DBTaskResult:
    return DBTaskResult.objects.create(
        **{
            "task_path": "inquiries.tasks.sweep_mail",
            "args_kwargs": {"args": [], "kwargs": {}},
            "queue_name": "default",
            "backend_name": "default",
            "run_after": timezone.now(),
            **values,
        }
    )


def test_tasks_that_wait_long_are_named(time_machine):
    time_machine.move_to(NOW, tick=False)
    DBTaskResult.objects.filter(pk=task().pk).update(
        enqueued_at=timezone.now() - timedelta(hours=2)
    )
    assert "WARN Tasks: 1 wait, the oldest for 120 minutes." in words(work.look_at_worker)


def test_tasks_that_failed_are_named_by_their_place():
    assert words(work.look_at_tasks) == "OK Tasks: none failed."
    task(status="FAILED", exception_class_path="builtins.ValueError", traceback=PASSWORD)
    found = words(work.look_at_tasks)
    assert found == "WARN Tasks: 1 failed (inquiries.tasks.sweep_mail)."


def test_mails_that_were_given_up_or_wait_long_are_named(time_machine):
    time_machine.move_to(NOW, tick=False)
    cluster_desk()
    stored_inquiry()
    OutgoingMail.objects.update(status="queued", queued_at=timezone.now())
    assert words(work.look_at_mails).startswith("OK Mails: none given up, 2 waiting.")
    first = OutgoingMail.objects.first()
    OutgoingMail.objects.filter(pk=first.pk).update(status="failed")
    OutgoingMail.objects.exclude(pk=first.pk).update(queued_at=timezone.now() - timedelta(hours=3))
    found = words(work.look_at_mails)
    assert "FAIL Mails: 1 were given up" in found
    assert "WARN Mails: 1 wait, the oldest for 180 minutes." in found
    assert "example" not in found


def test_records_that_search_does_not_know_are_counted(django_assert_num_queries):
    ParkFactory(slug="lingang")
    assert words(work.look_at_search) == "OK Search: every record is in the index."
    SearchEntry.objects.all().delete()
    assert words(work.look_at_search) == "WARN Search: 1 records are not in the index."


# --- files


@pytest.fixture
def storage(settings, tmp_path, monkeypatch):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(files, "default_storage", FileSystemStorage(tmp_path / "media"))
    return tmp_path


def test_uploads_are_tried_and_leave_nothing_behind(storage):
    assert words(files.look_at_storage) == "OK Uploads: can be written."
    assert [path for path in storage.rglob("*") if path.is_file()] == []


def test_places_that_take_no_file_are_named(storage, settings, monkeypatch):
    (storage / "file").touch()
    settings.PRIVATE_ROOT = storage / "file" / "below"
    monkeypatch.setattr(files, "default_storage", FileSystemStorage(storage / "file" / "below"))
    found = words(files.look_at_storage)
    assert "FAIL Uploads: nothing can be written" in found
    assert "FAIL Files of inquirers: nothing can be written" in found


def test_static_files_that_were_not_collected_are_named(settings, tmp_path, monkeypatch):
    settings.STATIC_ROOT = tmp_path
    monkeypatch.setattr(files, "static_fingerprint", lambda: "now")
    assert words(files.look_at_static).startswith("FAIL Static files")
    (tmp_path / ".fingerprint").write_text("earlier")
    assert words(files.look_at_static).startswith("FAIL Static files")
    (tmp_path / ".fingerprint").write_text("now")
    assert words(files.look_at_static) == "OK Static files: collected."
    settings.DEBUG = True
    assert "not needed" in words(files.look_at_static)


def test_translations_that_were_not_compiled_are_named(settings, tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").touch()
    settings.LOCALE_PATHS = [tmp_path]
    assert words(files.look_at_translations).startswith("WARN Translations")
    (folder / "django.mo").touch()
    assert words(files.look_at_translations) == "OK Translations: compiled."


def test_the_age_of_the_newest_backup_is_told(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "nowhere"
    assert words(files.look_at_backup).startswith("WARN Backup: this machine keeps none.")
    settings.BACKUP_DIR = tmp_path
    assert words(files.look_at_backup) == "FAIL Backup: the folder is empty."
    for name, hours in (("new.tar", 30), ("old.tar", 54)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, time.time() - hours * 3600))
    assert words(files.look_at_backup) == "FAIL Backup: the newest is 30 hours old."
    (tmp_path / "newest.tar").touch()
    assert words(files.look_at_backup) == "OK Backup: the newest is 0 hours old."
