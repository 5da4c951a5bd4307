"""The same with files in an object storage: copied there, saved from it, restored into another."""

from __future__ import annotations

import logging
from io import StringIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from moto.server import ThreadedMotoServer

from core import object_storage
from operation import restore
from operation.backup import make_backup
from operation.stored_files import names_in, state_of, storages
from tests.browser.running_portal import free_port
from tests.operation.places import another_database

ACCOUNT = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
FILES = {"media": {"images/园区.webp": b"p" * 200_000, "a.pdf": b"%PDF"}, "private": {"i/x": b"1"}}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def use_bucket(settings, monkeypatch):
    """A function that moves the portal's files to an empty bucket of a server on loopback."""
    monkeypatch.setattr(object_storage, "_breaker", object_storage.CircuitBreaker())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(3), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **ACCOUNT)

    def use(name: str) -> None:
        client.create_bucket(Bucket=name)
        options = {
            "endpoint_url": address,
            "access_key": "key",
            "secret_key": "secret",
            "bucket_name": name,
            "region_name": "us-east-1",
        }
        backend = "core.object_storage.ObjectStorage"
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": backend,
                "OPTIONS": {**options, "location": "media", "base_url": "/media/"},
            },
            "private": {"BACKEND": backend, "OPTIONS": {**options, "location": "private"}},
        }

    yield use
    server.stop()


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
