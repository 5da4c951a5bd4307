"""Messages that come after the first: whose they are, and what they change."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries.inbound import paste_message, receive
from inquiries.models import InboundMail, Inquiry
from inquiries.received_mail import Attachment, ReceivedMail
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import text
from tests.staff.people import member

pytestmark = pytest.mark.django_db

ADD = "/admin/inquiries/inquiry/add/"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def inquiry():
    cluster_desk()
    return stored_inquiry()


@pytest.fixture
def officer():
    return member("Inquiry officer")


def mail(**values) -> ReceivedMail:
    given = {
        "message_id": "<new@x>",
        "sender": "ada@example.com",
        "subject": "Hello",
        "text": "Hi.",
    }
    return ReceivedMail(**{**given, **values})


def receipt(inquiry: Inquiry) -> str:
    return inquiry.mails.get(kind="receipt").message_id


def test_an_answer_to_our_mail_is_filed_whoever_sends_it(inquiry):
    stored = receive(mail(references=(receipt(inquiry),), sender="colleague@example.com"))
    assert stored.inquiry == inquiry
    assert inquiry.events.get(kind="inbound").is_public


def test_an_answer_to_such_an_answer_is_filed_too(inquiry):
    receive(mail(references=(receipt(inquiry),)))
    stored = receive(mail(message_id="<second@x>", references=("<new@x>",)))
    assert stored.inquiry == inquiry


def test_a_reference_alone_files_nothing_whoever_seems_to_send_it(inquiry):
    subject = f"AW: {inquiry.reference.lower()} land"
    for number, sender in enumerate(("ADA@example.com", "eve@example.com")):
        stored = receive(mail(message_id=f"<{number}@x>", subject=subject, sender=sender))
        assert stored.inquiry is None


def test_an_answer_to_a_notice_of_the_desk_is_not_of_the_inquirer(inquiry):
    notice = inquiry.mails.get(kind="notice").message_id
    assert receive(mail(references=(notice,), sender="desk@example.org")).inquiry is None


def test_what_belongs_to_nobody_waits_and_makes_no_inquiry(inquiry):
    assert receive(mail(references=("<unknown@x>",))).inquiry is None
    assert Inquiry.objects.count() == 1
    assert not inquiry.events.filter(kind="inbound").exists()


def test_the_same_mail_is_stored_once(inquiry):
    assert receive(mail(references=(receipt(inquiry),)))
    assert receive(mail(references=(receipt(inquiry),))) is None
    assert inquiry.events.filter(kind="inbound").count() == 1


def test_an_erased_inquiry_takes_no_mail(inquiry):
    Inquiry.objects.update(erased_at=timezone.now())
    assert receive(mail(references=(receipt(inquiry),))).inquiry is None


def test_a_message_ends_the_wait_for_it_and_its_questions_are_added(inquiry):
    now = timezone.now()
    Inquiry.objects.update(
        paused_at=now, pause_reason="inquirer", follow_up_due=now + timedelta(days=3)
    )
    words = "Thanks!\n1. Is there steam?\n\nOn Mon, Desk <desk@example.org> wrote:\n> Is that all?"
    receive(mail(references=(receipt(inquiry),), text=words))
    inquiry.refresh_from_db()
    assert (inquiry.paused_at, inquiry.pause_reason, inquiry.follow_up_due) == (None, "", None)
    assert inquiry.next_action_due is not None
    assert [point.text for point in inquiry.points.all()] == ["Is there steam?"]
    assert inquiry.events.filter(kind="resumed").exists()


def test_who_answers_is_told_of_a_mail_and_not_of_a_pasted_message(inquiry, officer):
    paste_message(inquiry, "Hello", officer)
    assert not inquiry.mails.filter(kind="update").exists()
    receive(mail(references=(receipt(inquiry),)))
    assert inquiry.mails.get(kind="update").recipient == "cluster@example.org"


def test_a_pause_for_another_authority_goes_on(inquiry):
    Inquiry.objects.update(paused_at=timezone.now(), pause_reason="third_party")
    receive(mail(references=(receipt(inquiry),)))
    inquiry.refresh_from_db()
    assert inquiry.paused_at is not None


def test_an_absence_note_is_kept_and_changes_nothing(inquiry):
    Inquiry.objects.update(paused_at=timezone.now(), pause_reason="inquirer")
    stored = receive(mail(references=(receipt(inquiry),), is_automatic=True, text="Away?"))
    inquiry.refresh_from_db()
    assert stored.inquiry == inquiry
    assert inquiry.paused_at is not None
    assert not inquiry.points.exists()
    assert not inquiry.events.filter(kind="inbound").exists()


def test_who_writes_again_is_in_hand_again():
    cluster_desk()
    inquiry = stored_inquiry(subject="citizen")
    Inquiry.objects.update(status="answered")
    receive(mail(references=(receipt(inquiry),)))
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.OPEN


def test_files_are_kept_with_the_inquiry_and_refused_ones_named(inquiry, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    files = [Attachment("plan.pdf", PDF), Attachment("tool.exe", b"MZ")]
    stored = receive(mail(references=(receipt(inquiry),), attachments=files))
    assert [file.name for file in inquiry.files.all()] == ["plan.pdf"]
    assert "[File added: plan.pdf]" in stored.text
    assert "[File left in the mailbox: tool.exe]" in stored.text


def test_files_of_a_stranger_are_not_kept(inquiry):
    stored = receive(mail(attachments=[Attachment("plan.pdf", PDF)]))
    assert not inquiry.files.exists()
    assert "plan.pdf" in stored.text


# --- at the desk


def test_an_officer_pastes_in_what_came_by_another_way(client, officer, inquiry):
    client.force_login(officer)
    address = reverse("admin:inquiries_paste", args=[inquiry.pk])
    response = client.post(address, {"text": "Is there gas?"}, follow=True)
    assert "The message is filed." in text(response)
    stored = InboundMail.objects.get()
    assert (stored.source, stored.filed_by, stored.inquiry) == ("pasted", officer, inquiry)
    assert inquiry.points.get().text == "Is there gas?"
    assert client.get(address).url.endswith("/reply/#paste")


@pytest.mark.parametrize("words", ["", "   ", "x" * 20_001])
def test_nothing_and_far_too_much_are_not_filed(client, officer, inquiry, words):
    client.force_login(officer)
    client.post(reverse("admin:inquiries_paste", args=[inquiry.pk]), {"text": words})
    assert not InboundMail.objects.exists()


def test_two_pasted_messages_are_two(officer, inquiry):
    paste_message(inquiry, "Hello", officer)
    paste_message(inquiry, "Hello", officer)
    assert inquiry.inbound_mails.count() == 2


def test_waiting_mails_are_filed_by_hand(client, officer, inquiry):
    waiting = receive(mail(sender="eve@example.com", text="About our land?"))
    client.force_login(officer)
    inbox = reverse("admin:inquiries_inbox")
    assert "eve@example.com" in text(client.get(inbox))
    address = reverse("admin:inquiries_file_mail", args=[waiting.pk])
    response = client.post(address, {"reference": "INQ-2026-222222"}, follow=True)
    assert "no inquiry with this reference" in text(response)
    client.post(address, {"reference": f" {inquiry.reference.lower()} "})
    waiting.refresh_from_db()
    assert (waiting.inquiry, waiting.filed_by) == (inquiry, officer)
    assert inquiry.points.get().text == "About our land?"
    assert "eve@example.com" not in text(client.get(inbox))
    assert client.post(address, {"reference": inquiry.reference}).status_code == 404


def test_nothing_is_filed_at_a_confidential_inquiry_of_others(client, officer, inquiry):
    Inquiry.objects.update(is_confidential=True, code_name="Kapok")
    waiting = receive(mail())
    client.force_login(officer)
    address = reverse("admin:inquiries_file_mail", args=[waiting.pk])
    client.post(address, {"reference": inquiry.reference})
    waiting.refresh_from_db()
    assert waiting.inquiry is None


def test_mails_about_a_confidential_inquiry_wait_for_its_own_people(client, officer, inquiry):
    Inquiry.objects.update(is_confidential=True, code_name="Kapok")
    named = receive(mail(subject=f"AW: {inquiry.reference.lower()}", sender="bank@example.com"))
    sent = receive(mail(message_id="<2@x>", sender="ADA@example.com"))
    other = receive(mail(message_id="<3@x>", sender="eve@example.com"))
    inbox = reverse("admin:inquiries_inbox")
    client.force_login(officer)
    assert [found.pk for found, _form in client.get(inbox).context["waiting"]] == [other.pk]
    for hidden in (named, sent):
        address = reverse("admin:inquiries_file_mail", args=[hidden.pk])
        assert client.post(address, {"reference": "INQ-2026-222222"}).status_code == 404
        assert "/inbox/" in client.get(f"{ADD}?mail={hidden.pk}").url
    Inquiry.objects.update(backup=officer)
    assert len(client.get(inbox).context["waiting"]) == 3


def test_a_mail_of_a_stranger_becomes_an_inquiry(client, officer, inquiry):
    waiting = receive(mail(sender="eve@example.com", subject="Land", text="Is there rail?"))
    client.force_login(officer)
    link = f"{ADD}?mail={waiting.pk}"
    assert link in client.get(reverse("admin:inquiries_inbox")).content.decode()
    given = client.get(link).context["adminform"].form
    assert given["email"].value() == "eve@example.com"
    assert given["message"].value() == "Land\n\nIs there rail?"
    assert given["channel"].value() == "email"
    typed = {"kind": "investor", "subject": "land", "language": "en", "name": "Eve"}
    typed |= {name: given[name].value() for name in ("email", "message", "channel")}
    typed |= {"created_at_0": "2026-11-24", "created_at_1": "09:00"}
    client.post(link, typed)
    made = Inquiry.objects.get(email="eve@example.com")
    waiting.refresh_from_db()
    assert (waiting.inquiry, waiting.filed_by, made.channel) == (made, officer, "email")
    response = client.post(link, typed, follow=True)  # a second click
    assert "This message waits no longer." in text(response)
    assert Inquiry.objects.count() == 2


@pytest.mark.parametrize("number", ["", "0", "x", "9" * 30])
def test_no_inquiry_is_made_of_no_mail(client, officer, inquiry, number):
    client.force_login(officer)
    assert "/inbox/" in client.get(f"{ADD}?mail={number}").url


def test_only_who_may_delete_deletes(client, officer, inquiry):
    waiting = receive(mail())
    address = reverse("admin:inquiries_file_mail", args=[waiting.pk])
    client.force_login(officer)
    assert client.post(address, {"delete": "1"}).status_code == 403
    client.force_login(member("Administrator"))
    assert client.post(address, {"delete": "1"}).status_code == 302
    assert not InboundMail.objects.exists()


@pytest.mark.parametrize("role", ["Editor", None])
def test_others_read_no_mail(client, inquiry, role):
    waiting = receive(mail())
    client.force_login(member(role))
    assert client.get(reverse("admin:inquiries_inbox")).status_code == 403
    for name, pk in (("inquiries_file_mail", waiting.pk), ("inquiries_paste", inquiry.pk)):
        assert client.post(reverse(f"admin:{name}", args=[pk]), {"text": "x"}).status_code == 403
    assert InboundMail.objects.count() == 1


def test_the_inbox_costs_the_same_with_one_and_with_three(
    client, officer, inquiry, django_assert_max_num_queries
):
    client.force_login(officer)

    def queries() -> int:
        with django_assert_max_num_queries(20) as captured:
            client.get(reverse("admin:inquiries_inbox"))
        return len(captured)

    receive(mail())
    queries()
    one = queries()
    receive(mail(message_id="<2@x>"))
    receive(mail(message_id="<3@x>"))
    assert queries() == one
