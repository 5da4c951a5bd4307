"""Who gets what at the desk for inquiries: every address, role, kind of inquiry and method.

One table, written by hand. An address that is not in it fails the first test.
"""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import BlockedSender
from inquiries.desk.urls import urlpatterns
from inquiries.events import note_event
from inquiries.models import (
    Absence,
    AnswerBlock,
    DataRequest,
    InboundMail,
    Inquiry,
    InquiryFile,
    MysteryShop,
    OfficerProfile,
    OutgoingMail,
    SavedView,
)
from inquiries.privacy import erase
from staff.models import User
from tests.inquiries.samples import cluster_desk, stored_inquiry

pytestmark = pytest.mark.django_db

#: Owner, backup and "other" are Inquiry officers; "visitor" has not logged in, "none" has no role.
ROLES = (
    *("visitor", "none", "Editor", "Publisher"),
    *("other", "owner", "backup", "Chief of inquiries", "Administrator"),
)

#: Empty forms are sent: 200 and 422 are the form with its errors, 302 behind a login is the way
#: back with a word. Django's admin sends whoever asks for what is not there to the start: 302.
#: "all" is every inquiry but the confidential one.
TABLE = """
address            method what          visitor none Editor Publisher other owner backup chief admin
board                GET  -                 302  403    403       403   200   200    200   200   200
board                POST -                 302  403    403       403   405   405    405   405   405
move                 GET  all               302  403    403       403   405   405    405   405   405
move                 GET  confidential      302  403    403       403   405   405    405   405   405
move                 POST all               302  403    403       403   302   302    302   302   302
move                 POST confidential      302  403    403       403   404   302    302   302   302
view_save            GET  -                 302  403    403       403   405   405    405   405   405
view_save            POST -                 302  403    403       403   302   302    302   302   302
view_delete          GET  -                 302  403    403       403   405   405    405   405   405
view_delete          POST -                 302  403    403       403   404   302    404   404   404
import               GET  -                 302  403    403       403   200   200    200   200   200
import               POST -                 302  403    403       403   200   200    200   200   200
figures              GET  -                 302  403    403       403   200   200    200   200   200
figures              POST -                 302  403    403       403   405   405    405   405   405
report               GET  -                 302  403    403       403   200   200    200   200   200
report               POST -                 302  403    403       403   405   405    405   405   405
privacy              GET  all               302  403    403       403   200   200    200   200   200
privacy              GET  confidential      302  403    403       403   404   200    200   200   200
privacy              POST all               302  403    403       403   405   405    405   405   405
privacy              POST confidential      302  403    403       403   405   405    405   405   405
privacy_copy         GET  all               302  403    403       403   403   403    403   405   405
privacy_copy         GET  confidential      302  403    403       403   403   403    403   405   405
privacy_copy         POST all               302  403    403       403   403   403    403   200   200
privacy_copy         POST confidential      302  403    403       403   403   403    403   200   200
privacy_erase        GET  all               302  403    403       403   403   403    403   405   405
privacy_erase        GET  confidential      302  403    403       403   403   403    403   405   405
privacy_erase        POST all               302  403    403       403   403   403    403   422   422
privacy_erase        POST confidential      302  403    403       403   403   403    403   422   422
file                 GET  ordinary          302  403    403       403   200   200    200   200   200
file                 GET  quarantined       302  403    403       403   200   200    200   200   200
file                 GET  erased            302  403    403       403   404   404    404   404   404
file                 GET  confidential      302  403    403       403   404   200    200   200   200
file                 POST all               405  405    405       405   405   405    405   405   405
file                 POST confidential      405  405    405       405   405   405    405   405   405
inbox                GET  -                 302  403    403       403   200   200    200   200   200
inbox                POST -                 302  403    403       403   405   405    405   405   405
file_mail            GET  -                 302  403    403       403   405   405    405   405   405
file_mail            POST -                 302  403    403       403   302   302    302   302   302
paste                GET  all               302  403    403       403   302   302    302   302   302
paste                GET  confidential      302  403    403       403   404   302    302   302   302
paste                POST all               302  403    403       403   302   302    302   302   302
paste                POST confidential      302  403    403       403   404   302    302   302   302
clock                GET  all               302  403    403       403   200   200    200   200   200
clock                GET  confidential      302  403    403       403   404   200    200   200   200
clock                POST all               302  403    403       403   422   422    422   422   422
clock                POST confidential      302  403    403       403   404   422    422   422   422
reply                GET  all               302  403    403       403   200   200    200   200   200
reply                GET  confidential      302  403    403       403   404   200    200   200   200
reply                POST all               302  403    403       403   200   200    200   200   200
reply                POST confidential      302  403    403       403   404   200    200   200   200
inquiry_changelist   GET  -                 302  403    403       403   200   200    200   200   200
inquiry_changelist   POST -                 302  403    403       403   200   200    200   200   200
inquiry_add          GET  -                 302  403    403       403   200   200    200   200   200
inquiry_add          POST -                 302  403    403       403   200   200    200   200   200
inquiry_change       GET  all               302  403    403       403   200   200    200   200   200
inquiry_change       GET  confidential      302  403    403       403   302   200    200   200   200
inquiry_change       POST all               302  403    403       403   200   200    200   200   200
inquiry_change       POST confidential      302  403    403       403   302   200    200   200   200
inquiry_history      GET  all               302  403    403       403   200   200    200   200   200
inquiry_history      GET  confidential      302  302    302       302   302   200    200   200   200
inquiry_history      POST all               302  403    403       403   200   200    200   200   200
inquiry_history      POST confidential      302  302    302       302   302   200    200   200   200
inquiry_delete       GET  all               302  403    403       403   403   403    403   403   200
inquiry_delete       GET  confidential      302  403    403       403   403   403    403   403   200
inquiry_delete       POST all               302  403    403       403   403   403    403   403   200
inquiry_delete       POST confidential      302  403    403       403   403   403    403   403   200
outgoingmail_changelist GET -               302  403    403       403   200   200    200   200   200
outgoingmail_changelist POST -              302  403    403       403   200   200    200   200   200
outgoingmail_add     GET  -                 302  403    403       403   403   403    403   403   403
outgoingmail_add     POST -                 302  403    403       403   403   403    403   403   403
outgoingmail_change  GET  all               302  403    403       403   200   200    200   200   200
outgoingmail_change  GET  confidential      302  403    403       403   302   200    200   200   200
outgoingmail_change  POST all               302  403    403       403   302   302    302   302   302
outgoingmail_change  POST confidential      302  403    403       403   302   302    302   302   302
outgoingmail_history GET  all               302  403    403       403   200   200    200   200   200
outgoingmail_history GET  confidential      302  302    302       302   302   200    200   200   200
outgoingmail_history POST all               302  403    403       403   200   200    200   200   200
outgoingmail_history POST confidential      302  302    302       302   302   200    200   200   200
outgoingmail_delete  GET  all               302  403    403       403   403   403    403   403   403
outgoingmail_delete  GET  confidential      302  403    403       403   403   403    403   403   403
outgoingmail_delete  POST all               302  403    403       403   403   403    403   403   403
outgoingmail_delete  POST confidential      302  403    403       403   403   403    403   403   403
datarequest_changelist GET -                302  403    403       403   200   200    200   200   200
datarequest_changelist POST -               302  403    403       403   200   200    200   200   200
datarequest_add      GET  -                 302  403    403       403   403   403    403   403   403
datarequest_add      POST -                 302  403    403       403   403   403    403   403   403
datarequest_change   GET  -                 302  403    403       403   200   200    200   200   200
datarequest_change   POST -                 302  403    403       403   403   403    403   403   403
datarequest_history  GET  -                 302  403    403       403   200   200    200   200   200
datarequest_history  POST -                 302  403    403       403   200   200    200   200   200
datarequest_delete   GET  -                 302  403    403       403   403   403    403   403   403
datarequest_delete   POST -                 302  403    403       403   403   403    403   403   403
mysteryshop_changelist GET -                302  403    403       403   403   403    403   200   200
mysteryshop_changelist POST -               302  403    403       403   403   403    403   200   200
mysteryshop_add      GET  -                 302  403    403       403   403   403    403   403   403
mysteryshop_add      POST -                 302  403    403       403   403   403    403   403   403
mysteryshop_change   GET  -                 302  403    403       403   403   403    403   200   200
mysteryshop_change   POST -                 302  403    403       403   403   403    403   302   302
mysteryshop_history  GET  -                 302  403    403       403   403   403    403   200   200
mysteryshop_history  POST -                 302  403    403       403   403   403    403   200   200
mysteryshop_delete   GET  -                 302  403    403       403   403   403    403   403   403
mysteryshop_delete   POST -                 302  403    403       403   403   403    403   403   403
answerblock_preview  GET  -                 302  403    403       403   200   200    200   200   200
answerblock_preview  POST -                 302  403    403       403   405   405    405   405   405
answerblock_changelist GET -                302  403    403       403   200   200    200   200   200
answerblock_changelist POST -               302  403    403       403   200   200    200   200   200
answerblock_add      GET  -                 302  403    403       403   200   200    200   200   200
answerblock_add      POST -                 302  403    403       403   200   200    200   200   200
answerblock_change   GET  -                 302  403    403       403   200   200    200   200   200
answerblock_change   POST -                 302  403    403       403   200   200    200   200   200
answerblock_history  GET  -                 302  403    403       403   200   200    200   200   200
answerblock_history  POST -                 302  403    403       403   200   200    200   200   200
answerblock_delete   GET  -                 302  403    403       403   403   403    403   403   200
answerblock_delete   POST -                 302  403    403       403   403   403    403   403   200
officerprofile_changelist GET -             302  403    403       403   200   200    200   200   200
officerprofile_changelist POST -            302  403    403       403   200   200    200   200   200
officerprofile_add   GET  -                 302  403    403       403   200   200    200   200   200
officerprofile_add   POST -                 302  403    403       403   200   200    200   200   200
officerprofile_change GET -                 302  403    403       403   200   200    200   200   200
officerprofile_change POST -                302  403    403       403   200   200    200   200   200
officerprofile_history GET -                302  403    403       403   200   200    200   200   200
officerprofile_history POST -               302  403    403       403   200   200    200   200   200
officerprofile_delete GET -                 302  403    403       403   403   403    403   403   200
officerprofile_delete POST -                302  403    403       403   403   403    403   403   200
absence_changelist   GET  -                 302  403    403       403   200   200    200   200   200
absence_changelist   POST -                 302  403    403       403   200   200    200   200   200
absence_add          GET  -                 302  403    403       403   200   200    200   200   200
absence_add          POST -                 302  403    403       403   200   200    200   200   200
absence_change       GET  -                 302  403    403       403   200   200    200   200   200
absence_change       POST -                 302  403    403       403   200   200    200   200   200
absence_history      GET  -                 302  403    403       403   200   200    200   200   200
absence_history      POST -                 302  403    403       403   200   200    200   200   200
absence_delete       GET  -                 302  403    403       403   403   403    403   403   200
absence_delete       POST -                 302  403    403       403   403   403    403   403   200
blockedsender_changelist GET -              302  403    403       403   200   200    200   200   200
blockedsender_changelist POST -             302  403    403       403   200   200    200   200   200
blockedsender_add    GET  -                 302  403    403       403   200   200    200   200   200
blockedsender_add    POST -                 302  403    403       403   200   200    200   200   200
blockedsender_change GET  -                 302  403    403       403   200   200    200   200   200
blockedsender_change POST -                 302  403    403       403   200   200    200   200   200
blockedsender_history GET -                 302  403    403       403   200   200    200   200   200
blockedsender_history POST -                302  403    403       403   200   200    200   200   200
blockedsender_delete GET  -                 302  403    403       403   200   200    200   200   200
blockedsender_delete POST -                 302  403    403       403   200   200    200   200   200
"""
LINES = [line.split() for line in TABLE.strip().splitlines()[1:]]
NAMES = sorted({line[0] for line in LINES})
INQUIRIES = ("ordinary", "confidential", "quarantined", "erased")


