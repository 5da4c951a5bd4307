"""What somebody tries who means harm: odd addresses, forged senders, markup in every field."""

import csv
import io
import time
import zipfile

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from inquiries import clocks, live_facts, replies, status_page
from inquiries.desk.urls import urlpatterns
from inquiries.inbound import receive
from inquiries.mail import deliver_due
from inquiries.models import (
    AnswerBlock,
    AskedPoint,
    InboundMail,
    Inquiry,
    InquiryFile,
    SavedView,
)
from inquiries.received_mail import Attachment, ReceivedMail, text_of_html
from inquiries.services import add_note
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db

CANARY = "\"'><svg onload=x>{{7*7}}${7}%0d%0aX:1"
HUGE = "9" * 30
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def inquiry() -> Inquiry:
    cluster_desk()
    return stored_inquiry()


@pytest.fixture
def desk() -> Client:
    browser = Client()
    browser.force_login(superuser())
    return browser


# --- addresses


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("inquiries_board", {"assigned": HUGE}),
        ("inquiries_board", {"park": HUGE}),
        ("inquiries_board", {"park": "٣", "assigned": "٣"}),
        ("inquiries_board", {"kind": CANARY, "clock": CANARY, "country": CANARY}),
        ("inquiries_inquiry_changelist", {"assigned": HUGE, "park": HUGE, "o": HUGE, "p": HUGE}),
        ("inquiries_inquiry_changelist", {"q": CANARY}),
        ("inquiries_figures", {"first": "0001-01-01", "last": "0001-01-02"}),
        ("inquiries_figures", {"first": "", "last": "0001-01-02"}),
        ("inquiries_figures", {"first": "0001-01-01", "last": "9999-12-31"}),
        ("inquiries_figures", {"first": "2026-01-01", "last": "9999-12-31", "format": "xlsx"}),
        ("inquiries_figures", {"first": CANARY, "last": CANARY, "format": CANARY}),
        ("inquiries_report", {"month": "0001-01"}),
        ("inquiries_report", {"month": "9999-12"}),
        ("inquiries_report", {"month": CANARY}),
        ("inquiries_inbox", {"p": HUGE}),
    ],
)
def test_odd_queries_at_the_desk_are_answered(desk, inquiry, name, query):
    response = desk.get(reverse(f"admin:{name}"), query)
    assert response.status_code in {200, 302, 400}
    assert b"<svg onload" not in response.content


@pytest.mark.parametrize(
    "pattern",
    [pattern for pattern in urlpatterns if pattern.pattern.converters],
    ids=lambda pattern: pattern.name,
)
def test_numbers_of_nothing_are_not_found(desk, pattern):
    places = pattern.pattern.converters
    address = reverse(f"admin:{pattern.name}", args=[HUGE] * len(places))
    for send in (desk.get, desk.post):
        assert send(address).status_code in {404, 405}


@pytest.mark.parametrize("secret", ["\0", "x" * 5000, "%00", "\ud800".encode("utf-8", "replace")])
@pytest.mark.parametrize("name", ["status", "status_add", "status_rate", "status_data", "thanks"])
def test_odd_secrets_open_nothing(client, inquiry, name, secret):
    response = client.get(reverse(f"inquiries:{name}"), {"r": secret})
    assert response.status_code in {400, 404}


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_every_post_at_the_desk_needs_its_token(inquiry, pattern):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(superuser())
    args = [inquiry.pk] * len(pattern.pattern.converters)
    response = browser.post(reverse(f"admin:{pattern.name}", args=args), {"delete": "1"})
    assert response.status_code in {403, 405}


def test_the_desk_sends_nobody_away(desk, inquiry):
    for evil in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        given = {"next": evil, "page": evil, "query": f"{evil}?stage=new", "stage": "nurture"}
        for name, args in (("inquiries_move", [inquiry.pk]), ("inquiries_view_save", [])):
            response = desk.post(reverse(f"admin:{name}", args=args), given)
            assert response.status_code == 302
            assert "evil" not in response["Location"]


