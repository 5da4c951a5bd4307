"""Which requests may be answered from the store, and under which name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Environ = dict[str, Any]
#: Whether it came by https, host with port, path, sorted query.
PageKey = tuple[bool, str, str, str]

LONGEST_PATH = 300
LONGEST_QUERY = 200
#: Hosts that were found good. With a pattern such as ``.example.org`` there is no end of them.
MOST_HOSTS = 200


class PageKeys:
    """Makes keys by the settings of hosts, languages, session and proxy at its making.

    The host is checked before anything is looked up: a forged one never reaches the store.
    """

    def __init__(self) -> None:
        self.prefixes = tuple(f"/{code}/" for code, _name in settings.LANGUAGES)
        self.hosts = settings.ALLOWED_HOSTS
        self.session_mark = f"{settings.SESSION_COOKIE_NAME}="
        self.behind_proxy = settings.BEHIND_PROXY
        self.good_hosts: set[str] = set()

    def key(self, environ: Environ) -> PageKey | None:
        """None for what must be asked from Django each time: other methods, addresses without
        a language, and members of staff, who want to see their edit at once."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not path.startswith(self.prefixes):
            return None
        query = environ.get("QUERY_STRING", "")
        if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
            return None
        if self.session_mark in environ.get("HTTP_COOKIE", ""):
            return None
        host = environ.get("HTTP_HOST", "")
        if not self.is_good(host):
            return None
        if "&" in query:
            # A view allows no page to be kept whose query says a name twice, so order is nothing.
            query = "&".join(sorted(query.split("&")))
        return self.is_secure(environ), host, path, query

    def is_good(self, host: str) -> bool:
        """Whether the portal answers under ``host``."""
        if host in self.good_hosts:
            return True
        domain, _port = split_domain_port(host)
        if not domain or not validate_host(domain, self.hosts):
            return False
        if len(self.good_hosts) < MOST_HOSTS:
            self.good_hosts.add(host)
        return True

    def is_secure(self, environ: Environ) -> bool:
        """As Django will see it: by the proxy's header only where there is a proxy."""
        if self.behind_proxy and "HTTP_X_FORWARDED_PROTO" in environ:
            return environ["HTTP_X_FORWARDED_PROTO"] == "https"
        return environ["wsgi.url_scheme"] == "https"