def people() -> dict[str, Client]:
    """A browser for each role, logged in."""
    browsers = {"visitor": Client()}
    for role in ROLES[1:]:
        group = {"none": None}.get(role, role)
        if role in {"other", "owner", "backup"}:
            group = "Inquiry officer"
        user = User.objects.create(username=role, is_staff=True)
        if group:
            user.groups.add(Group.objects.get(name=group))
        browsers[role] = Client()
        browsers[role].force_login(user)
    return browsers


def inquiry_of(what: str) -> Inquiry:
    """An inquiry of owner and backup with a file and mails."""
    cluster_desk()
    inquiry = stored_inquiry()
    values: dict[str, object] = {
        role: User.objects.get(username=username)
        for role, username in (("assigned_to", "owner"), ("backup", "backup"))
    }
    if what == "confidential":
        values |= {"is_confidential": True, "code_name": "Blue"}
    if what == "quarantined":
        values |= {"status": "spam", "quarantine_reason": "blocked"}
    Inquiry.objects.filter(pk=inquiry.pk).update(**values)
    inquiry.refresh_from_db()
    row = InquiryFile(inquiry=inquiry, name="plan.pdf", size=4, sha256="x")
    row.file.save("", ContentFile(b"%PDF"), save=False)
    row.save()
    note_event(inquiry, "note", text="A note")
    if what == "erased":
        erase(inquiry, None, DataRequest.Kind.ERASURE)
    return inquiry


