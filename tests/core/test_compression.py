"""Text is sent compressed, everything else as it is."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from core.compression import CompressTextMiddleware

TEXT = b"words that repeat, " * 50


def answer(response, encodings="gzip"):
    request = RequestFactory().get("/", headers={"accept-encoding": encodings})
    return CompressTextMiddleware(lambda request: response)(request)


@pytest.mark.parametrize(
    "content_type",
    ["text/html; charset=utf-8", "application/atom+xml; charset=utf-8", "application/json"],
)
def test_text_is_compressed_for_those_who_take_it(content_type):
    response = answer(HttpResponse(TEXT, content_type=content_type))
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == TEXT
    assert "Accept-Encoding" in response.headers["Vary"]


def test_others_get_it_plain():
    response = answer(HttpResponse(TEXT), encodings="identity")
    assert "Content-Encoding" not in response.headers
    assert response.content == TEXT


def test_pictures_and_files_are_left_alone(tmp_path):
    assert "Content-Encoding" not in answer(HttpResponse(TEXT, content_type="image/webp")).headers
    path = tmp_path / "words.txt"
    path.write_bytes(TEXT)
    with path.open("rb") as file:
        assert "Content-Encoding" not in answer(FileResponse(file)).headers
