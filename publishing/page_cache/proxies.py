"""How long a proxy in front may answer with a page by itself: for the rest of its second.

nginx counts lifetimes in whole seconds: "one second" lasts up to two. So it sends the time of its
own clock along, and is told to keep the page until that second ends. The clocks of two machines
are never compared, and a proxy that does not ask is told nothing and keeps nothing.
"""

from __future__ import annotations

from typing import Any

#: Seconds since 1970 with a fraction, set by the proxy (``$msec`` in ``deploy/nginx.conf``).
PROXY_TIME = "HTTP_X_PROXY_TIME"
DIGITS = 10


def proxy_limit(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """The header that allows the proxy which sent ``environ`` to keep the answer, or none.

    It goes before all others: nginx up to 1.22 believes whichever of its kind comes first.
    """
    second = environ.get(PROXY_TIME, "").partition(".")[0]
    if len(second) != DIGITS or not second.isascii() or not second.isdigit():
        return []
    return [("X-Accel-Expires", f"@{second}")]
