"""Uploaded files in an S3 storage: private, on our own addresses, and never in a page's way."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from core import object_storage
from core.storage_away import StorageAwayError
from library.models import Image
from library.services import store_image
from tests.browser.running_portal import free_port
from tests.buckets import s3_client, s3_server, storages_in
from tests.library.samples import new_image, picture_bytes

BUCKET = "portal"


@pytest.fixture(scope="module")
def server():
    """Address of an S3 server with an empty bucket."""
    with s3_server() as address:
        s3_client(address).create_bucket(Bucket=BUCKET)
        yield address


@pytest.fixture
def stored_at(settings, monkeypatch):
    """A function that puts the uploaded files into the storage at an address."""
    monkeypatch.setattr(object_storage, "_breaker", object_storage.CircuitBreaker())

    def use(address: str) -> None:
        settings.STORAGES = {**settings.STORAGES, **storages_in(address, BUCKET)}

    return use


@pytest.fixture
def bucket(stored_at, server):
    stored_at(server)
    return server


@pytest.fixture
def hung(monkeypatch):
    """Address of a server that takes connections and says nothing; patience is short."""
    monkeypatch.setattr(object_storage, "READ_TIMEOUT", 0.3)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0), backlog=50)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_patience_is_short(bucket):
    config = default_storage.client_config
    assert (config.connect_timeout, config.read_timeout) == (2, 3)
    assert config.retries["total_max_attempts"] == 2


def test_a_file_comes_back_as_it_was(bucket):
    name = default_storage.save("documents/ab/guide.pdf", ContentFile(b"%PDF-1.7"))
    assert default_storage.open(name).read() == b"%PDF-1.7"
    assert default_storage.size(name) == 8
    assert default_storage.exists(name)
    assert default_storage.listdir("documents/ab") == ([], ["guide.pdf"])
    default_storage.delete(name)
    assert not default_storage.exists(name)


def test_a_second_file_of_a_name_replaces_nothing(bucket):
    first = default_storage.save("twice.pdf", ContentFile(b"one"))
    second = default_storage.save("twice.pdf", ContentFile(b"two"))
    assert first != second
    assert default_storage.open(first).read() == b"one"


@pytest.mark.django_db
def test_a_picture_is_stored_with_its_sizes_and_shown_on_our_own_host(bucket, client):
    image = store_image(new_image(), picture_bytes(800, 600))
    rendition = image.renditions.first()
    assert rendition.file.url.startswith("/media/renditions/")
    response = client.get(rendition.file.url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Type"] in {"image/avif", "image/webp"}


@pytest.mark.django_db
def test_a_missing_file_is_404(bucket, client):
    assert client.get("/media/images/none.webp").status_code == 404


@pytest.mark.django_db
def test_names_cannot_leave_the_public_part(bucket, client):
    storages["private"].save("inquiries/secret", ContentFile(b"words of an inquirer"))
    for path in (
        "../private/inquiries/secret",
        "..%2fprivate/inquiries/secret",
        "private/inquiries/secret",
    ):
        assert client.get(f"/media/{path}").status_code in {301, 404}


def test_files_of_inquirers_have_no_address_and_no_public_copy(bucket, server):
    name = storages["private"].save("inquiries/alone", ContentFile(b"words"))
    with pytest.raises(ValueError, match="not accessible"):
        storages["private"].url(name)
    assert not default_storage.exists(name)


@pytest.mark.parametrize("kind", ["hung", "away"])
def test_a_storage_that_fails_costs_seconds_once_and_then_nothing(stored_at, hung, client, kind):
    stored_at(hung if kind == "hung" else f"http://127.0.0.1:{free_port(1)}")
    begun = time.monotonic()
    assert client.get("/media/images/a.webp").status_code == 503
    assert time.monotonic() - begun < 10
    begun = time.monotonic()
    answer = client.get("/media/images/b.webp")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (
        503,
        "5",
        "no-store",
    )
    assert time.monotonic() - begun < 1


def test_a_hung_storage_leaves_a_thread_for_pages(stored_at, hung, monkeypatch):
    monkeypatch.setattr(object_storage, "_turns", threading.BoundedSemaphore(1))
    stored_at(hung)
    waiting = threading.Thread(target=read)
    waiting.start()
    time.sleep(0.3)
    begun = time.monotonic()
    with pytest.raises(StorageAwayError):
        default_storage.open("images/b.webp")
    assert time.monotonic() - begun < object_storage.LONGEST_WAIT + 0.5
    waiting.join()


def read() -> None:
    with contextlib.suppress(StorageAwayError):
        default_storage.open("images/a.webp")


def test_a_storage_that_is_back_is_asked_again(stored_at, server, hung, monkeypatch):
    stored_at(server)
    default_storage.save("back.pdf", ContentFile(b"here"))
    stored_at(hung)
    with pytest.raises(StorageAwayError):
        default_storage.open("back.pdf")
    stored_at(server)
    with pytest.raises(StorageAwayError):
        default_storage.open("back.pdf")
    object_storage._breaker.open_until = 0.0
    assert default_storage.open("back.pdf").read() == b"here"
    assert not object_storage._breaker.is_failing


@pytest.mark.django_db
def test_pages_do_not_ask_the_storage(bucket, stored_at, hung, client):
    image = store_image(new_image(), picture_bytes(800, 600))
    stored_at(hung)
    begun = time.monotonic()
    assert Image.objects.get(pk=image.pk).file.url == f"/media/{image.file.name}"
    assert client.get("/en/").status_code == 200
    assert time.monotonic() - begun < 2


def test_an_upload_that_cannot_be_stored_is_an_error_and_leaves_nothing(stored_at, hung):
    stored_at(hung)
    with pytest.raises(StorageAwayError):
        storages["private"].save("inquiries/lost", ContentFile(b"words"))
