"""The desk in a real browser: no page breaks the policy, and an editor's day works out."""

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Page, expect

from news.models import Post
from tests.library.samples import picture_bytes
from tests.staff import records
from tests.staff.people import PASSWORD, superuser


@pytest.fixture
def desk(page: Page, live_server) -> str:
    """The desk with somebody logged in who may do everything."""
    superuser()
    page.goto(f"{live_server.url}/admin/")
    page.fill("[name=login]", "root")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.locator("h1")).to_contain_text("What needs you today")
    return live_server.url


def test_no_page_of_the_desk_breaks_the_policy(page: Page, desk):
    """Opens every list and every form; the fixture ``misdeeds`` asserts."""
    made = {label: make() for label, make in records.MAKERS.items()}
    addresses = ["/admin/", "/accounts/2fa/", "/accounts/password/change/"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        record = made.get(model._meta.label_lower)
        if model._meta.label_lower == "core.sitesettings":
            addresses.append(reverse(f"{name}_change"))
            continue
        addresses.append(reverse(f"{name}_changelist"))
        if model._meta.label_lower not in {"news.question", "inquiries.inquiry"}:
            addresses.append(reverse(f"{name}_add"))
        if record is not None:
            addresses += [
                reverse(f"{name}_{kind}", args=[record.pk])
                for kind in ("change", "history", "delete")
            ]

    for address in addresses:
        response = page.goto(desk + address)
        assert response.status in {200, 403}, (address, response.status)
        if page.locator(".prose-editor").count():
            expect(page.locator(".ProseMirror").first).to_be_attached()


def test_setting_up_a_second_factor_breaks_no_policy(page: Page, desk):
    page.goto(f"{desk}/accounts/2fa/totp/activate/")
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
        page.locator("main button[type=submit]").first.click()

    expect(page.locator("main img")).to_be_visible()


def test_the_language_switch_works_by_keyboard_and_remembers(page: Page, desk):
    post = records.post(title_en="Works begin", title_zh_hans="项目开工")
    address = f"{desk}/admin/news/post/{post.pk}/change/"
    page.goto(address)
    english, simplified = page.locator("#id_title_en"), page.locator("#id_title_zh_hans")
    expect(english).to_be_visible()
    expect(simplified).to_be_hidden()

    page.get_by_role("tab", name="English").focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("tab", name="简体中文")).to_be_focused()
    expect(simplified).to_be_visible()
    expect(english).to_be_hidden()
    assert page.url.endswith("#lang=zh-hans")
    page.goto(f"{desk}/admin/")
    page.goto(address)
    expect(simplified).to_be_visible()
    page.goto(f"{address}#lang=zh-hant")
    expect(page.locator("#id_title_zh_hant")).to_be_visible()
    page.get_by_role("tab", name="Side by side").click()
    expect(english).to_be_visible()
    expect(simplified).to_be_visible()


def test_an_error_in_a_hidden_language_is_brought_to_light(page: Page, desk):
    records.topic()
    page.goto(f"{desk}/admin/news/post/add/#lang=en")
    page.fill("#id_title_en", "Works begin")

    page.get_by_role("button", name="Save", exact=True).click()

    tab = page.get_by_role("tab", name="简体中文")
    expect(tab).to_contain_text("Error")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator("#id_title_zh_hans")).to_be_visible()


def test_without_javascript_all_languages_stand_side_by_side(browser, page: Page, desk):
    post = records.post()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()

    plain.goto(f"{desk}/admin/news/post/{post.pk}/change/")

    for language in ("en", "zh_hans", "zh_hant"):
        expect(plain.locator(f"#id_title_{language}")).to_be_visible()
    context.close()


def test_an_editor_writes_a_post_in_three_languages_with_a_picture(page: Page, desk):
    records.topic(name_en="Projects", name_zh_hans="项目")
    page.goto(f"{desk}/admin/news/post/add/#lang=en")

    page.locator(".field-topic .select2-selection").click()
    page.get_by_role("option", name="Projects").click()
    page.fill("#id_title_en", "Works begin")
    page.get_by_role("textbox", name="Text English").click()
    page.keyboard.type("The works have begun.")
    page.get_by_role("tab", name="简体中文").click()
    page.fill("#id_title_zh_hans", "项目开工")
    page.fill("#id_summary_zh_hans", "项目落户新区。")
    page.get_by_role("textbox", name="Text 简体中文").click()
    page.keyboard.type("项目已开工。")

    with page.expect_popup() as opened:
        page.locator("#add_id_image").click()
    picture = opened.value
    picture.fill("#id_title", "Works")
    picture.set_input_files(
        "#id_file",
        {"name": "works.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes().read()},
    )
    picture.locator("#id_is_decorative").check()
    picture.select_option("#id_licence", index=1)
    picture.fill("#id_credit", "Photographer")
    with picture.expect_event("close"):
        picture.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".field-image .select2-selection__rendered")).to_contain_text("Works")

    expect(page.locator("#id_slug")).to_have_value("works-begin")
    page.select_option("#id_status", "published")
    page.get_by_role("button", name="Save and make").click()

    expect(page.locator(".messagelist")).to_contain_text("繁體")
    expect(page.locator("#id_title_zh_hant")).to_have_value("項目開工")
    post = Post.objects.public().get()
    assert post.summary_zh_hant == "項目落戶新區。"
    assert post.body_en == "<p>The works have begun.</p>"
    assert post.image is not None
    for language, title in (
        ("en", "Works begin"),
        ("zh-hans", "项目开工"),
        ("zh-hant", "項目開工"),
    ):
        page.goto(f"{desk}/{language}/news/works-begin/")
        expect(page.locator("h1")).to_contain_text(title)
