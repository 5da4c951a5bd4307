"""A list of inquiries is read whole or not at all, and twice the same is once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inquiries import importing
from inquiries.models import Inquiry, OfficerProfile, OutgoingMail
from tests.factories import IndustryFactory, ParkFactory
from tests.staff.people import member

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/inquiries/inquiry/import/"
LIST = "received,name,message\n2026-11-23,Chen,Wants ten mu\n2026-11-20 09:30,Ada,Asks for power\n"


@pytest.fixture
def desk(client):
    client.force_login(member("Inquiry officer"))
    return client


def upload(desk, content: str | bytes):
    data = content.encode() if isinstance(content, str) else content
    return desk.post(ADDRESS, {"file": SimpleUploadedFile("list.csv", data)})


def mistakes(text: str) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in importing.read(text).mistakes]


def test_a_list_is_looked_at_before_it_is_stored(desk):
    answer = upload(desk, LIST)
    page = answer.content.decode()
    assert "2 inquiries are new." in page
    assert "1 is overdue as soon as it is stored." in page
    assert not Inquiry.objects.exists()
    text = answer.context["form"].initial["text"]
    stored = desk.post(ADDRESS, {"text": text, "store": "1"}, follow=True)
    assert "2 inquiries are stored." in stored.content.decode()
    chen = Inquiry.objects.get(name="Chen")
    assert (chen.kind, chen.channel, chen.language) == ("investor", "import", "zh-hans")
    assert (chen.consent_version, chen.consent_at, chen.email) == ("", None, "")
    assert f"{timezone.localtime(chen.due_at):%Y-%m-%d %H:%M}" == "2026-11-24 18:00"
    assert chen.events.get().actor.username == "inquiry-officer"
    assert not chen.mails.exists()


def test_the_same_file_twice_doubles_nothing(desk):
    for _time in range(2):
        desk.post(ADDRESS, {"text": LIST, "store": "1"})
    assert Inquiry.objects.count() == 2
    reading = importing.read(LIST + "2026-11-24,Lin,New\n2026-11-24,Lin,New\n")
    assert (len(reading.inquiries), reading.known) == (1, 3)


def test_a_list_is_one_mail_to_each_owner_however_long_it_is(desk):
    user = member("Inquiry officer", username="li", email="li@example.org")
    OfficerProfile.objects.create(user=user)
    desk.post(ADDRESS, {"text": LIST, "store": "1"})
    assert Inquiry.objects.filter(assigned_to=user).count() == 2
    mails = OutgoingMail.objects.values_list("recipient", "kind")
    assert list(mails) == [("li@example.org", "digest")]


def test_every_column_is_read():
    park, industry = ParkFactory(slug="lingang"), IndustryFactory(slug="metals")
    text = (
        "received,name,message,kind,channel,subject,language,organisation,email,telephone,"
        "country,role,park,industry,investment,land_m2,start\n"
        '2026/11/23 10:00,陈,"两行,\n逗号",selector,fair,land,en,四会金属,a@example.org,0758 1,'
        'de,advises,lingang,metals,under_10m,"20,000",year\n'
    )
    reading = importing.store(text, None)
    assert reading.is_good, reading.mistakes
    row = Inquiry.objects.get()
    assert (row.kind, row.channel, row.subject, row.language) == ("selector", "fair", "land", "en")
    assert (row.park, row.industry, row.country.code) == (park, industry, "DE")
    assert (row.role, row.investment_band, row.start) == ("advises", "under_10m", "year")
    assert (row.land_needed, row.phone, row.email) == (20000, "0758 1", "a@example.org")
    assert row.message == "两行,\n逗号"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_of_a_chinese_spreadsheet_is_read(desk, encoding):
    text = "received,name,message\n2026-11-23,陈先生,需要十亩土地\n"
    page = upload(desk, text.encode(encoding)).content.decode()
    assert "陈先生" in page
    assert "1 inquiry is new." in page


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("tomorrow,Ada,Text,,,,,", "received"),
        ("2027-01-01,Ada,Text,,,,,", "received"),
        (",Ada,Text,,,,,", "received"),
        ("2026-11-23,,Text,,,,,", "name"),
        ("2026-11-23,Ada,,,,,,", "message"),
        ("2026-11-23,Ada,Text,friend,,,,", "kind"),
        ("2026-11-23,Ada,Text,,nothing,,,", "email"),
        ("2026-11-23,Ada,Text,,,XX,,", "country"),
        ("2026-11-23,Ada,Text,,,,nowhere,", "park"),
        ("2026-11-23,Ada,Text,,,,,many", "land_m2"),
        ("2026-11-23,Ada,Text,,,,,NaN", "land_m2"),
        ("2026-11-23,Ada,Text,,,,,-5", "land_m2"),
    ],
)
def test_a_mistake_is_named_by_line_and_column_and_stores_nothing(line, column):
    text = "received,name,message,kind,email,country,park,land_m2\n2026-11-23,Lin,Good,,,,,\n"
    assert mistakes(f"{text}{line}\n") == [(3, column)]
    importing.store(f"{text}{line}\n", None)
    assert not Inquiry.objects.exists()


def test_all_mistakes_of_a_line_are_told_at_once():
    line = "tomorrow,Ada,Text,friend,nothing,XX,,-5"
    text = f"received,name,message,kind,email,country,park,land_m2\n{line}\n"
    assert sorted(column for _line, column in mistakes(text)) == sorted(
        ["received", "kind", "email", "country", "land_m2"]
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "received"), (1, "name"), (1, "message")]),
        ("received,name\n", [(1, "message")]),
        ("received,name,message,colour\n", [(1, "colour")]),
        ("received,name,message,name\n", [(1, "name")]),
        ("received,name,message\n2026-11-23,Ada,Text,more\n", [(2, "")]),
        ('received,name,message\n2026-11-23,Ada,"open\n', [(2, "")]),
    ],
)
def test_a_file_of_another_form_is_refused(text, found):
    assert mistakes(text) == found


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00a", b"a\0b"])
def test_what_is_no_text_is_refused(desk, content):
    answer = upload(desk, content)
    assert answer.status_code == 200
    assert "reading" not in answer.context


def test_a_file_that_is_too_large_is_refused(desk, monkeypatch):
    monkeypatch.setattr(importing, "MOST_BYTES", 10)
    assert "larger than" in upload(desk, LIST).content.decode()
    monkeypatch.setattr(importing, "MOST_ROWS", 1)
    assert mistakes(LIST) == [(3, "")]


def test_reading_costs_the_same_with_one_line_and_with_three(django_assert_num_queries):
    importing.read(LIST)
    with django_assert_num_queries(4):
        importing.read("received,name,message\n2026-11-23,Chen,One\n")
    with django_assert_num_queries(4):
        importing.read(LIST + "2026-11-24,Lin,New\n")


@pytest.mark.parametrize("role", ["Editor", "Publisher", None])
def test_others_import_nothing(client, role):
    client.force_login(member(role))
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"text": LIST, "store": "1"}).status_code == 403
    assert not Inquiry.objects.exists()
