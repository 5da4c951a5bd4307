"""Files of inquirers leave only here, as a download, to whoever may see the inquiry."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from inquiries import privacy
from inquiries.desk.pages import desk_page, visible_inquiry
from inquiries.models import InquiryFile, Look


@require_safe
@desk_page("view_inquiry")
def download(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """The file as bytes to be saved. Nothing is shown or run on this host; each look is noted."""
    inquiry = visible_inquiry(request, pk)
    row = get_object_or_404(InquiryFile, pk=file_pk, inquiry=inquiry)
    if row.scan == InquiryFile.Scan.INFECTED:
        raise PermissionDenied("An infected file is not handed out.")
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404("The file is gone from the disk.") from None
    privacy.note_look([inquiry], request.user, Look.Kind.FILE)
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
