"""What every page of the desk for inquiries asks first, and what it shows around its content."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from inquiries.models import Inquiry

View = Callable[..., HttpResponse]


def desk_page(*permissions: str) -> Callable[[View], View]:
    """For views under the desk: staff only, never stored, each of ``permissions`` needed.

    ``permissions`` are codenames of this app, such as ``"view_inquiry"``. Who is not logged in is
    sent to the login; who may not, gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not all(request.user.has_perm(f"inquiries.{name}") for name in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wraps(view)(site.admin_view(checked))

    return decorate


def visible_inquiry(request: HttpRequest, pk: int) -> Inquiry:
    """The inquiry, if this member of staff may see it; 404 also for what is confidential."""
    queryset = Inquiry.objects.visible_to(request.user).select_related(
        "park", "project", "industry", "officer", "assigned_to", "backup"
    )
    return get_object_or_404(queryset, pk=pk)


def render_desk(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """``template`` (extends ``admin/base_site.html``) with the head and menu of the desk."""
    return TemplateResponse(
        request,
        template,
        {**site.each_context(request), "title": title, "opts": Inquiry._meta, **context},
        status=status,
    )
