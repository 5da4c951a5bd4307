"""Which files are taken for a PDF."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from library import pdf
from library.pdf import PdfFormField, clean_pdf
from tests.library.samples import pdf_bytes, picture_bytes


def test_a_pdf_is_kept_as_it_is_under_a_safe_name():
    file = clean_pdf(pdf_bytes(b"body"))
    assert file.read() == pdf_bytes(b"body").read()
    assert file.name.removesuffix(".pdf").isalnum()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>%PDF-1.7</script>%%EOF", "not_a_pdf"),
        (b"MZ\x90 a program", "not_a_pdf"),
        (b"\n%PDF-1.7 %%EOF", "not_a_pdf"),
        (b"%PDF-1.7 and then the line broke", "incomplete"),
        (b"%PDF-1.7 %%EOF" + b"x" * 2000, "incomplete"),
    ],
)
def test_what_is_no_whole_pdf_is_refused(content, code):
    with pytest.raises(ValidationError) as caught:
        clean_pdf(io.BytesIO(content))
    assert caught.value.code == code


def test_a_picture_called_pdf_is_refused():
    upload = SimpleUploadedFile("plan.pdf", picture_bytes().read(), "application/pdf")
    with pytest.raises(ValidationError, match="not a PDF"):
        PdfFormField().clean(upload)


def test_a_pdf_that_is_too_heavy_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_BYTES", 20)
    with pytest.raises(ValidationError, match="20 MB"):
        clean_pdf(pdf_bytes(b"long enough"))


def test_the_form_field_replaces_the_name_of_the_upload():
    upload = SimpleUploadedFile("../../evil.html", pdf_bytes().read(), "text/html")
    file = PdfFormField().clean(upload)
    assert file.name.endswith(".pdf")
    assert "evil" not in file.name
    assert file.content_type == "application/pdf"