def arguments(name: str, inquiry: Inquiry) -> list[int]:
    """What the address of ``name`` holds: the inquiry, or a record of that page's own."""
    record, _underscore, page = name.partition("_")
    owner = inquiry.assigned_to
    if record in MAKERS:
        if page in {"changelist", "add"}:
            return []
        return [MAKERS[record](inquiry, owner).pk]
    if name == "file":
        file = InquiryFile.objects.filter(inquiry=inquiry).first()
        return [inquiry.pk, file.pk if file else 1]
    if name == "view_delete":
        return [SavedView.objects.create(user=owner, name="Mine", query="stage=new").pk]
    if name == "file_mail":
        mail = InboundMail.objects.create(message_id="<1@x>", source="imap", text="Hello")
        return [mail.pk]
    without = {"board", "view_save", "import", "figures", "report", "inbox"}
    return [] if name in without else [inquiry.pk]


#: How to make, or find, a record of each admin of inquiries.
MAKERS: dict[str, Callable] = {
    "inquiry": lambda inquiry, owner: inquiry,
    "outgoingmail": lambda inquiry, owner: OutgoingMail.objects.filter(inquiry=inquiry)[0],
    "datarequest": lambda inquiry, owner: DataRequest.objects.create(
        inquiry=inquiry, reference=inquiry.reference, kind="export"
    ),
    "mysteryshop": lambda inquiry, owner: MysteryShop.objects.create(
        inquiry=inquiry, month=timezone.localdate().replace(day=1)
    ),
    "answerblock": lambda inquiry, owner: AnswerBlock.objects.create(
        title="Words", text_en="Words {{ park.name }}"
    ),
    "officerprofile": lambda inquiry, owner: OfficerProfile.objects.create(user=owner),
    "absence": lambda inquiry, owner: Absence.objects.create(
        user=owner, first_day=timezone.localdate(), last_day=timezone.localdate()
    ),
    "blockedsender": lambda inquiry, owner: BlockedSender.objects.create(
        kind="domain", value="example.com"
    ),
}


