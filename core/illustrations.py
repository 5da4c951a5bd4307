"""The drawn illustrations that stand in for photographs.

Each key names one file ``templates/illustrations/<key>.svg``. Editors choose a key for a park,
an industry, a project or a post; an uploaded photograph takes the drawing's place.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: (key, label) in the order in which an editor sees them.
ILLUSTRATIONS = [
    ("crags", _("Crags above the lake")),
    ("river", _("River and bridge")),
    ("forest", _("Forest and hills")),
    ("city", _("City streets")),
    ("grid", _("Grid of plots")),
    ("factory", _("Factory roofs")),
    ("port", _("River port")),
    ("bridge", _("Bridge and rail link")),
    ("bulldozer", _("Building work")),
    ("vehicle", _("Electric vehicle")),
    ("battery", _("Batteries and energy storage")),
    ("circuit", _("Electronics")),
    ("robot", _("Robots and machinery")),
    ("materials", _("Metals and materials")),
    ("flask", _("Chemistry and medicine")),
    ("food", _("Food and farm products")),
    ("document", _("Documents and figures")),
    ("handshake", _("Agreement")),
]

#: Drawn when a record names no illustration or one that no longer exists.
DEFAULT_ILLUSTRATION = "grid"

#: Drawings that belong to the site's frame; editors cannot choose them.
FRAME_ILLUSTRATIONS = ("landscape", "logo")

ILLUSTRATION_KEYS = frozenset(key for key, _label in ILLUSTRATIONS)


def illustration_choices() -> list:
    """Return the choices of an ``illustration`` model field.

    Pass the function itself (``choices=illustration_choices``), so that a new drawing makes
    no migration.
    """
    return list(ILLUSTRATIONS)


def resolve_illustration(key: object) -> str:
    """Return ``key`` when such a drawing exists, else the default: never a missing template."""
    name = str(key or "")
    if name in ILLUSTRATION_KEYS or name in FRAME_ILLUSTRATIONS:
        return name
    return DEFAULT_ILLUSTRATION
