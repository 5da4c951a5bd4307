"""Content-Security-Policy: the public policy is in the settings, the desk's is here.

No policy allows inline code, inline style or another host. The desk needs four things more than
a public page, each as narrow as it can be.
"""

from csp.constants import NONCE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from core.middleware import is_staff_address

#: The one ``<style>`` that the rich-text editor (Tiptap) writes into the page. If an upgrade
#: changes it, tests/browser/test_desk_csp.py fails and the browser's console names the new hash.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

DESK_ADDITIONS = {
    # The import map of the editor's modules cannot be a file.
    "script-src": [NONCE],
    "style-src": [EDITOR_STYLE],
    # The square code for an authenticator app is drawn into the page; pictures just chosen in a
    # form are shown before they are sent.
    "img-src": ["data:", "blob:"],
    "media-src": [SELF],
}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The policy of the settings, widened under the staff addresses only."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and is_staff_address(request.path_info):
            parts.update = {**DESK_ADDITIONS, **(parts.update or {})}
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """No other site may pull a page into its own memory. Pictures may be shown elsewhere."""
        response = super().process_response(request, response)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
