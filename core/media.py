"""Uploaded files, served by the application where no web server stands in front of it.

Every type that is not listed here is offered as a download and never shown by the browser, so
that an uploaded file cannot run as a page of the portal.
"""

import re
from datetime import datetime

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import condition, require_safe

from core.storage_away import StorageAwayError

SHOWN_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "pdf": "application/pdf",
}

#: A name with a fingerprint of its content never changes what it means.
FINGERPRINT = re.compile(r"(?<![0-9a-f])[0-9a-f]{8,64}(?![0-9a-f])")

IMAGE_POLICY = "default-src 'none'; sandbox"
# Chromium shows no PDF in a sandboxed document.
PDF_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def _modified(request: HttpRequest, path: str) -> datetime | None:
    try:
        return default_storage.get_modified_time(path)
    except (OSError, SuspiciousFileOperation, NotImplementedError, ValueError):
        return None


@require_safe
@condition(last_modified_func=_modified)
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """The uploaded file at ``path``. 404 for anything outside the media folder."""
    try:
        # Folders, broken names and attempts to leave the folder all look the same from outside.
        file = default_storage.open(path, "rb")
    except StorageAwayError:
        return HttpResponse(
            b"", status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"}
        )
    except (OSError, SuspiciousFileOperation, ValueError):
        raise Http404 from None
    extension = path.rpartition(".")[2].lower()
    content_type = SHOWN_TYPES.get(extension, "application/octet-stream")
    response = FileResponse(
        file, content_type=content_type, as_attachment=extension not in SHOWN_TYPES
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = PDF_POLICY if extension == "pdf" else IMAGE_POLICY
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable"
        if FINGERPRINT.search(path.rpartition("/")[2])
        else "public, max-age=3600"
    )
    return response
