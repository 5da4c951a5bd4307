"""Backups under writes, and restoring them into an empty place: the drill, and what is refused."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections

from inquiries.models import DataRequest, Inquiry, InquiryFile
from inquiries.privacy import erase
from operation import backup, erasures, restore
from operation.archive import ArchiveWriter, Refused, verified
from operation.backup import current_commit, make_backup
from operation.stored_files import names_in, storages
from publishing.models import Redirect
from tests.factories import ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.operation.places import another_database

KEY = "k" * 40
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(place):
    """Content, an inquiry and files of both kinds."""
    cluster_desk()
    ParkFactory(name_en="Harbour Park")
    default_storage.save("images/园区-0123abcd.webp", ContentFile(os.urandom(300_000)))
    inquiry = stored_inquiry(name="Zebulon Quackenbush", email="zebulon@example.com")
    add_file(inquiry, b"%PDF plan")
    return place


def add_file(inquiry: Inquiry, content: bytes) -> InquiryFile:
    stored = InquiryFile(inquiry=inquiry, name="plan.pdf", content_type="application/pdf")
    stored.size, stored.sha256 = len(content), "0" * 64
    stored.file.save("x", ContentFile(content))
    return stored


def run(*arguments: object) -> str:
    output = StringIO()
    call_command(*map(str, arguments), stdout=output)
    return output.getvalue()


def archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("portal-*.gz")) + sorted(folder.glob("portal-*.age"))


def left_over(place) -> list[str]:
    """Everything that half a backup could leave behind."""
    return [
        str(path)
        for path in place.folder.rglob("*")
        if path.name.endswith(".part") or "backup.work" in str(path) or ".restoring" in str(path)
    ]


class Writers:
    """Threads that add rows in pairs and files with their rows, until the block ends."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.written = 0
        self.failures: list[BaseException] = []
        self._done = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(number,)) for number in range(2)
        ]

    def _write(self, writer: int) -> None:
        number = 0
        try:
            while not self._done.is_set():
                number += 1
                # One statement, so that a copy has both rows or none.
                Redirect.objects.bulk_create(
                    Redirect(old_path=f"/{side}-{writer}-{number}/", new_path="/parks/")
                    for side in ("left", "right")
                )
                add_file(self.inquiry, os.urandom(20_000))
                self.written += 1
        except BaseException as error:
            self.failures.append(error)
        finally:
            connections.close_all()

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "encrypted"])
def test_a_backup_made_under_writes_is_restored_whole(filled, tmp_path, key):
    writers = Writers(Inquiry.objects.get())
    with writers:
        while writers.written < 4:
            pass
        before = writers.written
        made = make_backup(filled.backups, key)
        during = writers.written - before
    assert not writers.failures
    assert during > 0, "nobody wrote while the backup was made"

    filled.move_to("second")
    with another_database(tmp_path) as other:
        manifest = restore.restore(made.path, key, using=other)
        assert manifest == made.manifest == verified(made.path, key)
        with connections[other].cursor() as cursor:
            for table, (rows, *_sum) in manifest.tables.items():
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                assert cursor.fetchone() == (rows,), table
        moved = Redirect.objects.using(other)
        left = set(moved.filter(old_path__startswith="/left").values_list("old_path", flat=True))
        right = set(moved.filter(old_path__startswith="/right").values_list("old_path", flat=True))
        assert {path.replace("left", "right") for path in left} == right
        assert before <= len(left) <= Redirect.objects.count() / 2
        inquiry = Inquiry.objects.using(other).get()
        assert inquiry.name == "Zebulon Quackenbush"
        files = InquiryFile.objects.using(other)
        assert files.count() >= before
        # Every file that a restored row names is there, to the last byte.
        assert all(len(stored.file.read()) == stored.size for stored in files)
        assert default_storage.size("images/园区-0123abcd.webp") == 300_000
    assert left_over(filled) == []


def test_one_line_says_what_was_made(filled, settings):
    said = run("backup")
    (path,) = archives(filled.backups)
    assert said.startswith(f"{path}: {path.stat().st_size:,} bytes, ")
    assert "rows in" in said
    assert said.endswith("2 files\n")
    settings.BACKUP_KEY = KEY
    assert "encrypted" in run("backup", "--to", filled.folder / "usb")
    assert len(archives(filled.folder / "usb")) == 1


def test_only_their_owner_reads_backups(filled):
    make_backup(filled.backups, "")
    assert filled.backups.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in filled.backups.iterdir()} == {0o600}
    names = {path.name.partition(".")[2] for path in filled.backups.iterdir()}
    assert names == {"tar.gz", "tar.gz.sha256", "json"}


