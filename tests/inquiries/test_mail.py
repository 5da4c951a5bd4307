"""Mail: sent by the worker, again and again if need be, once in the end."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from inquiries import mail, services, tasks
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from tests.inquiries.samples import answers, cluster_desk, stored_inquiry
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db


class FailingBackend(BaseEmailBackend):
    """Raises what the test put into ``error``."""

    error: Exception = ConnectionRefusedError()

    def send_messages(self, messages):
        raise self.error


@pytest.fixture
def queue(settings, monkeypatch):
    """Tasks wait in the database, as they do in production, until ``work()``."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert default_task_backend.supports_defer
    # The worker would close the connection in whose transaction the test runs, take over the
    # signals of the test run, and silence the logger of all tasks for every later test.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(db_worker.Worker, "configure_signals", lambda _worker: None)
    monkeypatch.setattr(db_worker.Command, "configure_logging", lambda *_: None)
    tasks._looked.clear()


@pytest.fixture
def mail_server_fails(settings):
    """A function that makes every attempt end in ``error`` from now on."""

    def fail(error: Exception) -> None:
        FailingBackend.error = error
        settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"

    return fail


def work() -> None:
    """Let the worker do everything that is ready now."""
    call_command("db_worker", batch=True, verbosity=0, interval=0, startup_delay=False)


def waiting_sweeps() -> QuerySet:
    return DBTaskResult.objects.filter(task_path=tasks.sweep_mail.module_path, status="READY")


def receipt_of(inquiry: Inquiry) -> OutgoingMail:
    return inquiry.mails.get(kind=OutgoingMail.Kind.RECEIPT)


# --- what is said


def test_the_receipt_says_everything_the_sender_needs(queue):
    cluster_desk(phone="0086-758-7654321")
    inquiry = stored_inquiry(message="We look for land.\nBy spring.")
    message = mail.message_for(receipt_of(inquiry))

    assert message.to == ["ada@example.com"]
    assert message.reply_to == ["cluster@example.org"]
    assert message.subject == f"We have your inquiry: {inquiry.reference}"
    for words in (
        "Dear Ada Lovelace,",
        "Wednesday, 25 November 2026",
        "Cluster office",
        "0086-758-7654321",
        "We look for land.\nBy spring.",
        f"/en/inquiry/status/?r={inquiry.secret}",
    ):
        assert words in message.body


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_the_receipt_is_in_the_senders_language(queue, language):
    inquiry = stored_inquiry(language=language)
    message = mail.message_for(receipt_of(inquiry))
    assert message.extra_headers["Content-Language"] == language
    assert f"/{language}/inquiry/status/" in message.body


def test_the_notice_has_reference_and_link_and_nothing_personal(queue):
    cluster_desk()
    inquiry = stored_inquiry(organisation="Analytical Engines", phone="+44 20 7946 0000")
    message = mail.message_for(inquiry.mails.get(kind=OutgoingMail.Kind.NOTICE))
    whole = f"{message.subject}\n{message.body}"
    assert message.to == ["cluster@example.org"]
    assert inquiry.reference in whole
    assert f"/admin/inquiries/inquiry/{inquiry.pk}/change/" in message.body
    for personal in ("Ada", "ada@example.com", "hectares", "Analytical", "7946", inquiry.secret):
        assert personal not in whole


def test_a_desk_is_written_to_in_what_it_reads(queue):
    english = cluster_desk(languages=["ja", "en"])
    assert mail.desk_languages(english) == ("en",)
    assert mail.desk_languages(None) == ("zh-hans", "en")


def test_answers_with_line_breaks_cannot_become_headers(queue):
    inquiry = stored_inquiry(name="Ada\r\nBcc: all@example.com")
    headers = mail.message_for(receipt_of(inquiry)).message().as_string().partition("\n\n")[0]
    assert "Bcc" not in headers


# --- queued with the inquiry, or not at all


