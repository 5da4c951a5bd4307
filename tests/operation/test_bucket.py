"""The same with files in an object storage: copied there, saved from it, restored into another."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from core import object_storage
from operation import restore
from operation.backup import make_backup
from operation.stored_files import names_in, state_of, storages
from tests.buckets import s3_client, s3_server, storages_in
from tests.operation.places import another_database

FILES = {"media": {"images/园区.webp": b"p" * 200_000, "a.pdf": b"%PDF"}, "private": {"i/x": b"1"}}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def use_bucket(settings, monkeypatch):
    """A function that moves the portal's files to an empty bucket of a server on loopback."""
    monkeypatch.setattr(object_storage, "_breaker", object_storage.CircuitBreaker())
    with s3_server() as address:

        def use(name: str) -> None:
            s3_client(address).create_bucket(Bucket=name)
            settings.STORAGES = {**settings.STORAGES, **storages_in(address, name)}

        yield use


def stored() -> dict[str, dict[str, int]]:
    return {
        kind: {name: state_of(storage, name).size for name in names_in(storage)}
        for kind, storage in storages().items()
    }


SIZES = {kind: {name: len(content) for name, content in f.items()} for kind, f in FILES.items()}


def test_files_go_to_a_bucket_and_from_there_into_a_backup(place, use_bucket):
    for kind, files in FILES.items():
        for name, content in files.items():
            storages()[kind].save(name, ContentFile(content))
    use_bucket("first")
    assert stored() == {"media": {}, "private": {}}
    output = StringIO()
    call_command("copy_media", "--from", place.folder / "first", stdout=output)
    assert "media: 2 files, 200,004 bytes, sizes and checksums the same; 2" in output.getvalue()
    assert stored() == SIZES

    made = make_backup(place.backups, "k" * 40)
    use_bucket("second")
    with another_database(place.folder) as other:
        manifest = restore.restore(made.path, "k" * 40, using=other)
    assert len(manifest.files) == 4
    assert stored() == SIZES
    assert default_storage.open("images/园区.webp").read() == FILES["media"]["images/园区.webp"]
