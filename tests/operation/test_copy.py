"""The upgrade path: the embedded default with all it holds, to another database and storage."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from inquiries.models import Inquiry
from operation.management.commands import copy_database
from operation.row_copy import FILLED_BY_MIGRATIONS, NOT_COPIED, copied_models, plain
from parks.models import Park
from publishing.search_models import SearchEntry
from staff.models import User
from tests.factories import DistrictFactory, ParkFactory
from tests.operation.places import connect

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)

#: Run in the embedded portal: an inquiry with a file, and a picture.
FILL = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from inquiries.models import InquiryFile
from tests.inquiries.samples import stored_inquiry
inquiry = stored_inquiry(name="Zebulon 泽", country="GB")
stored = InquiryFile(inquiry=inquiry, name="plan.pdf", content_type="application/pdf", size=5)
stored.sha256 = "0" * 64
stored.file.save("x", ContentFile(b"%PDF-"))
default_storage.save("images/园区.webp", ContentFile(b"picture"))
"""


@pytest.fixture(scope="module")
def embedded(tmp_path_factory) -> Path:
    """``DATA_DIR`` of a portal as the first start makes it, with the whole starter content."""
    folder = tmp_path_factory.mktemp("embedded")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder),
        "DEBUG": "true",  # leaves static files where they are
    }
    for command in (["bootstrap"], ["shell", "-c", FILL]):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
    return folder


@pytest.fixture(autouse=True)
def may_connect(monkeypatch):
    """Tests may otherwise only connect to databases that are in the settings."""
    real = copy_database.source_database

    @contextmanager
    def allowed(address):
        with real(address) as source:
            source.ensure_connection = partial(connect, source)
            yield source

    monkeypatch.setattr(copy_database, "source_database", allowed)


def copy_from(path: Path) -> str:
    output = StringIO()
    call_command("copy_database", "--from", f"sqlite:///{path}", stdout=output)
    return output.getvalue()


def copy_files(folder: Path) -> str:
    output = StringIO()
    call_command("copy_media", "--from", str(folder), stdout=output)
    return output.getvalue()


def rows_in(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as database:
        return {
            model._meta.db_table: database.execute(
                f'SELECT count(*) FROM "{model._meta.db_table}"'
            ).fetchone()[0]
            for model in copied_models()
        }


def rows_here() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for model in copied_models():
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = cursor.fetchone()[0]
    return found


def test_everything_of_the_embedded_portal_arrives(embedded, place, client):
    expected = rows_in(embedded / "db.sqlite3")
    assert expected["parks_park"] > 3
    said = copy_from(embedded / "db.sqlite3")
    assert rows_here() == expected
    for table, rows in expected.items():
        (line,) = [line for line in said.splitlines() if line.startswith(f"{table}: ")]
        assert line.startswith(f"{table}: {rows:,} rows, ")
        assert line.endswith(", the same")
    assert "there were" not in said
    assert SearchEntry.objects.count() > 100

    files = copy_files(embedded)
    assert "media: 1 files, 7 bytes, sizes and checksums the same; 1 of them copied" in files
    assert "private: 1 files, 5 bytes" in files
    inquiry = Inquiry.objects.get()
    assert (inquiry.name, inquiry.files.get().file.read()) == ("Zebulon 泽", b"%PDF-")
    assert default_storage.open("images/园区.webp").read() == b"picture"
    assert "0 of them copied" in copy_files(embedded)

    # Times, translations and links are those of the other database, not new ones.
    with closing(sqlite3.connect(embedded / "db.sqlite3")) as database:
        rows = database.execute("SELECT slug, name_en, name_zh_hans FROM parks_park").fetchall()
    assert set(rows) == set(Park.objects.values_list("slug", "name_en", "name_zh_hans"))
    assert User.objects.get().groups.model.objects.exists()
    # The portal works on it: a page, a search in Chinese, a new row.
    park = Park.objects.public().first()
    assert client.get(park.get_absolute_url()).status_code == 200
    found = client.get("/zh-hans/search/", {"q": park.name_zh_hans}).content.decode()
    assert park.slug in found
    highest = max(Park.objects.values_list("pk", flat=True))
    assert ParkFactory().pk == highest + 1


def test_a_database_that_holds_something_is_left_alone(embedded, place):
    DistrictFactory()
    with pytest.raises(CommandError, match=r"The target is not empty \(parks_district\)"):
        copy_from(embedded / "db.sqlite3")


@pytest.fixture
def changed(embedded, tmp_path):
    """A function that makes a copy of the embedded database, with a change."""

    def change(statement: str) -> Path:
        path = tmp_path / "changed.sqlite3"
        with (
            closing(sqlite3.connect(embedded / "db.sqlite3")) as database,
            closing(sqlite3.connect(path)) as copy,
        ):
            database.backup(copy)
            copy.execute(statement)
            copy.commit()
        return path

    return change


def nothing_arrived() -> bool:
    return not any(rows for table, rows in rows_here().items() if table not in FILLED_BY_MIGRATIONS)


def test_another_schema_is_refused(changed):
    path = changed("DELETE FROM django_migrations WHERE app = 'inquiries'")
    with pytest.raises(CommandError, match=r"run manage\.py bootstrap"):
        copy_from(path)


def test_a_table_that_nobody_knows_is_refused(changed):
    with pytest.raises(CommandError, match="how to copy these tables: stranger"):
        copy_from(changed("CREATE TABLE stranger (id integer)"))


def test_a_row_that_points_nowhere_leaves_the_target_empty(changed):
    path = changed("UPDATE inquiries_inquiryevent SET inquiry_id = 999999")
    with pytest.raises(CommandError, match=r"Nothing was copied: .*IntegrityError"):
        copy_from(path)
    assert nothing_arrived()


def test_a_difference_leaves_the_target_empty(embedded, monkeypatch):
    real = copy_database.copy_table

    def lossy(model, source, target):
        read, written = real(model, source, target)
        return read, (written if model is not Park else written._replace(checksum="0"))

    monkeypatch.setattr(copy_database, "copy_table", lossy)
    with pytest.raises(CommandError, match="Nothing was copied: parks_park came out different"):
        copy_from(embedded / "db.sqlite3")
    assert nothing_arrived()


@pytest.mark.parametrize("address", ["mysql://h/d", "db.sqlite3", "sqlite://", ""])
def test_another_address_is_refused(address):
    with pytest.raises(CommandError, match="write sqlite:"):
        call_command("copy_database", "--from", address)


def test_a_name_without_a_file_is_refused_and_makes_none(tmp_path):
    with pytest.raises(CommandError, match="There is no database"):
        copy_from(tmp_path / "absent.sqlite3")
    assert not list(tmp_path.glob("absent*"))


def test_a_file_with_another_content_is_not_replaced(place, tmp_path):
    source = tmp_path / "source"
    (source / "media/images").mkdir(parents=True)
    (source / "media/images/a").write_bytes(b"new")
    default_storage.save("images/a", ContentFile(b"old"))
    with pytest.raises(CommandError, match="media/images/a is there with another content"):
        copy_files(source)
    assert default_storage.open("images/a").read() == b"old"
    shutil.rmtree(source / "media")
    with pytest.raises(CommandError, match="name the DATA_DIR"):
        copy_files(source)


def test_values_are_the_same_from_either_database():
    assert plain(memoryview(b"\x01")) == plain(b"\x01") == "01"
    assert plain(1.0) == plain(1.00) == "1"
    assert set(NOT_COPIED) == {
        "publishing_searchentry", "publishing_searchtext", "django_migrations",
    }  # fmt: skip
