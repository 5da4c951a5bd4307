"""``{% stored "park" object.pk %} … {% endstored %}``: render once, until what it shows changes.

What stands inside may depend on nothing but the content, the language and the values named in
the tag. Values that cost queries should be lazy, so that a stored piece costs none. A value of
None ("this address cannot be stored") renders without storing.

A piece directly inside another is stored apart: when only that changes, the one around it stays.
Two pieces beside each other must not share a lazy value: the second would not know what was read
for it. And only a piece that ends with ``{% source_list %}`` may name sources.
"""

from __future__ import annotations

from collections.abc import Hashable

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from core.languages import current_language
from publishing.fragments import fragments
from publishing.stored_pages import visitor_content
from publishing.table_reads import noted_reads
from publishing.versions import Content

register = template.Library()

#: Stands on both sides of the number of a piece in the text around it. No text has it.
EDGE = "\0"


class StoredNode(Node):
    """Renders its content, or takes it from the store."""

    def __init__(self, nodelist: NodeList, name: str, values: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.name = name
        self.values = values
        self.mark: str | None = None
        self.inner = [node for node in nodelist if isinstance(node, StoredNode)]
        for number, node in enumerate(self.inner):
            node.mark = f"{EDGE}{number}{EDGE}"

    def render(self, context: template.Context) -> str:
        if self.mark and context.render_context.get(EDGE):
            return self.mark
        values = [value.resolve(context) for value in self.values]
        if None in values:
            return self.nodelist.render(context)
        return self._stored(context, (self.name, current_language(), *values))

    def _stored(self, context: template.Context, key: Hashable) -> str:
        content = _content(context)
        text = fragments.find(content, key)
        if isinstance(text, str):
            return self._filled(text, context)
        # The pieces inside come before the block ends: they may show what was read for this one.
        with noted_reads() as reads:
            text = self._with_marks(context)
            fragments.keep(content, key, text, reads.with_surroundings())
            return self._filled(text, context)

    def _with_marks(self, context: template.Context) -> str:
        context.render_context[EDGE] = True
        try:
            return self.nodelist.render(context)
        finally:
            context.render_context[EDGE] = False

    def _filled(self, text: str, context: template.Context) -> SafeString:
        """``text`` with the pieces stored apart in their places."""
        parts = text.split(EDGE) if self.inner else [text]
        for place in range(1, len(parts), 2):
            parts[place] = self.inner[int(parts[place])].render(context)
        return mark_safe("".join(parts))  # noqa: S308 - rendered by templates


def _content(context: template.Context) -> Content:
    """Of the request; a template without one names the site."""
    request = getattr(context, "request", None)
    return visitor_content(request) if request else Content.of(context["site"])


@register.tag
def stored(parser: Parser, token: Token) -> StoredNode:
    """Parse ``{% stored "name" value … %}``."""
    _tag, name, *values = token.split_contents()
    nodelist = parser.parse(("endstored",))
    parser.delete_first_token()
    return StoredNode(
        nodelist, name.strip("\"'"), [parser.compile_filter(value) for value in values]
    )
