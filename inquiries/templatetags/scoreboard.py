"""``{% response_scoreboard %}``: how fast inquiries are answered, on any public page."""

from django import template

from inquiries.scoreboard import Scoreboard, public_scoreboard

register = template.Library()


@register.inclusion_tag("inquiries/_scoreboard.html")
def response_scoreboard() -> dict[str, Scoreboard | None]:
    """Nothing below ten answers. At most one query."""
    return {"board": public_scoreboard()}
