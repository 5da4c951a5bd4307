"""``{% query_without "district" "page" %}``: this page's query, less some of its parts."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def query_without(context: template.RequestContext, *names: str) -> str:
    """The query string of the page without ``names``; its bare address when nothing is left.

    Works inside an ``only`` include too: the request stays with the context, not among its names.
    """
    query = context.request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else context.request.path


@register.simple_tag(takes_context=True)
def bare_address(context: template.RequestContext) -> str:
    """The address of the page without its query."""
    return context.request.path
