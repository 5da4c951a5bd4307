"""News on the pages of parks, projects and industries."""

from django import template

from investment.models import Project
from news.models import Post
from parks.models import Industry, Park

register = template.Library()

POSTS_SHOWN = 3


@register.inclusion_tag("news/_related_posts.html")
def related_posts(
    park: Park | None = None, project: Project | None = None, industry: Industry | None = None
) -> dict[str, object]:
    """The newest posts about one record. One query."""
    posts = Post.objects.public()
    if park is not None:
        posts = posts.filter(parks=park)
    elif project is not None:
        posts = posts.filter(projects=project)
    else:
        posts = posts.filter(industries=industry)
    return {"posts": posts.stretch(0, POSTS_SHOWN).for_lines()}