def test_an_encrypted_backup_shows_nothing(filled):
    made = make_backup(filled.backups, KEY)
    everything = b"".join(path.read_bytes() for path in filled.backups.iterdir())
    for word in (b"Quackenbush", b"manifest", b"images/", b"SQLite format"):
        assert word not in everything
    assert made.path.name.endswith(".age")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_full_or_broken_disk_leaves_no_half_backup(filled, monkeypatch, number):
    run("backup")
    (kept,) = archives(filled.backups)
    older = kept.with_name("portal-20261101T000000Z.tar.gz")
    kept.rename(older)

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(backup.os, "fsync", fail)
    with pytest.raises(CommandError, match=f"No backup was made: {os.strerror(number)}"):
        run("backup")
    assert archives(filled.backups) == [older]
    assert left_over(filled) == []


def test_what_a_killed_backup_left_is_cleared_by_the_next(filled):
    filled.backups.mkdir()
    (filled.backups / ".portal-20261101T000000Z.tar.gz.part").write_bytes(b"half")
    work = filled.folder / "first/backup.work"
    work.mkdir()
    (work / "database").write_bytes(b"half")
    run("backup")
    assert left_over(filled) == []
    assert len(archives(filled.backups)) == 1


def test_two_at_once_are_refused(filled):
    filled.backups.mkdir()
    with (
        backup._alone(filled.backups),
        pytest.raises(CommandError, match=r"Another backup is being made"),
    ):
        run("backup")


def test_old_ones_go_and_the_command_says_so(filled, settings):
    filled.backups.mkdir()
    settings.BACKUP_KEEP = {"daily": 1, "weekly": 0, "monthly": 0}
    (filled.backups / "portal-20260101T000000Z.tar.gz").write_bytes(b"old")
    assert "1 old deleted" in run("backup")
    assert len(archives(filled.backups)) == 1


def test_the_same_portal_restores_nothing_over_itself(filled):
    made = make_backup(filled.backups, "")
    with pytest.raises(CommandError, match=r"has tables\. Restore into an empty place"):
        run("restore", made.path)


def test_files_that_are_there_are_not_overwritten(filled, tmp_path):
    made = make_backup(filled.backups, "")
    filled.move_to("second")
    default_storage.save("images/mine.webp", ContentFile(b"mine"))
    with another_database(tmp_path) as other, pytest.raises(Refused, match="media files already"):
        restore.restore(made.path, "", using=other)


def refused(place, path: Path, key: str = "", match: str = "") -> None:
    """``path`` is refused, and nothing of it is anywhere."""
    with another_database(place.folder) as other:
        with pytest.raises(Refused, match=match):
            restore.restore(path, key, using=other)
        assert restore.copies_for(connections[other]).is_empty()
    assert not any(name for storage in storages().values() for name in names_in(storage))
    assert left_over(place) == []


def test_a_wrong_key_damage_and_strangers_write_nothing(filled):
    made = make_backup(filled.backups, KEY)
    filled.move_to("second")
    refused(filled, made.path, KEY + "x", "BACKUP_KEY does not open")
    refused(filled, made.path, "", "set BACKUP_KEY")
    refused(filled, filled.folder / "nowhere", "", "There is no archive")
    damaged = filled.folder / "damaged"
    damaged.write_bytes(made.path.read_bytes()[:-40])
    refused(filled, damaged, KEY, "damaged or cut off")
    shutil.copy(made.path.with_name(made.path.name + ".sha256"), f"{damaged}.sha256")
    refused(filled, damaged, KEY, r"damaged\.sha256 says otherwise")


def test_an_archive_of_newer_code_is_refused(filled, monkeypatch):
    made = make_backup(filled.backups, "")
    known = restore.known_migrations()
    newest = max(name for app, name in known if app == "inquiries")
    monkeypatch.setattr(restore, "known_migrations", lambda: known - {("inquiries", newest)})
    filled.move_to("second")
    refused(filled, made.path, "", f"newer than this code: it knows nothing of inquiries.{newest}")


def test_an_archive_of_the_other_database_is_refused(place):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    path = place.folder / "a"
    with path.open("wb") as file:
        writer = ArchiveWriter(file, "")
        writer.add("database/x", BytesIO(b""), 0)
        writer.finish(backup.Manifest("2026-11-23T03:00:00+00:00", other))
    refused(place, path, "", "manage.py copy_database")


def test_a_disk_that_fails_halfway_is_left_empty(filled, monkeypatch):
    made = make_backup(filled.backups, "")
    filled.move_to("second")

    def fail(*arguments: object) -> None:
        raise Refused("What was written is not what the archive holds")

    monkeypatch.setattr(restore, "_verify", fail)
    refused(filled, made.path, "", "What was written")


