"""PDF files from people: looked at before they are kept."""

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from core.imaging import Readable

MAX_BYTES = 20 * 1024 * 1024
MAGIC = b"%PDF-"
END = b"%%EOF"
#: Writers may leave a little behind the end mark; readers look this far back for it.
TAIL = 1024

EMPTY = _("This file is empty. Choose the document again.")
TOO_HEAVY = _("This document is larger than 20 MB. Save a smaller copy and upload that.")
NOT_A_PDF = _("This is not a PDF. Save the document as PDF and upload that.")
IS_INCOMPLETE = _("This PDF is incomplete. Save it again and upload that.")


def clean_pdf(upload: Readable) -> ContentFile:
    """A checked PDF under a name made from its content. It is kept as it is.

    Raises ``ValidationError`` with words for the editor: empty, over 20 MB, not a PDF by its first
    bytes (whatever its name says), cut off.
    """
    content = upload.read(MAX_BYTES + 1)
    if not content:
        raise ValidationError(EMPTY, code="empty")
    if len(content) > MAX_BYTES:
        raise ValidationError(TOO_HEAVY, code="too_heavy")
    if not content.startswith(MAGIC):
        raise ValidationError(NOT_A_PDF, code="not_a_pdf")
    if END not in content[-TAIL:]:
        raise ValidationError(IS_INCOMPLETE, code="incomplete")
    return ContentFile(content, name=f"{hashlib.sha256(content).hexdigest()[:32]}.pdf")


class PdfFormField(forms.FileField):
    """File box for a PDF; cleans to an uploaded file with a safe name."""

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is None:
            return None
        document = clean_pdf(upload)
        return SimpleUploadedFile(document.name, document.read(), content_type="application/pdf")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": "application/pdf"}
