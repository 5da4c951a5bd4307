"""Leads old addresses to where their page is now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from core.addresses import in_language, language_of, without_language
from publishing.models import Redirect

KEEP_SECONDS = 3600


class RedirectMiddleware:
    """On a 404, one query: is this the old address of a page that is public today?"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        language = language_of(request.path_info)
        if response.status_code != 404 or language is None:
            return response
        target = self._target(without_language(request.path_info))
        if target is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        address = in_language(target, language) + (f"?{query}" if query else "")
        moved = HttpResponsePermanentRedirect(address)
        # Without a limit browsers keep it for ever, and a name that is taken back would loop.
        moved["Cache-Control"] = f"max-age={KEEP_SECONDS}"
        return moved

    @staticmethod
    def _target(path: str) -> str | None:
        redirect = Redirect.objects.filter(old_path=path[:200]).first()
        if redirect is None:
            return None
        if redirect.new_path:
            return redirect.new_path
        if redirect.record is None or not redirect.record.is_public:
            return None
        return without_language(redirect.record.get_absolute_url())
