"""Each request has an id; its line in the log names the route and nobody."""

import logging
import re

import pytest

from core.log_context import LogContextFilter, current_request, current_task
from core.request_log import HEADER
from inquiries.models import Inquiry
from tests.factories import ParkFactory
from tests.inquiries.samples import FORM, answers, cluster_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog, settings):
    settings.ACCESS_LOG = True
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(LogContextFilter())
    return caplog


def access_lines(lines) -> list[logging.LogRecord]:
    return [record for record in lines.records if record.name == "core.request_log"]


def test_each_answer_carries_an_id_of_its_own(client):
    first, second = client.get("/healthz")[HEADER], client.get("/healthz")[HEADER]
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second
    assert current_request.get() == ""


def test_the_proxys_id_is_taken_over(client, settings):
    settings.BEHIND_PROXY = True
    assert client.get("/healthz", headers={HEADER: "node-1.abc_9"})[HEADER] == "node-1.abc_9"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "eight chars", "line\nbreak-", "<script>8", ""]
)
def test_another_id_of_the_proxy_is_replaced(client, settings, given):
    settings.BEHIND_PROXY = True
    answer = client.get("/healthz", headers={HEADER: given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer[HEADER])


def test_without_a_proxy_a_visitor_gives_no_id(client, settings):
    settings.BEHIND_PROXY = False
    assert client.get("/healthz", headers={HEADER: "node-1.abc_9"})[HEADER] != "node-1.abc_9"


def test_the_access_log_names_route_status_time_and_size(client, lines):
    ParkFactory(slug="lingang")
    page = client.get("/en/parks/lingang/?utm=private@example.org")
    (record,) = access_lines(lines)
    assert (record.method, record.route, record.status) == ("GET", "parks:detail", 200)
    assert record.bytes == len(page.content)
    assert record.ms > 0
    assert record.request_id == page[HEADER]
    assert "lingang" not in lines.text
    assert "private" not in lines.text


def test_it_is_off_by_default(client, lines, settings):
    settings.ACCESS_LOG = False
    client.get("/healthz")
    assert access_lines(lines) == []


def test_no_line_of_an_inquiry_names_a_person(client, lines):
    cluster_desk()
    client.post(FORM, answers(name="Wang Xiaoming", email="wang@private.example"))
    inquiry = Inquiry.objects.get()
    client.get(f"/en/inquiry/thanks/?r={inquiry.secret}")
    client.get(f"/en/inquiry/status/?r={inquiry.secret}x")
    assert len(access_lines(lines)) == 3
    for hidden in ("Wang", "wang@", "private.example", inquiry.secret, "127.0.0.1"):
        assert hidden not in lines.text


def test_the_line_about_an_error_carries_the_id_too(client, lines):
    answer = client.get("/no/such/address")
    (record,) = [record for record in lines.records if record.name == "django.request"]
    assert record.request_id == answer[HEADER]
    assert current_request.get() == ""


def test_lines_of_a_task_carry_its_id(client, lines):
    cluster_desk()
    client.post(FORM, answers())
    (_begun, ended, *_others) = [r for r in lines.records if r.name == "django_tasks"]
    assert ended.task_id in ended.getMessage()
    assert len(ended.task_id) > 8
    assert current_task.get() == ""
