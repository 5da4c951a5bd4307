"""The portal's addresses and ``/hello``."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cluster_site.urls import urlpatterns as portal


def hello(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello, world!", content_type="text/plain")


urlpatterns = [path("hello", hello), *portal]
