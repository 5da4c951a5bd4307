"""What inquirers add, rate and ask for, each once however often it is sent."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from inquiries import additions, pipeline, status_page
from inquiries.models import Consent, DataRequest, Inquiry, InquiryEvent, InquiryFile, OutgoingMail
from inquiries.status_forms import AddForm, DataForm, RateForm
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import LANGUAGES, queries, soup, text
from tests.staff.people import member

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def page(name: str, inquiry: Inquiry) -> str:
    return status_page.private_address(name, inquiry)


def sent(form, **answers):
    token = form.new_token(at=time.time() - 60)
    return {"website": "", "guard_token": token, **answers}


def pdf(name: str = "plan.pdf", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF.replace(b"endobj", b"endobj" + more))


@pytest.fixture
def inquiry() -> Inquiry:
    cluster_desk()
    made = stored_inquiry()
    mail.outbox.clear()
    return made


def answered(inquiry: Inquiry) -> Inquiry:
    Inquiry.objects.update(first_reply_at=timezone.now())
    inquiry.refresh_from_db()
    return inquiry


# --- adding


def test_words_and_files_reach_the_desk(client, inquiry):
    address = page("status_add", inquiry)
    answer = client.post(address, sent(AddForm, text="We need a rail siding.", files=[pdf()]))
    assert answer.status_code == 303
    shown = text(client.get(answer["Location"]))
    assert "What you added has reached the desk" in shown
    assert "We need a rail siding." in shown
    assert "plan.pdf" in shown
    row = inquiry.files.get()
    assert (row.content_type, row.size, row.is_from_inquirer) == ("application/pdf", len(PDF), True)
    assert row.file.read() == PDF
    notice = mail.outbox[0]
    assert notice.to == ["cluster@example.org"]
    assert inquiry.reference in notice.subject
    assert "rail siding" not in notice.body


def test_the_file_lies_where_only_the_portal_reads_it(client, inquiry, settings):
    client.post(page("status_add", inquiry), sent(AddForm, files=[pdf("my secret plan.pdf")]))
    row = inquiry.files.get()
    path = settings.PRIVATE_ROOT / row.file.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "plan" not in row.file.name
    assert client.get(f"/media/{row.file.name}").status_code == 404


def test_the_same_sent_twice_is_added_once(client, inquiry):
    answers = sent(AddForm, text="We need a rail siding.")
    for _time in range(2):
        response = client.post(page("status_add", inquiry), {**answers, "files": [pdf()]})
        assert response.status_code == 303
    kinds = [InquiryEvent.Kind.ADDED, InquiryEvent.Kind.FILE]
    assert inquiry.events.filter(kind__in=kinds).count() == 2
    assert inquiry.files.count() == 1
    assert inquiry.mails.filter(kind=OutgoingMail.Kind.UPDATE).count() == 1


def test_no_file_stays_behind_when_nothing_is_stored(client, inquiry, settings, monkeypatch):
    def refuse(_inquiry):
        raise OperationalError("disk full")

    monkeypatch.setattr(additions.updates, "queue_update", refuse)
    folder = settings.PRIVATE_ROOT / "inquiries"
    before = set(folder.iterdir()) if folder.exists() else set()
    response = client.post(page("status_add", inquiry), sent(AddForm, text="Hi", files=[pdf()]))
    assert response.status_code == 503
    assert not InquiryFile.objects.exists()
    assert not inquiry.events.filter(kind=InquiryEvent.Kind.ADDED).exists()
    assert set(folder.iterdir()) == before


def test_nothing_at_all_is_asked_for_again(client, inquiry):
    response = client.post(page("status_add", inquiry), sent(AddForm, text="  "))
    assert response.status_code == 422
    assert "Write something or choose a file" in text(response)


def test_a_refused_file_leaves_the_words_in_the_form(client, inquiry):
    wrong = SimpleUploadedFile("tool.exe", b"MZ" + b"\0" * 100)
    response = client.post(page("status_add", inquiry), sent(AddForm, text="Words", files=[wrong]))
    assert response.status_code == 422
    assert soup(response).find("textarea").get_text().strip() == "Words"
    assert "tool.exe" in text(response)
    assert "Choose your files once more" in text(response)
    assert not InquiryFile.objects.exists()
    assert not inquiry.events.filter(kind=InquiryEvent.Kind.ADDED).exists()


def test_at_most_ten_files_are_kept(client, inquiry):
    for number in range(9):
        assert additions.free_places(inquiry) == 10 - number
        InquiryFile.objects.create(inquiry=inquiry, name="x", size=1, sha256=str(number))
    two = [pdf("a.pdf", b"a"), pdf("b.pdf", b"b")]
    response = client.post(page("status_add", inquiry), sent(AddForm, files=two))
    assert response.status_code == 422
    assert "1 more file" in text(response)
    assert inquiry.files.count() == 9


def test_a_heavy_body_is_refused_unread_with_words(client, inquiry):
    heavy = SimpleUploadedFile("a.pdf", b"x" * (22 * 1024 * 1024))
    response = client.post(page("status_add", inquiry), sent(AddForm, files=[heavy]))
    assert response.status_code == 413
    assert "larger than 20 MB together" in text(response)


def test_a_file_over_ten_megabytes_is_refused(client, inquiry):
    heavy = SimpleUploadedFile("a.pdf", PDF + b"x" * (10 * 1024 * 1024))
    response = client.post(page("status_add", inquiry), sent(AddForm, files=[heavy]))
    assert response.status_code == 422
    assert "larger than 10 MB" in text(response)


def test_other_forms_still_refuse_what_is_no_text(client, inquiry):
    response = client.post(page("status_rate", answered(inquiry)), {"rating": pdf(more=b"\xff")})
    assert response.status_code == 400


def test_a_pause_for_the_inquirer_ends(client, inquiry, clock):
    due = inquiry.due_at
    Inquiry.objects.update(paused_at=timezone.now(), pause_reason="inquirer")
    clock.shift(timedelta(days=2))
    client.post(page("status_add", inquiry), sent(AddForm, text="20 hectares."))
    inquiry.refresh_from_db()
    assert (inquiry.paused_at, inquiry.pause_reason) == (None, "")
    assert inquiry.due_at > due
    assert inquiry.events.filter(kind=InquiryEvent.Kind.RESUMED).exists()


def test_another_pause_goes_on(client, inquiry):
    Inquiry.objects.update(paused_at=timezone.now(), pause_reason="third_party")
    client.post(page("status_add", inquiry), sent(AddForm, text="20 hectares."))
    inquiry.refresh_from_db()
    assert inquiry.paused_at


def test_what_was_answered_is_open_again(client):
    inquiry = stored_inquiry(subject="citizen")
    pipeline.change_stage(inquiry, Inquiry.Status.OPEN, None)
    pipeline.change_stage(inquiry, Inquiry.Status.ANSWERED, None)
    client.post(page("status_add", inquiry), sent(AddForm, text="And the noise at night?"))
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.OPEN


def test_the_owner_is_told_rather_than_the_desk(client, inquiry):
    owner = member()
    owner.email = "owner@example.org"
    owner.save()
    Inquiry.objects.update(assigned_to=owner)
    client.post(page("status_add", inquiry), sent(AddForm, text="20 hectares."))
    assert [message.to for message in mail.outbox] == [["owner@example.org"]]


def test_nobody_is_told_of_what_is_added_in_quarantine(client, inquiry):
    Inquiry.objects.update(status="spam")
    response = client.post(page("status_add", inquiry), sent(AddForm, text="Cheap watches"))
    assert response.status_code == 303
    assert inquiry.events.filter(kind=InquiryEvent.Kind.ADDED).exists()
    assert mail.outbox == []


# --- rating


def test_an_answer_is_rated_once(client, inquiry):
    address = page("status_rate", answered(inquiry))
    assert client.get(address).status_code == 200
    for rating in ("4", "1"):
        answer = client.post(address, sent(RateForm, rating=rating, text="Quick."))
        assert answer.status_code == 303
    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.rating_text) == (4, "Quick.")
    assert inquiry.rated_at
    assert inquiry.events.filter(kind=InquiryEvent.Kind.RATED).count() == 1
    assert additions.rate(inquiry, 1, "") is False


@pytest.mark.parametrize("rating", ["", "0", "6", "x"])
def test_a_mark_is_between_one_and_five(client, inquiry, rating):
    response = client.post(page("status_rate", answered(inquiry)), sent(RateForm, rating=rating))
    assert response.status_code == 422
    inquiry.refresh_from_db()
    assert inquiry.rating is None


def test_what_was_not_answered_cannot_be_rated(client, inquiry):
    assert "Rate our answer" not in text(client.get(status_page.status_address(inquiry)))
    answer = client.post(page("status_rate", inquiry), sent(RateForm, rating="5"))
    assert answer.status_code == 303
    inquiry.refresh_from_db()
    assert inquiry.rating is None


# --- data


@pytest.mark.parametrize(("wish", "kind"), [("copy", "export"), ("erasure", "erasure")])
def test_a_copy_or_an_erasure_is_asked_for_once(client, inquiry, wish, kind):
    for _time in range(2):
        answer = client.post(page("status_data", inquiry), sent(DataForm, wish=wish))
        assert answer.status_code == 303
    made = DataRequest.objects.get()
    assert (made.kind, made.reference, made.is_by_inquirer) == (kind, inquiry.reference, True)
    assert made.done_at is None
    assert len(mail.outbox) == 1


def test_a_withdrawal_needs_a_second_yes(client, inquiry):
    response = client.post(page("status_data", inquiry), sent(DataForm, wish="withdrawal"))
    assert response.status_code == 422
    assert not DataRequest.objects.exists()


def test_a_withdrawal_closes_and_erases_at_once_with_proof(client, inquiry):
    address = page("status_data", inquiry)
    client.post(page("status_add", inquiry), sent(AddForm, files=[pdf()]))
    path = inquiry.files.get().file.path
    answer = client.post(address, sent(DataForm, wish="withdrawal", sure="on"))
    assert "Your consent is withdrawn" in text(client.get(answer["Location"]))

    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.close_reason) == ("closed", "withdrawn")
    assert inquiry.consent_withdrawn_at
    assert inquiry.erased_at
    assert (inquiry.name, inquiry.email, inquiry.message) == ("", "", "")
    proof = DataRequest.objects.get()
    assert (proof.kind, proof.is_by_inquirer) == ("withdrawal", True)
    assert proof.done_at
    assert inquiry.events.filter(kind=InquiryEvent.Kind.CONSENT).exists()
    assert client.get(address).status_code == 404
    assert not inquiry.files.exists()
    with pytest.raises(FileNotFoundError):
        Path(path).read_bytes()


def test_the_consent_to_news_is_withdrawn_alone(client, inquiry):
    assert "no more news" not in text(client.get(page("status_data", inquiry)))
    Consent.objects.create(inquiry=inquiry, purpose="news", version="x", language="en")
    assert "no more news" in text(client.get(page("status_data", inquiry)))
    client.post(page("status_data", inquiry), sent(DataForm, wish="news"))
    assert Consent.objects.get().withdrawn_at
    inquiry.refresh_from_db()
    assert inquiry.erased_at is None


# --- gates of all three


NAMES = ("status_add", "status_rate", "status_data")


@pytest.mark.parametrize("name", NAMES)
def test_without_the_secret_nothing_is_read_or_stored(client, inquiry, name):
    address = page(name, inquiry).replace(inquiry.secret, "x" * 32)
    for response in (client.get(address), client.post(address, sent(AddForm, text="Hello"))):
        assert response.status_code == 404
        assert "no-store" in response["Cache-Control"]
    assert not inquiry.events.filter(kind=InquiryEvent.Kind.ADDED).exists()


@pytest.mark.parametrize("name", NAMES)
def test_other_methods_are_refused(client, inquiry, name):
    assert client.put(page(name, answered(inquiry))).status_code in {303, 405}
    assert client.delete(page(name, inquiry)).status_code in {303, 405}


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_form_is_refused_in_words(inquiry, name, client_with_csrf):
    address = page(name, answered(inquiry))
    forms = {"status_add": AddForm, "status_rate": RateForm, "status_data": DataForm}
    answers = sent(forms[name], text="Hello", rating="5", wish="copy")
    assert client_with_csrf.post(address, answers).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_read_in_every_language_and_tells_nobody(client, inquiry, name, language):
    address = page(name, answered(inquiry)).replace("/en/", f"/{language}/")
    response = client.get(address)
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert soup(response).find("form", method="post")


@pytest.mark.parametrize("name", NAMES)
def test_each_costs_few_queries(client, inquiry, name):
    assert len(queries(client, page(name, answered(inquiry)))) <= 6
