"""Uploaded files are shown only as what they are, and nothing else can be read."""

import pytest
from django.core.files.storage import default_storage


@pytest.fixture
def media(settings, tmp_path):
    """A media folder with files in it, and a secret beside it."""
    folder = tmp_path / "media"
    folder.mkdir()
    (tmp_path / "secret_key").write_text("secret")
    settings.MEDIA_ROOT = folder
    (folder / "pictures").mkdir()
    (folder / "pictures" / "park.0123abcd.webp").write_bytes(b"RIFF")
    (folder / "pictures" / "park.webp").write_bytes(b"RIFF")
    (folder / "guide.pdf").write_bytes(b"%PDF-1.7")
    (folder / "evil.html").write_text("<script>alert(1)</script>")
    (folder / "evil.svg").write_text("<svg onload='alert(1)'/>")
    assert default_storage.exists("guide.pdf")
    return folder


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_picture_is_shown_with_strict_headers(client, media):
    response = client.get("/media/pictures/park.webp")
    assert response.status_code == 200
    assert body(response) == b"RIFF"
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert "attachment" not in response.headers["Content-Disposition"]


def test_a_name_with_a_fingerprint_is_kept_for_a_year(client, media):
    response = client.get("/media/pictures/park.0123abcd.webp")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_unchanged_file_is_not_sent_again(client, media):
    first = client.get("/media/guide.pdf")
    again = client.get(
        "/media/guide.pdf", headers={"if-modified-since": first.headers["Last-Modified"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["evil.html", "evil.svg"])
def test_what_could_run_is_only_offered_as_a_download(client, media, name):
    response = client.get(f"/media/{name}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.django_db  # the page that says so has the portal's frame
@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "pictures/../../secret_key",
        "%2e%2e/secret_key",
        "..%2fsecret_key",
        "/etc/passwd",
        "pictures",
        "pictures/",
        "absent.webp",
        "a" * 5000,
    ],
)
def test_everything_else_is_not_found(client, media, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_only_reading_is_answered(client, media):
    assert client.post("/media/guide.pdf").status_code == 405
