"""``manage.py serve_metrics``: figures for Prometheus at ``METRICS_HOST:METRICS_PORT/metrics``."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operation.exposition import CONTENT_TYPE, exposition
from operation.figures import work_families
from operation.process_counts import count_families


class FiguresHandler(BaseHTTPRequestHandler):
    """Knows one address, and says nothing of versions."""

    timeout = 10  # seconds for a client to send its request

    def do_GET(self) -> None:
        if self.path != "/metrics":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = exposition([*count_families(), *work_families()]).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "portal"

    def log_message(self, format: str, *args: object) -> None:
        """No line each time that Prometheus asks."""


class Command(BaseCommand):
    """A process of its own, so that figures come when the web server has no time."""

    requires_system_checks = ()

    help = "Answer Prometheus on METRICS_PORT with figures of all processes of this machine."

    def handle(self, **options: object) -> None:
        if not settings.METRICS_PORT:
            raise CommandError("METRICS_PORT is not set: write a port, as in METRICS_PORT=9108")
        address = (settings.METRICS_HOST, settings.METRICS_PORT)
        try:
            server = ThreadingHTTPServer(address, FiguresHandler)
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {address[0]} port {address[1]} ({error.strerror}): "
                "choose another METRICS_PORT."
            ) from None
        with server:
            server.serve_forever()