def test_a_disk_that_is_too_small_is_refused_before(filled, monkeypatch):
    made = make_backup(filled.backups, "")
    filled.move_to("second")
    monkeypatch.setattr(
        restore.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(9, 9, 0)
    )
    refused(filled, made.path, "", "too full")


def test_checking_reads_everything_and_writes_nothing(filled):
    made = make_backup(filled.backups, "")
    filled.move_to("second")
    said = run("restore", "--check", made.path)
    assert said.startswith(f"The archive is whole: {made.manifest.rows:,} rows")
    assert list((filled.folder / "second").iterdir()) == []


def test_a_restore_says_what_to_do_next(filled, monkeypatch, settings):
    made = make_backup(filled.backups, "")
    # The command restores into the one configured database, which here is in use.
    monkeypatch.setattr("operation.management.commands.restore.restore", lambda *_: made.manifest)
    said = run("restore", made.path)
    assert said.startswith("Restored and compared: ")
    assert "Restart web server and task worker now" in said
    assert "SECRET_KEY" not in said
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 9, [settings.SECRET_KEY]
    assert "SECRET_KEY" not in run("restore", made.path)
    settings.SECRET_KEY_FALLBACKS = []
    assert "SECRET_KEY is another" in run("restore", made.path)


def test_after_an_erasure_a_new_backup_holds_nothing_of_it(filled):
    erase(Inquiry.objects.get())
    made = make_backup(filled.backups, "")
    with another_database(filled.folder) as other:
        filled.move_to("second")
        restore.restore(made.path, "", using=other)
        assert not list((filled.folder / "second/private").rglob("*/*"))
        if connection.vendor == "sqlite":
            restored = Path(connections[other].settings_dict["NAME"]).read_bytes()
            assert b"Quackenbush" not in restored
            assert b"zebulon" not in restored


def test_what_was_erased_after_a_backup_is_erased_again(filled):
    """The list of the newest backup knows it when an older one is restored."""
    make_backup(filled.backups, "")
    inquiry = Inquiry.objects.get()
    erase(inquiry)
    make_backup(filled.folder / "usb", "")
    shutil.copy(filled.folder / "usb/erasures.json", filled.backups)
    listed = (filled.backups / "erasures.json").read_text()
    assert inquiry.reference in listed
    assert "Quackenbush" not in listed
    # As in the restored database: the row is as it was.
    Inquiry.objects.update(name="Zebulon Quackenbush", erased_at=None)
    DataRequest.objects.all().delete()
    late = stored_inquiry(name="Somebody else")
    assert run("repeat_erasures", filled.backups / "erasures.json") == (
        "Erased again: 1 inquiries.\n"
    )
    inquiry.refresh_from_db()
    assert inquiry.name == ""
    assert DataRequest.objects.filter(reference=inquiry.reference).exists()
    # A later inquiry that got the number of a lost one is another one.
    erasures.add_to_list(filled.backups, [[late.reference, "2020-01-01 00:00:00"]])
    run("repeat_erasures", filled.backups / "erasures.json")
    late.refresh_from_db()
    assert late.name == "Somebody else"


def test_a_list_never_forgets(filled):
    filled.backups.mkdir()
    erasures.add_to_list(filled.backups, [["A-1", "2026-01-01T00:00:00+00:00"]])
    make_backup(filled.backups, "")
    assert [
        reference for reference, _at in erasures.read_list(filled.backups / "erasures.json")
    ] == ["A-1"]


def test_a_list_that_is_none_is_refused_before_anything_is_restored(filled):
    made = make_backup(filled.backups, "")
    wrong = filled.folder / "list"
    with pytest.raises(CommandError, match="There is no list"):
        run("restore", made.path, "--erasures", wrong)
    wrong.write_text('{"a": 1}')
    with pytest.raises(CommandError, match="is no list of erasures"):
        run("restore", made.path, "--erasures", wrong)
    with pytest.raises(CommandError, match="is no list of erasures"):
        run("repeat_erasures", wrong)


def test_the_commit_is_read_from_the_checkout(tmp_path):
    assert current_commit(tmp_path) == ""
    git = tmp_path / ".git"
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text("# pack-refs\nabc refs/heads/main\n")
    assert current_commit(tmp_path) == "abc"
    (git / "refs/heads/main").write_text("def\n")
    assert current_commit(tmp_path) == "def"
    (git / "HEAD").write_text("123\n")
    assert current_commit(tmp_path) == "123"