def test_a_view_of_another_page_carries_only_known_filters(desk):
    query = "stage=new&next=//evil.example&_popup=1&password=x"
    desk.post(reverse("admin:inquiries_view_save"), {"name": CANARY, "query": query})
    assert SavedView.objects.get().query == "stage=new"
    page = desk.get(reverse("admin:inquiries_board")).content
    assert b"<svg onload" not in page


# --- days


@pytest.mark.parametrize("moment", ["0001-01-01", "0001-01-01 00:00"])
def test_a_list_with_impossible_days_is_refused_in_words(desk, moment):
    cluster_desk()
    text = f"message,received,name\nHello there,{moment},Ada\n"
    for more in ({}, {"store": "1"}):
        response = desk.post(reverse("admin:inquiries_import"), {"text": text, **more})
        assert response.status_code == 200
    assert not Inquiry.objects.exists()


def test_a_next_step_in_the_last_year_of_all_is_no_error(desk, client, inquiry):
    clock = reverse("admin:inquiries_clock", args=[inquiry.pk])
    given = {"next_step-words": "Later", "next_step-day": "9999-12-31", "next_step": "1"}
    assert desk.post(clock, given).status_code in {302, 422}
    assert desk.get(clock).status_code == 200
    assert client.get(status_page.status_address(inquiry)).status_code == 200


# --- regular expressions and parsers


@pytest.mark.parametrize(
    "text", ["{{" * 25_000, "{{" + " " * 50_000, "{{ x" * 12_000, "}}" * 25_000]
)
def test_marks_are_looked_for_in_one_go(text):
    started = time.process_time()
    assert live_facts.marks_in(text) == []
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("html", ["<!--" * 12_000, "<a " * 15_000, "<![" * 15_000, "&#" * 25_000])
def test_words_of_a_broken_html_mail_are_found_soon(html):
    started = time.process_time()
    text_of_html(html)
    assert time.process_time() - started < 2


# --- mails that come in


def test_a_forged_sender_with_the_right_reference_reaches_no_inquiry(client, inquiry):
    forged = ReceivedMail(
        message_id="<forged@x>",
        sender=inquiry.email,
        subject=f"Re: {inquiry.reference}",
        text="Please pay to another account. Will you?",
        attachments=[Attachment("invoice.pdf", PDF)],
    )
    stored = receive(forged)
    assert stored is not None
    assert stored.inquiry is None
    assert not InquiryFile.objects.exists()
    assert not AskedPoint.objects.exists()
    assert not inquiry.events.filter(kind="inbound").exists()
    page = client.get(status_page.status_address(inquiry)).content.decode()
    assert "invoice" not in page
    assert "pay to" not in page


def test_a_person_who_files_such_a_mail_finds_its_reference_filled_in(desk, inquiry):
    receive(ReceivedMail("<forged@x>", inquiry.email, f"Re: {inquiry.reference.lower()}", "Hi."))
    page = desk.get(reverse("admin:inquiries_inbox")).content.decode()
    assert f'value="{inquiry.reference}"' in page


# --- the canary


def canary_inquiry() -> Inquiry:
    """An inquiry whose every text is the canary."""
    cluster_desk()
    inquiry = stored_inquiry(
        name=CANARY, organisation=CANARY, phone=CANARY, message=f"{CANARY}\nIs {CANARY}?"
    )
    Inquiry.objects.update(
        code_name=CANARY,
        lost_to=CANARY,
        next_action=CANARY,
        rating=3,
        rating_text=CANARY,
        figure=CANARY,
        page=CANARY,
        quarantine_reason=CANARY[:40],
        first_reply_at=timezone.now(),
    )
    inquiry.refresh_from_db()
    actor = superuser()
    add_note(inquiry, CANARY, actor)
    clocks.talked(inquiry, CANARY, actor)
    AskedPoint.objects.create(
        inquiry=inquiry, position=1, text=CANARY, promised_for=timezone.localdate()
    )
    row = InquiryFile(inquiry=inquiry, name=CANARY, size=4, sha256="x")
    row.file.save("", ContentFile(PDF), save=False)
    row.save()
    AnswerBlock.objects.create(
        title=CANARY, text_en=CANARY, approved_at=timezone.now(), approved_by=actor
    )
    InboundMail.objects.create(
        inquiry=inquiry,
        message_id="<1@x>",
        source="imap",
        sender="a@b",
        subject=CANARY,
        text=CANARY,
    )
    InboundMail.objects.create(
        message_id="<2@x>", source="imap", sender=CANARY, subject=CANARY, text=CANARY
    )
    draft = replies.new_draft(inquiry, "en")
    draft.subject, draft.text, draft.sent_at = CANARY, CANARY, timezone.now()
    draft.author = actor
    draft.save()
    return inquiry


