"""Sources on paper: a number where a source is named, and all of them in one list at the end.

On a screen a source unfolds beside what it says. On paper that would tear the lines apart, and the
same source would stand there ten times. ``{% numbered_source %}`` notes what stands inside it with
the request, so it works in includes of any depth; ``{% source_list %}`` prints the notes.
"""

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def _noted(context: template.Context) -> dict[SafeString, int] | None:
    """Sources that this page has named so far, with their numbers. None outside a page."""
    request = getattr(context, "request", None)
    if request is None:
        return None
    if not hasattr(request, "noted_sources"):
        request.noted_sources = {}
    return request.noted_sources


class NumberedSourceNode(Node):
    """Renders its content, and gives equal contents of a page the same ``source_number``."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        source = self.nodelist.render(context)
        noted = _noted(context)
        if noted is not None:
            words = mark_safe(" ".join(source.split()))  # noqa: S308 - rendered just now
            context["source_number"] = noted.setdefault(words, len(noted) + 1)
        return source


@register.tag
def numbered_source(parser: Parser, token: Token) -> NumberedSourceNode:
    """Parse ``{% numbered_source %} … {% endnumbered_source %}``."""
    nodelist = parser.parse(("endnumbered_source",))
    parser.delete_first_token()
    return NumberedSourceNode(nodelist)


@register.inclusion_tag("components/_source_list.html", takes_context=True)
def source_list(context: template.Context) -> dict[str, list[SafeString]]:
    """All sources that the page has named above, in the order of their numbers."""
    return {"sources": list(_noted(context) or ())}
