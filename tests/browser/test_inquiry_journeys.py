"""Both sides of an inquiry: what an officer does at the desk, the inquirer sees on his page."""

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from core.form_guard import SHORTEST_TIME
from inquiries.choices import Status
from inquiries.status_page import STAGES
from tests.browser.accessibility import violations
from tests.browser.running_portal import PROJECT, RunningPortal, environment

LANGUAGES = ("en", "zh-hans", "zh-hant")
OFFICER, PASSWORD = "lin", "a-long-enough-secret-42"
WORDS = {
    "en": "All plots have power.",
    "zh-hans": "各地块均已通电。",
    "zh-hant": "各地塊均已通電。",
}
MESSAGE = "Is there steam?\nWhich plots have 10 kV power?"

#: An officer in the rota and approved words, as a chief would make them. No e-mail address: other
#: journeys count the mails of their inquiries.
PEOPLE = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from inquiries.models import AnswerBlock, OfficerProfile
user = get_user_model().objects.create_user(
    {OFFICER!r}, password={PASSWORD!r}, is_staff=True, first_name="Lin", last_name="Hai")
user.groups.add(Group.objects.get(name="Inquiry officer"))
OfficerProfile.objects.create(user=user)
AnswerBlock.objects.create(
    title="Power at the plots", title_en="Power at the plots", title_zh_hans="用电",
    title_zh_hant="用電", approved_at=timezone.now(),
    text_en={WORDS["en"]!r} + " {{{{ park.planned_area }}}}",
    text_zh_hans={WORDS["zh-hans"]!r} + " {{{{ park.planned_area }}}}",
    text_zh_hant={WORDS["zh-hant"]!r} + " {{{{ park.planned_area }}}}")