def test_markup_is_never_run_on_any_page(client):
    inquiry = canary_inquiry()
    browser = Client()
    browser.force_login(inquiry.replies.get().author)
    names = ["inquiry_change", "inquiry_history", "privacy", "clock", "reply"]
    addresses = [reverse(f"admin:inquiries_{name}", args=[inquiry.pk]) for name in names]
    names = ["board", "figures", "report", "inbox", "inquiry_changelist", "answerblock_changelist"]
    addresses += [reverse(f"admin:inquiries_{name}") for name in names]
    block = AnswerBlock.objects.get()
    addresses.append(reverse("admin:inquiries_answerblock_change", args=[block.pk]))
    addresses.append(reverse("admin:inquiries_answerblock_preview", args=[block.pk]))
    public = ["status", "status_add", "status_rate", "status_data", "thanks"]
    shown = [(browser, address) for address in addresses]
    shown += [(client, status_page.private_address(name, inquiry)) for name in public]
    for visitor, address in shown:
        response = visitor.get(address)
        assert response.status_code in {200, 303}, address
        page = response.content.decode()
        assert "<svg onload" not in page, address
        assert "49" not in page.partition("svg onload=x&gt;")[2][:12], address


def test_the_file_of_a_strange_name_adds_no_header():
    inquiry = canary_inquiry()
    InquiryFile.objects.update(name="a\r\nX-Evil: 1\u202efdp.exe")
    browser = Client()
    browser.force_login(inquiry.replies.get().author)
    row = InquiryFile.objects.get()
    response = browser.get(reverse("admin:inquiries_file", args=[inquiry.pk, row.pk]))
    assert "X-Evil" not in response
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Type"] == "application/octet-stream"


def test_exports_hold_the_canary_as_text():
    inquiry = canary_inquiry()
    Inquiry.objects.update(name="=1+1", organisation="@SUM(1)", phone="+44 1")
    InquiryFile.objects.update(name="../../etc\\evil")
    browser = Client()
    browser.force_login(inquiry.replies.get().author)
    address = reverse("admin:inquiries_inquiry_changelist")
    chosen = {"_selected_action": [inquiry.pk]}
    table = browser.post(address, {"action": "export_csv", **chosen}).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "-"))]
    book = browser.post(address, {"action": "export_xlsx", **chosen}).content
    sheet = load_workbook(io.BytesIO(book)).active
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    copy = browser.post(reverse("admin:inquiries_privacy_copy", args=[inquiry.pk])).content
    names = zipfile.ZipFile(io.BytesIO(copy)).namelist()
    assert len(names) == 3
    assert all(name.removeprefix("files/").count("/") == 0 for name in names), names
    assert not [name for name in names if "\\" in name]


def test_mails_take_no_header_from_what_was_written():
    cluster_desk()
    inquiry = stored_inquiry(name="Ada\r\nBcc: evil@example.com", message=CANARY)
    draft = replies.new_draft(inquiry, "en")
    draft.subject = "Answer\r\nBcc: evil@example.com"
    draft.text = "A text that is long enough to be sent."
    AskedPoint.objects.filter(inquiry=inquiry).delete()
    replies.send_reply(replies.save_draft(draft, superuser(), seen=""), superuser_again())
    deliver_due()
    assert {key for sent in mail.outbox for key in sent.message()} <= {
        *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"),
        *("Reply-To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("Content-Language", "In-Reply-To", "References"),
    }
    assert {address for sent in mail.outbox for address in sent.recipients()} <= {
        *("ada@example.com", "cluster@example.org"),
    }


def superuser_again():
    """Whoever wrote the draft."""
    return replies.Reply.objects.get().author
