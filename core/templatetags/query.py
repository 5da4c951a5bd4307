"""``{% query_without "district" "page" %}``: this page's query, less some of its parts."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def query_without(context: template.RequestContext, *names: str) -> str:
    """The query string of the page without ``names``; ``"?"`` when nothing is left.

    Works inside an ``only`` include too: the request stays with the context, not among its names.
    """
    query = context.request.GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}"
