"""Reading mails that others wrote: words, names, nothing that could run."""

from email.message import EmailMessage

import pytest

from inquiries.received_mail import MOST_WORDS, read_mail, text_of_html


def raw(body: str = "Thank you.", **headers: str) -> bytes:
    message = EmailMessage()
    given = {"From": "Ada <ada@example.com>", "Subject": "Re: land", "Message-ID": "<1@x>"}
    for name, value in {**given, **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def test_a_plain_mail_is_read():
    mail = read_mail(raw(In_Reply_To="<b@x>", References="<a@x> <b@x>"))
    assert (mail.sender, mail.subject, mail.text) == ("ada@example.com", "Re: land", "Thank you.")
    assert (mail.message_id, mail.references) == ("<1@x>", ("<b@x>", "<a@x>"))
    assert not mail.is_automatic


def test_html_is_reduced_to_its_words():
    html = (
        "<head><title>t</title><style>p{}</style></head><p>Dear&nbsp;all,<script>alert(1)</script>"
    )
    assert text_of_html(f"{html}<br>is there <b>gas</b>?<ul><li>one<li>two</ul>") == (
        "Dear all,\nis there gas?\n- one\n- two"
    )


def test_of_two_versions_the_plain_one_is_taken():
    message = EmailMessage()
    message["Message-ID"] = "<2@x>"
    message.set_content("plain")
    message.add_alternative("<p>html</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="计划.pdf")
    mail = read_mail(message.as_bytes())
    assert mail.text == "plain"
    assert [(item.name, item.content) for item in mail.attachments] == [("计划.pdf", b"%PDF-1.4")]


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "utf-8", "big5", "no-such-set"])
def test_chinese_mails_are_read_in_the_character_set_they_name(charset):
    encoding = {"no-such-set": "utf-8"}.get(charset, charset)
    head = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read_mail(head + "有蒸汽".encode(encoding, "ignore")).text[:1] == "有"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_programs_are_told_from_people(headers):
    assert read_mail(raw(**headers)).is_automatic


def test_a_mail_without_an_id_has_the_same_one_each_time():
    mail = raw().replace(b"Message-ID: <1@x>\n", b"")
    assert read_mail(mail).message_id == read_mail(mail).message_id != "<1@x>"


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?utf-8?b?////?=\n\nx",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"From: <<<>>>\nMessage-ID: [broken\n\nx",
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n%%%",
    ],
)
def test_a_broken_mail_is_never_an_error(broken):
    mail = read_mail(broken)
    assert mail.message_id.startswith("<")
    assert "\x00" not in mail.text + mail.subject + mail.sender


def test_long_mails_are_cut():
    assert len(read_mail(raw("word " * 20_000)).text) == MOST_WORDS
    assert len(read_mail(raw(Subject="s" * 900)).subject) == 200