def test_nothing_is_sent_while_the_visitor_waits(client, queue):
    cluster_desk()
    assert client.post("/en/inquiry/", answers()).status_code == 303
    assert outbox.outbox == []
    assert OutgoingMail.objects.filter(status=OutgoingMail.Status.QUEUED).count() == 2
    work()
    assert len(outbox.outbox) == 2
    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent"}
    assert InquiryEvent.objects.filter(kind=InquiryEvent.Kind.MAIL_SENT).count() == 2


def test_if_the_queue_cannot_be_written_nothing_is_stored(queue, monkeypatch):
    monkeypatch.setattr(tasks, "ensure_sweep", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stored_inquiry()
    assert not Inquiry.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_visitor_waits_for_few_statements(client, queue, django_assert_max_num_queries):
    cluster_desk()
    client.post("/en/inquiry/", answers())
    with django_assert_max_num_queries(20) as captured:
        assert client.post("/en/inquiry/", answers(message="More words")).status_code == 303
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    # State of the content; limits asked and counted; blocked senders; the same before; inquiry,
    # event, mails, task; the rota.
    assert len(statements) == 10


# --- a mail server that is away


def test_a_dead_mail_server_delays_nothing_and_loses_nothing(
    client, queue, clock, settings, mail_server_fails
):
    cluster_desk()
    mail_server_fails(ConnectionRefusedError("192.0.2.1"))
    assert client.post("/en/inquiry/", answers()).status_code == 303
    work()
    tried = sorted(OutgoingMail.objects.values_list("status", "attempts"))
    assert tried == [("queued", 0), ("queued", 1)]

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.shift(120)
    work()
    assert sorted(message.to[0] for message in outbox.outbox) == [
        "ada@example.com",
        "cluster@example.org",
    ]


def test_pauses_grow_to_an_hour(queue):
    pauses = [mail.pause_after(attempts) for attempts in range(1, 200)]
    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=36)
    assert all(timedelta(hours=1) <= pause <= timedelta(hours=1.2) for pause in pauses[8:])


def test_the_message_id_stays_the_same_through_all_attempts(queue, clock, mail_server_fails):
    inquiry = stored_inquiry()
    receipt = receipt_of(inquiry)
    mail_server_fails(TimeoutError())
    assert not mail.deliver(receipt.pk)
    clock.shift(60)
    again = receipt_of(inquiry)
    assert again.message_id == receipt.message_id
    assert mail.message_for(again).extra_headers["Message-ID"] == receipt.message_id


def test_a_mail_is_given_up_loudly_after_three_days(queue, clock, mail_server_fails, caplog):
    inquiry = stored_inquiry()
    mail_server_fails(ConnectionRefusedError())
    mail.deliver(receipt_of(inquiry).pk)
    assert receipt_of(inquiry).status == OutgoingMail.Status.QUEUED

    clock.shift(timedelta(days=3, hours=1))
    mail.deliver(receipt_of(inquiry).pk)
    receipt = receipt_of(inquiry)
    assert (receipt.status, receipt.last_error) == ("failed", "ConnectionRefusedError")
    assert inquiry.events.filter(kind=InquiryEvent.Kind.MAIL_FAILED).exists()
    loud = [record for record in caplog.records if record.levelname == "ERROR"]
    assert any(inquiry.reference in record.getMessage() for record in loud)


def test_an_address_that_is_refused_for_good_is_given_up_at_once(queue, mail_server_fails):
    inquiry = stored_inquiry()
    refused = smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"no such user ada")})
    mail_server_fails(refused)
    assert mail.deliver(receipt_of(inquiry).pk)
    receipt = receipt_of(inquiry)
    assert (receipt.status, receipt.last_error) == ("failed", "SMTPRecipientsRefused 550")


def test_a_full_mailbox_is_tried_again(queue, mail_server_fails):
    inquiry = stored_inquiry()
    mail_server_fails(smtplib.SMTPRecipientsRefused({"ada@example.com": (452, b"full")}))
    mail.deliver(receipt_of(inquiry).pk)
    assert receipt_of(inquiry).status == OutgoingMail.Status.QUEUED


