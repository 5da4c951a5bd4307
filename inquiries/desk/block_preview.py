"""What approved words say for a park, in every language, before anybody sends them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.desk import LANGUAGE_NAMES
from core.languages import HTML_LANGUAGES, column
from inquiries.desk.pages import desk_page, render_desk
from inquiries.live_facts import fill
from inquiries.models import AnswerBlock
from parks.models import Park


@desk_page("view_answerblock")
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The words with the facts of a chosen park."""
    block = get_object_or_404(AnswerBlock.objects.select_related("park"), pk=pk)
    parks = list(Park.objects.public())
    chosen = next((park for park in parks if park.slug == request.GET.get("park")), block.park)
    texts = [
        (HTML_LANGUAGES[code], name, fill(words, code, chosen, None))
        for code, name in LANGUAGE_NAMES.items()
        if (words := getattr(block, column("text", code)))
    ]
    context = {"record": block, "parks": parks, "chosen": chosen, "texts": texts}
    title = _("Preview: %(title)s") % {"title": block.title}
    return render_desk(request, "inquiries/desk/block_preview.html", title, context)
