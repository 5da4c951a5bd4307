"""``{% stored "park" record.pk %} … {% endstored %}``: render once for each state of the content.

What stands inside may depend on nothing but the content, the language and the values named in
the tag. Values that cost queries should be lazy, so that a stored piece costs none. A value of
None ("this address cannot be stored") renders without storing.
"""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token

from core.languages import current_language
from publishing.fragments import fragments
from publishing.stored_pages import visitor_state
from publishing.versions import State, content_state

register = template.Library()


class StoredNode(Node):
    """Renders its content, or takes it from the store."""

    def __init__(self, nodelist: NodeList, name: str, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.name = name
        self.values = values

    def render(self, context: template.Context) -> str:
        values = [value.resolve(context) for value in self.values]
        if None in values:
            return self.nodelist.render(context)
        state = _state(context)
        key = (self.name, current_language(), *values)
        return fragments.get_or_render(state, key, lambda: self.nodelist.render(context))


def _state(context: template.Context) -> State:
    """Of the request; a template without one names the site."""
    request = getattr(context, "request", None)
    return visitor_state(request) if request else content_state(context["site"])


@register.tag
def stored(parser: Parser, token: Token) -> StoredNode:
    """Parse ``{% stored "name" value … %}``."""
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endstored",))
    parser.delete_first_token()
    return StoredNode(
        nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in values]
    )