def test_errors_are_noted_without_what_the_server_said(queue, mail_server_fails, caplog):
    inquiry = stored_inquiry()
    mail_server_fails(smtplib.SMTPDataError(554, b"spam from ada@example.com"))
    mail.deliver(receipt_of(inquiry).pk)
    assert receipt_of(inquiry).last_error == "SMTPDataError 554"
    assert "ada@example.com" not in caplog.text


def test_the_sweep_stops_at_a_server_that_is_away(queue, mail_server_fails):
    for _number in range(3):
        stored_inquiry()
    mail_server_fails(TimeoutError())
    assert mail.deliver_due() == 1
    assert OutgoingMail.objects.filter(attempts=0).count() == 2


# --- workers


def test_a_killed_worker_leaves_its_mail_to_the_next_one(queue, clock):
    inquiry = stored_inquiry()
    receipt = receipt_of(inquiry)
    assert mail._lease(receipt.pk)  # killed here
    DBTaskResult.objects.all().delete()

    assert mail.deliver_due() == 0
    clock.shift(mail.LEASE + timedelta(seconds=1))
    tasks.ensure_sweep()
    work()
    assert receipt_of(inquiry).status == OutgoingMail.Status.SENT
    assert len(outbox.outbox) == 1


def test_a_mail_in_hand_is_nobody_elses(queue):
    receipt = receipt_of(stored_inquiry())
    assert mail._lease(receipt.pk) is not None
    assert mail._lease(receipt.pk) is None
    mail.deliver(receipt.pk)
    assert outbox.outbox == []


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends(queue):
    receipt = receipt_of(stored_inquiry())
    barrier = threading.Barrier(6)
    won = []

    def worker() -> None:
        barrier.wait()
        try:
            if mail._lease(receipt.pk):
                won.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [1]
    assert receipt_of(receipt.inquiry).attempts == 1


def test_the_sweep_is_looked_for_once_in_a_while(queue, monkeypatch):
    stored_inquiry()
    assert waiting_sweeps().count() == 1
    monkeypatch.setattr(tasks, "ensure_sweep", lambda *_arguments: 1 / 0)
    stored_inquiry()
    tasks._looked.clear()  # as after half a minute
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stored_inquiry()


def test_the_mails_of_an_inquiry_are_one_task(queue):
    cluster_desk()
    inquiry = stored_inquiry()
    waiting = DBTaskResult.objects.get(task_path=tasks.send_mail.module_path)
    assert sorted(waiting.args_kwargs["args"]) == sorted(inquiry.mails.values_list("pk", flat=True))


def test_a_sweep_is_always_followed_by_another(queue, clock):
    tasks.ensure_sweep()
    tasks.ensure_sweep()
    assert DBTaskResult.objects.count() == 1
    for _time in range(3):
        work()
        assert waiting_sweeps().get().run_after > timezone.now()
        clock.shift(tasks.SWEEP_EVERY)


def test_a_starting_worker_sees_to_the_sweep(queue):
    call_command("run_worker", batch=True, verbosity=0, interval=0, startup_delay=False)
    assert waiting_sweeps().count() == 1


def test_old_tasks_are_cleared_away(queue, clock):
    stored_inquiry()
    work()
    clock.shift(timedelta(days=8))
    work()
    assert not DBTaskResult.objects.filter(task_path=tasks.send_mail.module_path).exists()


# --- by hand


def test_a_mail_can_be_sent_again_by_hand(queue):
    inquiry = stored_inquiry()
    work()
    first = receipt_of(inquiry)
    services.send_again(first, superuser())
    work()
    assert len(outbox.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in outbox.outbox}) == 2
    assert inquiry.events.filter(kind=InquiryEvent.Kind.MAIL_AGAIN).exists()


def test_mail_of_an_erased_inquiry_is_not_sent(queue):
    stored_inquiry().delete()
    work()
    assert outbox.outbox == []
