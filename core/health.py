"""Two addresses for machines: is the process alive, and can it do its work?"""

from django.core.cache import caches
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.heartbeat import worker_state


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so that a dead database never restarts a node."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether database and cache answer: 200 or 503, each part named. Two queries.

    A missing Redis does not make the portal unready, since memory stands in, and neither does a
    silent worker, since inquiries are stored all the same; both are reported.
    """
    parts = {"database": database_state(), "cache": cache_state()}
    parts["worker"] = worker_state() if parts["database"] == "ok" else "unknown"
    is_ready = parts["database"] == "ok"
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def database_state() -> str:
    """``"ok"``, or ``"unavailable"``: never the driver's message, which may name hosts."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unavailable"
    return "ok"


def cache_state() -> str:
    """``"ok"``, or ``"degraded"`` while memory stands in for Redis."""
    # Asked by name: importing the class would load redis where no Redis is used.
    is_reachable = getattr(caches["default"], "is_reachable", None)
    return "ok" if is_reachable is None or is_reachable() else "degraded"