"""


@pytest.fixture(scope="module")
def staffed(portal) -> RunningPortal:
    """The portal with somebody who answers."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", PEOPLE],
        cwd=PROJECT,
        env=environment(portal.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return portal


def send(page: Page) -> None:
    page.wait_for_timeout((SHORTEST_TIME + 1) * 1000)  # people need longer
    page.locator("main form button[type=submit]").click()


def ask(page: Page, portal: RunningPortal, language: str) -> str:
    """Send an inquiry about a park; its reference."""
    page.goto(portal.page(language, "inquiry/?park=lingang"))
    page.fill("[name=name]", "Ada Example 艾达")
    page.fill("[name=email]", f"both-{language}@example.org")
    page.select_option("[name=country]", "DE")
    page.select_option("[name=subject]", index=1)
    page.fill("[name=message]", MESSAGE)
    send(page)
    return page.locator(".receipt__reference").inner_text()


def log_in(page: Page, portal: RunningPortal, language: str) -> None:
    page.goto(f"{portal.url}/admin/")
    page.fill("[name=login]", OFFICER)
    page.fill("[name=password]", PASSWORD)
    page.locator("form.login button[type=submit], main form button[type=submit]").first.click()
    expect(page.locator("#logout-form")).to_be_attached()
    with page.expect_navigation():
        page.locator(f".desk-switch button[value={language}]").click()


def stage_words(status: Status, language: str) -> str:
    with translation.override(language):
        return str(STAGES[status].title)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_question_to_the_mark(new_context, staffed, language):
    visitor, officer = new_context().new_page(), new_context().new_page()
    reference = ask(visitor, staffed, language)

    # The link of the mail opens the private page.
    [receipt] = [
        mail
        for mail in staffed.wait_for_mails(reference, count=2)
        if f"both-{language}@example.org" in mail["To"]
    ]
    link = re.search(rf"/{language}/inquiry/status/\?r=\S+", receipt.get_content())
    assert link, receipt.get_content()
    private_page = staffed.url + link[0]
    visitor.goto(private_page)
    expect(visitor.locator("main")).to_contain_text(reference)
    expect(visitor.locator("main")).to_contain_text(stage_words(Status.NEW, language))
    visitor.locator("main a[href*='/status/add/']").click()
    visitor.fill("[name=text]", "A rail siding, too.")
    send(visitor)
    expect(visitor.locator("main")).to_contain_text("A rail siding, too.")

    # It stands in the officer's list and on the board, whose gate asks for what is missing.
    log_in(officer, staffed, language)
    officer.goto(f"{staffed.url}/admin/inquiries/inquiry/?q={reference}")
    expect(officer.locator("#result_list tbody tr")).to_have_count(1)
    expect(officer.locator("#result_list tbody")).to_contain_text("Ada Example")
    officer.goto(f"{staffed.url}/admin/inquiries/inquiry/board/")
    card = officer.locator(".desk-card", has_text=reference)
    inquiry = staffed.url + card.locator("h3 a").get_attribute("href").removesuffix("change/")
    card.locator("summary").click()
    card.locator("select[name=stage]").select_option("screened")
    card.locator("button[type=submit]").click()
    officer.select_option("#id_role", "decides")
    officer.select_option("#id_industry", index=1)
    assert violations(officer) == []
    officer.locator("[name=apply]").click()
    expect(officer.locator(".messagelist .success")).to_be_visible()
    visitor.goto(private_page)
    expect(visitor.locator("main")).to_contain_text(stage_words(Status.SCREENED, language))

    answer(officer, inquiry, language)
    officer.goto(f"{inquiry}clock/")
    officer.fill("#id_next_step-words", "Send the plan of the quay")
    officer.fill("#id_next_step-day", (date.today() + timedelta(days=5)).isoformat())
    officer.locator("[name=next_step]").click()
    expect(officer.locator(".messagelist .success")).to_be_visible()

    # It arrives by mail and on the page, with the stage, the promise and the next step.
    [reply] = staffed.wait_for_mails(f"We are glad you ask {reference}", count=1)
    assert f"both-{language}@example.org" in reply["To"]
    assert receipt["Message-ID"] in reply["References"]
    visitor.goto(private_page)
    main = visitor.locator("main")
    expect(main).to_contain_text(WORDS[language])
    expect(main).not_to_contain_text("{{")
    expect(main).to_contain_text(stage_words(Status.CONTACTED, language))
    expect(main).to_contain_text("Which plots have 10 kV power?")
    expect(main).to_contain_text("Send the plan of the quay")
    assert violations(visitor) == []

    visitor.locator("main a[href*='/status/rate/']").click()
    visitor.select_option("[name=rating]", "4")
    assert violations(visitor) == []
    send(visitor)
    expect(visitor.locator(".notice--done")).to_be_visible()
    officer.goto(f"{inquiry}change/")
    expect(officer.locator(".fieldBox.field-rating")).to_contain_text("4")


def answer(officer: Page, inquiry: str, language: str) -> None:
    """Write a reply with approved words; what is not answered keeps it back."""
    officer.goto(f"{inquiry}reply/")
    expect(officer.locator("[name=points-0-text]")).to_have_value("Is there steam?")
    expect(officer.locator("[name=points-1-text]")).to_have_value("Which plots have 10 kV power?")
    officer.locator(".reply__blocks button[value^=insert-]").first.click()
    expect(officer.locator("#id_text")).to_have_value(re.compile(WORDS[language]))
    reference = re.search(r"INQ-\d{4}-\w{6}", officer.locator("#id_subject").input_value())[0]
    text = officer.locator("#id_text").input_value()
    officer.fill("#id_text", f"{text}\n\nWe are glad you ask {reference}")
    officer.check("[name=points-0-is_answered]")
    officer.locator("[name=action][value=send]").click()
    expect(officer.locator(".messagelist .error").first).to_contain_text("10 kV")

    day = (date.today() + timedelta(days=7)).isoformat()
    officer.fill("[name=points-1-promised_for]", day)
    officer.locator("[name=action][value=send]").click()
    expect(officer).to_have_url(re.compile(r"/change/$"))
    expect(officer.locator(".messagelist .success")).to_be_visible()
    expect(officer.locator("#id_status")).to_have_value("contacted")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_is_reported_and_reaches_an_officer(new_context, staffed, language):
    visitor, officer = new_context().new_page(), new_context().new_page()
    visitor.goto(staffed.page(language, "parks/lingang/"))
    source = visitor.locator("details.source:has(a[href*='/report/?figure='])").first
    source.locator("summary").click()
    source.locator("a[href*='/report/']").click()
    assert visitor.input_value("[name=page]") == f"/{language}/parks/lingang/"
    figure = visitor.input_value("[name=figure]")
    assert figure
    visitor.fill("[name=message]", f"The statute says something else ({language}).")
    assert violations(visitor) == []
    send(visitor)
    reference = visitor.locator(".receipt__reference").inner_text()

    log_in(officer, staffed, language)
    officer.goto(f"{staffed.url}/admin/inquiries/inquiry/?q={reference}")
    officer.locator("#result_list tbody th a").click()
    expect(officer.locator(".fieldBox.field-sent_from")).to_contain_text(
        f"/{language}/parks/lingang/"
    )
    expect(officer.locator(".fieldBox.field-figure")).to_contain_text(figure)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_of_an_officer_are_accessible(page: Page, staffed, language):
    ask(page, staffed, language)
    log_in(page, staffed, language)
    inquiries = f"{staffed.url}/admin/inquiries/inquiry/"
    page.goto(inquiries)
    record = staffed.url + page.locator("#result_list tbody th a").first.get_attribute("href")
    record = re.sub(r"change/.*", "", record)

    found = []
    for address in (
        f"{staffed.url}/admin/",
        inquiries,
        *(f"{inquiries}{name}/" for name in ("add", "board", "import", "inbox", "figures")),
        f"{inquiries}figures/report/",
        *(f"{record}{name}/" for name in ("change", "reply", "clock", "privacy")),
    ):
        assert page.goto(address).status == 200, address
        expect(page.locator("#logout-form")).to_be_attached()
        found += [f"{address} {line}" for line in violations(page)]
    assert not found, "\n".join(found)