def route(name: str) -> str:
    app = "core" if name.startswith("blockedsender_") else "inquiries"
    return f"admin:{app}_{name}"


def test_every_address_of_the_desk_is_in_the_table():
    ours = {pattern.name for pattern in urlpatterns}
    for model, page in admin.site._registry.items():
        if model._meta.app_label == "inquiries" or model is BlockedSender:
            ours |= {pattern.name for pattern in page.get_urls() if pattern.name}
    assert {name.partition("_")[2] for name in ours} == set(NAMES)
    for name in NAMES:
        methods = {(line[1], line[2]) for line in LINES if line[0] == name}
        for method in ("GET", "POST"):
            kinds = {what for one, what in methods if one == method}
            assert kinds in (
                {"-"},
                {"all", "confidential"},
                {"ordinary", "quarantined", "erased", "confidential"},
            ), (name, method)


def lines_of(name: str, what: str) -> list[list[str]]:
    """Of a page about no inquiry, only those of an ordinary one."""
    wanted = {what} if what == "confidential" else {what, "all"}
    wanted |= {"-"} if what == "ordinary" else set()
    return [line for line in LINES if line[0] == name and line[2] in wanted]


@pytest.mark.parametrize(
    ("name", "what"), [(name, what) for name in NAMES for what in INQUIRIES if lines_of(name, what)]
)
def test_each_role_gets_what_the_table_says(name, what, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    lines = lines_of(name, what)
    browsers = people()
    inquiry = inquiry_of(what)
    address = reverse(route(name), args=arguments(name, inquiry))
    found, wanted = {}, {}
    for line in lines:
        send = {"GET": "get", "POST": "post"}[line[1]]
        for role, status in zip(ROLES, line[3:], strict=True):
            response = getattr(browsers[role], send)(address)
            found[line[1], role] = response.status_code
            wanted[line[1], role] = int(status)
            if response.status_code == 302 and role == "visitor":
                assert "/login/" in response["Location"]
    wrong = {
        cell: f"{found[cell]} instead of {wanted[cell]}"
        for cell in wanted
        if found[cell] != wanted[cell]
    }
    assert not wrong
