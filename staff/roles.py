"""Who may do what at the desk: one table, written into the groups after every migration.

Publishable records have a fifth permission, ``publish``. Without it an Editor saves drafts and
asks for review; what visitors can see is out of reach (``publishing.admin`` enforces that for
each record). Records that show at once (figures, topics, contacts, menus) are left to Publishers.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

VIEW = ("view",)
WRITE = ("view", "add", "change")
FULL = ("view", "add", "change", "delete")
PUBLISH = (*FULL, "publish")

#: Records with drafts.
PUBLISHABLE = (
    "parks.industry",
    "parks.park",
    "investment.project",
    "investment.indicator",
    "news.post",
    "portal.page",
    "portal.historyevent",
)
#: Rows inside the forms of those records.
PARTS = (
    "core.citation",
    "parks.chainlink",
    "parks.parkpoint",
    "parks.transportlink",
    "parks.parkimage",
    "investment.projectmilestone",
)
#: What editors pick from and add to.
LIBRARY = ("core.source", "library.image", "library.document")
#: Shown to visitors as soon as it is saved.
AT_ONCE = (
    "core.contact",
    "parks.district",
    "investment.statistic",
    "news.topic",
    "portal.menuitem",
    "publishing.redirect",
)
#: Everything of the inquiries app: whichever models it has.
INQUIRIES = "inquiries.*"


@dataclass(frozen=True, slots=True)
class Role:
    """A group of staff, in the words of the desk, and its permissions by model."""

    name: str
    permissions: dict[str, tuple[str, ...]]


def _all(models: tuple[str, ...], actions: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(models, actions)


EDITOR = Role(
    gettext_noop("Editor"),
    {
        **_all(PUBLISHABLE, FULL),
        **_all(PARTS, FULL),
        **_all(LIBRARY, WRITE),
        **_all(AT_ONCE, VIEW),
        "news.question": ("view", "change"),
    },
)
PUBLISHER = Role(
    gettext_noop("Publisher"),
    {
        **_all(PUBLISHABLE, PUBLISH),
        **_all(PARTS, FULL),
        **_all(LIBRARY, FULL),
        **_all(AT_ONCE, FULL),
        "news.question": ("view", "change", "delete"),
        "core.sitesettings": VIEW,
    },
)
INQUIRY_OFFICER = Role(
    gettext_noop("Inquiry officer"),
    {
        INQUIRIES: WRITE,
        "inquiries.inquiry": (*WRITE, "export"),
        "core.blockedsender": FULL,
        "core.contact": VIEW,
        "parks.park": VIEW,
        "investment.project": VIEW,
    },
)
#: Sees confidential inquiries and everybody's work, and answers for personal data.
CHIEF_OF_INQUIRIES = Role(
    gettext_noop("Chief of inquiries"),
    {
        **INQUIRY_OFFICER.permissions,
        "inquiries.inquiry": (*WRITE, "oversee", "export", "erase"),
        "inquiries.answerblock": (*WRITE, "approve"),
    },
)
ADMINISTRATOR = Role(
    gettext_noop("Administrator"),
    {
        **PUBLISHER.permissions,
        INQUIRIES: FULL,
        "inquiries.inquiry": (*FULL, "oversee", "export", "erase"),
        "inquiries.answerblock": (*FULL, "approve"),
        "core.blockedsender": FULL,
        "core.sitesettings": ("view", "change"),
        "staff.user": FULL,
        "auth.group": VIEW,
    },
)
ROLES = (EDITOR, PUBLISHER, INQUIRY_OFFICER, CHIEF_OF_INQUIRIES, ADMINISTRATOR)
