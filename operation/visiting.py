"""Asks a running portal for all its pages, as its visitors will."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

TIMEOUT = 30  # seconds a page may take
LOCATION = re.compile(r"<loc>([^<]+)</loc>")


class Visitor:
    """Comes to the server at ``server`` as if by ``public``, the address the portal is known by.

    So the pages are kept under the name by which a proxy will ask for them.
    """

    def __init__(self, server: str, public: str) -> None:
        address, known = urlsplit(server), urlsplit(public)
        self.server = address.netloc
        self.headers = {
            "Host": known.netloc,
            "X-Forwarded-Proto": known.scheme,
            "Accept-Encoding": "gzip",
        }

    def ask(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body, by a connection of its own: each may reach another process.

        Raises OSError or HTTPException if nobody answers.
        """
        connection = http.client.HTTPConnection(self.server, timeout=TIMEOUT)
        try:
            connection.request("GET", path, headers=self.headers | headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def addresses(self) -> Iterator[str]:
        """Paths of all pages of the sitemap."""
        for section in self._locations("/sitemap.xml"):
            yield from self._locations(section)

    def _locations(self, path: str) -> list[str]:
        _status, body = self.ask(path, **{"Accept-Encoding": "identity"})
        return [urlsplit(address).path for address in LOCATION.findall(body.decode())]
