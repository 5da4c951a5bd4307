"""The mailbox, on a real IMAP server: each mail once, read only when it is stored."""

import os
import time
from email.message import EmailMessage
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from cluster_site.environment import Environment, SettingError
from inquiries import mailbox, mailbox_tasks
from inquiries.mailbox import MailboxError, poll
from inquiries.models import InboundMail
from tests.inquiries.imap_server import DOVECOT, PASSWORD, USER, running_server
from tests.inquiries.samples import cluster_desk, stored_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    if DOVECOT is None:
        if os.environ.get("TESTS_SKIP_NOTHING"):
            pytest.fail("There is no IMAP server: apt-get install dovecot-imapd")
        pytest.skip("There is no IMAP server: apt-get install dovecot-imapd")
    with running_server() as found:
        yield found


@pytest.fixture
def box(server, settings):
    """The folder of the server in which mails arrive, empty; settings point to it."""
    port, folder = server
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    password = quote(PASSWORD, safe="")
    address = f"imap://{USER}:{password}@127.0.0.1:{port}"
    settings.IMAP = Environment({"IMAP_URL": address}).mailbox("IMAP_URL")
    return folder


def arrive(box, number: int, text: str = "Is there gas?", **headers: str) -> None:
    """Put a mail where a mail server would."""
    message = EmailMessage()
    given = {"From": "Ada <ada@example.com>", "Subject": "Re", "Message-ID": f"<{number}@x>"}
    for name, value in {**given, **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    path = box / "new" / f"{int(time.time())}.{number}.test"
    path.write_bytes(message.as_bytes())
    path.chmod(0o666)


def seen(box) -> int:
    """Mails that are marked as read: Maildir writes it into the name."""
    return len([path for path in (box / "cur").iterdir() if path.name.endswith("S")])


def test_answers_are_filed_and_marked_as_read(box):
    cluster_desk()
    inquiry = stored_inquiry()
    arrive(box, 1, In_Reply_To=inquiry.mails.get(kind="receipt").message_id)
    arrive(box, 2, Subject=f"Re: {inquiry.reference}")
    arrive(box, 3, From="eve@example.com")
    assert poll() == {"filed": 1, "unfiled": 2}
    assert inquiry.inbound_mails.count() == 1
    assert inquiry.points.count() == 1
    assert seen(box) == 3
    assert poll() == {}


def test_a_mail_that_could_not_be_stored_stays_unread_and_is_tried_again(box, monkeypatch, caplog):
    arrive(box, 1, text="secret words")
    arrive(box, 2)
    stored = mailbox.receive

    def fails(mail):
        if mail.message_id == "<1@x>":
            raise ValueError(mail.text)
        return stored(mail)

    monkeypatch.setattr(mailbox, "receive", fails)
    assert poll() == {"failed": 1, "unfiled": 1}
    assert "secret words" not in caplog.text
    assert seen(box) == 1
    monkeypatch.undo()
    assert poll() == {"unfiled": 1}
    assert InboundMail.objects.count() == 2


def test_killed_before_the_mark_it_is_not_stored_twice(box, monkeypatch):
    arrive(box, 1)

    def killed(connection, uid):
        mailbox.receive(mailbox._fetch(connection, uid))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "_take", killed)
        with pytest.raises(KeyboardInterrupt):
            poll()
    assert seen(box) == 0
    assert poll() == {"known": 1}
    assert InboundMail.objects.count() == 1
    assert seen(box) == 1


def test_of_a_huge_mail_only_the_head_is_read(box, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_BYTES", 2000)
    arrive(box, 1, text="word " * 1000)
    assert poll() == {"unfiled": 1}
    stored = InboundMail.objects.get()
    assert stored.sender == "ada@example.com"
    assert "too large" in stored.text


def test_one_look_takes_a_limited_number(box, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_MAILS", 2)
    for number in range(3):
        arrive(box, number)
    assert sum(poll().values()) == 2
    assert sum(poll().values()) == 1


def test_the_command_says_what_it_found(box):
    arrive(box, 1)
    output = StringIO()
    call_command("poll_mailbox", stdout=output)
    assert output.getvalue().strip() == "0 filed, 1 unfiled, 0 known, 0 failed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong-one"}, "login refused"),
        ({"folder": "Elsewhere"}, "no such folder"),
        ({"port": 9}, "no connection"),
        ({"encryption": "ssl"}, "no connection"),
    ],
)
def test_a_mailbox_that_cannot_be_read_says_why_without_secrets(box, settings, changes, words):
    settings.IMAP = {**settings.IMAP, **changes}
    with pytest.raises(MailboxError, match=words) as caught:
        poll()
    assert "wrong-one" not in str(caught.value)
    with pytest.raises(CommandError, match=words):
        call_command("poll_mailbox")


def test_without_a_mailbox_the_command_says_so(settings):
    settings.IMAP = None
    with pytest.raises(CommandError, match="not set"):
        call_command("poll_mailbox")


# --- the worker


@pytest.fixture
def queue(settings):
    """Tasks wait in the database, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def waiting() -> int:
    path = mailbox_tasks.poll_mailbox.module_path
    return DBTaskResult.objects.filter(task_path=path, status="READY").count()


def test_the_worker_looks_again_and_again_even_when_the_mailbox_is_away(box, settings, queue):
    mailbox_tasks.ensure_poll()
    mailbox_tasks.ensure_poll()
    assert waiting() == 1
    DBTaskResult.objects.all().delete()
    arrive(box, 1)
    mailbox_tasks.poll_mailbox.func()
    assert (waiting(), InboundMail.objects.count()) == (1, 1)
    DBTaskResult.objects.all().delete()
    settings.IMAP = {**settings.IMAP, "port": 9}
    mailbox_tasks.poll_mailbox.func()
    assert waiting() == 1


def test_without_a_mailbox_the_worker_looks_for_none(settings, queue):
    settings.IMAP = None
    mailbox_tasks.ensure_poll()
    mailbox_tasks.poll_mailbox.func()
    assert waiting() == 0


# --- the setting


def test_the_address_of_the_mailbox_is_read():
    found = Environment({"IMAP_URL": "imap+ssl://a%40b.org:p%2Fw@mail.example.org/Answers"})
    assert found.mailbox("IMAP_URL") == {
        "host": "mail.example.org",
        "port": 993,
        "user": "a@b.org",
        "password": "p/w",
        "folder": "Answers",
        "encryption": "ssl",
    }
    assert Environment({}).mailbox("IMAP_URL") is None


@pytest.mark.parametrize(
    "value",
    [
        "mail.example.org",
        "pop3://a:b@mail.example.org",
        "imap://a:secret@mail.example.org",
        "imap+ssl://mail.example.org",
        "imap+ssl://a:secret@:993",
        "imap+ssl://a:secret@host:port",
    ],
)
def test_a_wrong_address_stops_the_start_without_showing_the_password(value):
    with pytest.raises(SettingError) as caught:
        Environment({"IMAP_URL": value}).mailbox("IMAP_URL")
    assert "secret" not in str(caught.value)
