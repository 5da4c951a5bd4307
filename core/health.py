"""Two addresses for machines: is the process alive, and can it do its work?"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.readiness import is_ready, readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so that a dead database never restarts a node."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 or 503, each part named with one word; within two seconds, whatever hangs."""
    words = readiness()
    ready = is_ready(words)
    return JsonResponse({"ready": ready, **words}, status=200 if ready else 503)
