"""Give inquiries of the first release their kind, stage and clocks, and back.

Written for few rows: each is looked at once.
"""

from django.db import migrations
from django.db.models import Max, Min, Q
from django.utils import timezone

KINDS = {"press": "press", "citizen": "citizen", "supplier": "supplier"}
#: Stages that the first release did not know, and what it would have called them.
EARLIER = {
    **dict.fromkeys(["screened"], "open"),
    **dict.fromkeys(
        ["contacted", "dialogue", "proposal", "visit", "negotiation", "nurture"], "answered"
    ),
    **dict.fromkeys(["signed", "landed"], "closed"),
}


def to_stages(apps, schema_editor):
    """Investors who were answered were contacted; whatever is closed was answered."""
    Inquiry = apps.get_model("inquiries", "Inquiry")
    answered = Q(events__kind="status", events__text__in=["answered", "closed"])
    rows = Inquiry.objects.annotate(
        answered_at=Min("events__at", filter=answered), last_at=Max("events__at")
    )
    for inquiry in rows.iterator():
        inquiry.kind = KINDS.get(inquiry.subject, "investor")
        inquiry.last_event_at = inquiry.last_at or inquiry.created_at
        if inquiry.status in {"answered", "closed"}:
            inquiry.first_reply_at = inquiry.answered_at or inquiry.created_at
        if inquiry.status == "closed":
            inquiry.close_reason = "answered"
            inquiry.closed_at = inquiry.answered_at or inquiry.created_at
        if inquiry.kind == "investor":
            inquiry.status = {"open": "new", "answered": "contacted"}.get(
                inquiry.status, inquiry.status
            )
        inquiry.save()


def from_stages(apps, schema_editor):
    """Old names of stages; what was typed in counts as agreed to when it came."""
    Inquiry = apps.get_model("inquiries", "Inquiry")
    for stage, earlier in EARLIER.items():
        Inquiry.objects.filter(status=stage).update(status=earlier)
    for inquiry in Inquiry.objects.filter(consent_at=None).iterator():
        inquiry.consent_at = inquiry.created_at or timezone.now()
        inquiry.save(update_fields=["consent_at"])


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0002_answering_half")]

    operations = [migrations.RunPython(to_stages, from_stages)]
