"""From stage to stage: every gate, closed and open, and what is written down."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from inquiries import pipeline
from inquiries.choices import PIPELINE, SERVICE, Status
from inquiries.models import Inquiry
from investment.models import Stage as ProjectStage
from tests.factories import IndustryFactory, ParkFactory, ProjectFactory
from tests.inquiries.samples import stored_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return member("Inquiry officer")


def known(**changes) -> Inquiry:
    """An inquiry of which everything but the wanted is known."""
    inquiry = stored_inquiry(message=f"Text {Inquiry.objects.count()}")
    values = {"role": "decides", "country": "GB", "industry": IndustryFactory()}
    for name, value in {**values, "proposed_park": ParkFactory(), **changes}.items():
        setattr(inquiry, name, value)
    inquiry.save()
    return inquiry


def in_production(is_done: bool = True):
    project = ProjectFactory()
    project.milestones.create(kind=ProjectStage.PRODUCTION, date="2026-10", is_done=is_done)
    return project


@pytest.mark.parametrize("field", ["role", "country", "industry"])
@pytest.mark.parametrize("stage", ["screened", "contacted", "negotiation"])
def test_who_is_not_screened_goes_no_further(officer, stage, field):
    empty = None if field == "industry" else ""
    inquiry = known(**{field: empty})
    with pytest.raises(pipeline.GateClosed) as closed:
        pipeline.change_stage(inquiry, stage, officer)
    assert closed.value.fields == (field,)
    words = str(Inquiry._meta.get_field(field).verbose_name)
    assert words in closed.value.messages[0]
    inquiry.refresh_from_db()
    assert inquiry.status == "new"
    assert not inquiry.events.filter(kind="status").exists()


def test_a_gate_names_everything_that_is_missing_at_once(officer):
    inquiry = stored_inquiry(country="")
    with pytest.raises(ValidationError) as closed:
        pipeline.change_stage(inquiry, "visit", officer)
    assert closed.value.messages == [
        "“Site visit” still needs: role, country/region, industry, park proposed and "
        "day of the visit."
    ]


@pytest.mark.parametrize(
    ("stage", "lacks", "gives"),
    [
        ("proposal", {"proposed_park": None}, {}),
        ("visit", {"visit_on": None}, {"visit_on": date(2026, 12, 1)}),
        ("signed", {"signed_project": None}, {}),
        ("closed", {"close_reason": ""}, {"close_reason": "no_reply"}),
    ],
)
def test_each_gate_opens_with_what_it_asks_for(officer, stage, lacks, gives):
    inquiry = known(**lacks)
    with pytest.raises(pipeline.GateClosed) as closed:
        pipeline.change_stage(inquiry, stage, officer)
    assert closed.value.fields == tuple(lacks)
    if stage == "proposal":
        gives = {"proposed_park": ParkFactory()}
    if stage == "signed":
        gives = {"signed_project": ProjectFactory()}
    assert pipeline.change_stage(inquiry, stage, officer, **gives)
    inquiry.refresh_from_db()
    assert inquiry.status == stage
    events = list(inquiry.events.filter(kind__in=["status", "details"]))
    assert [(event.kind, event.text, event.actor) for event in events] == [
        ("details", " ".join(gives), officer),
        ("status", stage, officer),
    ]


def test_the_park_that_was_asked_about_is_a_park_to_propose(officer):
    inquiry = known(proposed_park=None, park=ParkFactory())
    assert pipeline.change_stage(inquiry, "proposal", officer)


def test_landed_needs_the_production_of_its_project_done(officer):
    inquiry = known(signed_project=in_production(is_done=False))
    with pytest.raises(pipeline.GateClosed, match="In production") as closed:
        pipeline.change_stage(inquiry, "landed", officer)
    assert closed.value.fields == ("production",)
    inquiry.refresh_from_db()
    assert pipeline.change_stage(inquiry, "landed", officer, signed_project=in_production())


def test_who_is_lost_is_lost_to_somebody(officer):
    inquiry = stored_inquiry()
    with pytest.raises(pipeline.GateClosed) as closed:
        pipeline.change_stage(inquiry, "closed", officer, close_reason="lost")
    assert closed.value.fields == ("lost_to",)
    pipeline.change_stage(inquiry, "closed", officer, close_reason="lost", lost_to="Foshan")
    assert inquiry.closed_at is not None


def test_what_is_opened_again_has_no_reason_to_be_closed(officer):
    inquiry = known()
    pipeline.change_stage(inquiry, "closed", officer, close_reason="no_reply")
    pipeline.change_stage(inquiry, "dialogue", officer)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.closed_at, inquiry.close_reason) == ("dialogue", None, "")


@pytest.mark.parametrize("subject", ["press", "citizen", "supplier"])
@pytest.mark.parametrize("stage", [stage for stage in PIPELINE if stage not in SERVICE])
def test_residents_press_and_suppliers_are_never_in_the_pipeline(officer, subject, stage):
    inquiry = stored_inquiry(subject=subject)
    with pytest.raises(pipeline.GateClosed, match="is no stage for this kind"):
        pipeline.change_stage(inquiry, stage, officer)


def test_investors_are_not_in_the_queue_of_the_others(officer):
    with pytest.raises(pipeline.GateClosed):
        pipeline.change_stage(stored_inquiry(), "answered", officer)


def test_the_same_stage_again_is_no_event(officer):
    inquiry = stored_inquiry()
    before = inquiry.events.count()
    assert pipeline.change_stage(inquiry, "new", officer) is False
    assert inquiry.events.count() == before


def test_a_stale_copy_overwrites_nothing(officer):
    inquiry = known()
    stale = Inquiry.objects.get(pk=inquiry.pk)
    pipeline.change_details(inquiry, officer, next_action="Call on Monday")
    pipeline.change_stage(stale, "screened", officer)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.next_action) == ("screened", "Call on Monday")


def test_what_a_stage_stands_on_cannot_be_taken_away(officer):
    inquiry = known()
    pipeline.change_stage(inquiry, "screened", officer)
    with pytest.raises(pipeline.GateClosed, match="role"):
        pipeline.change_details(inquiry, officer, role="")
    assert pipeline.change_details(inquiry, officer, role="advises")
    assert pipeline.change_details(inquiry, officer, role="advises") is False


def test_the_words_of_the_sender_are_not_details(officer):
    with pytest.raises(ValueError, match="email"):
        pipeline.change_details(stored_inquiry(), officer, email="x@example.org")


def test_a_kind_of_another_queue_begins_at_its_first_stage(officer):
    inquiry = known()
    pipeline.change_stage(inquiry, "screened", officer)
    assert pipeline.change_kind(inquiry, "press", officer)
    inquiry.refresh_from_db()
    assert (inquiry.kind, inquiry.status) == ("press", "open")
    pipeline.change_kind(inquiry, "investor", officer)
    inquiry.refresh_from_db()
    assert inquiry.status == "new"
    assert not pipeline.change_kind(inquiry, "investor", officer)


def test_quarantine_is_left_through_new_only(officer):
    inquiry = known()
    pipeline.change_stage(inquiry, "spam", officer)
    with pytest.raises(pipeline.GateClosed, match="quarantine"):
        pipeline.change_stage(inquiry, "screened", officer)
    assert pipeline.stages_from(Inquiry.objects.get()) == (Status.SPAM, Status.NEW)
    assert pipeline.change_stage(inquiry, "new", officer)
    assert inquiry.events.filter(kind="released", actor=officer).count() == 1


# --- the form


def address(inquiry: Inquiry) -> str:
    return reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])


def sent(**changes):
    rows = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("events", "mails", "files")
        for name in ("TOTAL", "INITIAL")
    }
    return {"status": "new", "kind": "investor", "country": "GB", **rows, **changes}


def test_the_form_says_a_closed_gate_at_its_fields(client, officer):
    client.force_login(officer)
    inquiry = stored_inquiry()
    answer = client.post(address(inquiry), sent(status="screened"))
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"status", "role", "industry"}
    assert errors["status"] == ["“Screened” still needs: role and industry."]
    inquiry.refresh_from_db()
    assert inquiry.status == "new"


def test_the_form_moves_on_with_what_it_is_given(client, officer):
    client.force_login(officer)
    inquiry = stored_inquiry()
    colleague = member("Inquiry officer", username="colleague")
    industry = IndustryFactory()
    data = sent(
        status="screened", role="advises", industry=industry.pk, assigned_to=officer.pk,
        backup=colleague.pk, next_action="Call", next_action_due_0="2026-12-01",
        next_action_due_1="09:00", code_name="Heron", is_confidential="on",
    )  # fmt: skip
    answer = client.post(address(inquiry), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.role, inquiry.industry) == ("screened", "advises", industry)
    assert (inquiry.assigned_to, inquiry.backup) == (officer, colleague)
    assert (inquiry.is_confidential, inquiry.code_name) == (True, "Heron")
    assert timezone.localtime(inquiry.next_action_due).hour == 9
    kinds = set(inquiry.events.values_list("kind", flat=True))
    assert {"assigned", "details", "status"} <= kinds


def test_owner_and_backup_can_change_places(client, officer):
    client.force_login(officer)
    colleague = member("Inquiry officer", username="colleague")
    inquiry = stored_inquiry()
    Inquiry.objects.update(assigned_to=officer, backup=colleague)
    data = sent(assigned_to=colleague.pk, backup=officer.pk)
    answer = client.post(address(inquiry), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    inquiry.refresh_from_db()
    assert (inquiry.assigned_to, inquiry.backup) == (colleague, officer)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"is_confidential": "on", "code_name": "Heron"}, "assigned_to"),
        ({"is_confidential": "on", "assigned_to": "officer"}, "code_name"),
        ({"assigned_to": "officer", "backup": "officer"}, "__all__"),
        ({"status": "answered"}, "status"),
        ({"kind": "nobody"}, "kind"),
    ],
)
def test_the_form_refuses_what_cannot_be(client, officer, change, field):
    client.force_login(officer)
    values = {name: officer.pk if value == "officer" else value for name, value in change.items()}
    answer = client.post(address(stored_inquiry()), sent(**values))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors


def test_the_form_puts_an_inquiry_into_another_queue(client, officer):
    client.force_login(officer)
    inquiry = stored_inquiry()
    answer = client.post(address(inquiry), sent(kind="press"))
    assert answer.status_code == 302
    inquiry.refresh_from_db()
    assert (inquiry.kind, inquiry.status) == ("press", "new")


# --- typed in by hand

ADD = "/admin/inquiries/inquiry/add/"
TYPED = {
    "kind": "investor",
    "channel": "phone",
    "created_at_0": "2026-11-23",
    "created_at_1": "09:30",
    "language": "zh-hans",
    "subject": "invest",
    "name": "Chen",
    "phone": "0758 1234567",
    "message": "Wants ten mu for a foundry.",
}


def test_a_telephone_call_is_typed_in(client, officer):
    client.force_login(officer)
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, TYPED)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    inquiry = Inquiry.objects.get()
    assert inquiry.reference.startswith("INQ-2026-")
    assert (inquiry.channel, inquiry.email, inquiry.consent_version) == ("phone", "", "")
    assert inquiry.consent_at is None
    # Received on Monday, so the answer was due on Tuesday evening.
    assert f"{timezone.localtime(inquiry.due_at):%Y-%m-%d %H:%M}" == "2026-11-24 18:00"
    event = inquiry.events.get()
    assert (event.kind, event.actor, event.text) == ("received", officer, "phone")
    assert not inquiry.mails.exists()
    pipeline.change_details(inquiry, officer, role="advises", code_name="Heron")
    page = client.get(address(inquiry)).content.decode()
    assert "Telephone</p>" in page
    assert "Role and code name" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"message": ""}, "message"),
        ({"created_at_0": "2027-01-01"}, "created_at"),
        ({"channel": "web"}, "channel"),
        ({"channel": "import"}, "channel"),
        ({"email": "nothing"}, "email"),
    ],
)
def test_what_is_typed_in_is_checked(client, officer, change, field):
    client.force_login(officer)
    answer = client.post(ADD, {**TYPED, **change})
    assert field in answer.context["adminform"].form.errors
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("role", ["Editor", "Publisher", None])
def test_others_type_nothing_in(client, role):
    client.force_login(member(role))
    assert client.post(ADD, TYPED).status_code == 403
