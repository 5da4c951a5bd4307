"""What editors can rely on when they write, save and publish."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Citation
from news.models import Post
from parks.models import Park
from publishing.models import Redirect
from publishing.translation_state import TranslationState, language_state
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member, superuser

pytestmark = pytest.mark.django_db
ADD = "/admin/news/post/add/"


@pytest.fixture
def publisher(client):
    user = member("Publisher")
    client.force_login(user, "staff.backends.StaffBackend")
    return user


def change_address(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def save(client, record, **values):
    """Open the form of ``record`` as a browser does, change boxes, send it."""
    form = client.get(change_address(record))
    data = filled(form, f"{record._meta.model_name}_form") | values
    return client.post(change_address(record), data)


def test_a_post_in_three_languages_is_written_and_published(client, publisher):
    topic = records.topic()
    data = filled(client.get(ADD), "post_form") | {
        "topic": topic.pk,
        "slug": "works-begin",
        "title_en": "Works begin",
        "title_zh_hans": "项目开工",
        "title_zh_hant": "項目開工",
        "body_zh_hans": "<p>开工<script>alert(1)</script></p>",
        "status": "published",
    }

    answer = client.post(ADD, data)

    assert answer.status_code == 302
    post = Post.objects.public().get()
    assert (post.title_en, post.title_zh_hans, post.title_zh_hant) == (
        "Works begin",
        "项目开工",
        "項目開工",
    )
    assert post.body_zh_hans == "<p>开工</p>"
    assert post.created_by == post.updated_by == publisher


def test_a_text_is_needed_in_the_language_it_is_written_in(client, publisher):
    data = filled(client.get(ADD), "post_form") | {
        "topic": records.topic().pk,
        "slug": "works-begin",
        "title_en": "Works begin",
        "source_language": "zh-hans",
    }

    errors = client.post(ADD, data).context["adminform"].form.errors

    assert list(errors) == ["title_zh_hans"]
    assert client.post(ADD, data | {"source_language": "en"}).status_code == 302
    assert Post.objects.get().title_zh_hans is None


def test_a_record_with_one_language_only_can_be_saved_again(client, publisher):
    post = records.post(title_zh_hans="项目开工")

    assert save(client, post, summary_zh_hans="摘要").status_code == 302
    post.refresh_from_db()
    assert post.summary_zh_hans == "摘要"


def test_renaming_keeps_the_old_address_and_says_so(client, publisher):
    post = records.post(slug="old-name", status="published")

    answer = save(client, post, slug="new-name")

    page = client.get(answer.url).content.decode()
    assert "The old address now leads here." in page
    assert Redirect.objects.get().old_path == "/news/old-name/"


def test_the_form_shows_what_is_missing_and_outdated(client, publisher):
    post = records.post(title_zh_hans="项目开工", title_en="Works begin")
    Post.objects.get(pk=post.pk).save()
    save(client, post, title_zh_hans="项目已开工")

    page = client.get(change_address(post))

    tabs = {tab.code: tab.state for tab in page.context["desk_languages"]}
    assert tabs == {"en": "outdated", "zh-hans": "reviewed", "zh-hant": "missing"}
    assert "desk-state--outdated" in page.context["adminform"].form.fields["title_en"].label


def test_every_box_says_its_language(client, publisher):
    fields = client.get(ADD).context["adminform"].form.fields

    assert fields["title_zh_hans"].widget.attrs["lang"] == "zh-Hans"
    assert fields["body_zh_hant"].widget.attrs["lang"] == "zh-Hant"
    assert not fields["title_en"].required


def test_one_button_makes_traditional_from_simplified(client, publisher):
    post = records.post(title_zh_hans="项目落户临港产业园")

    answer = save(client, post, _traditional="1")

    assert answer.url.endswith(f"/{post.pk}/change/#lang=zh-hant")
    post.refresh_from_db()
    assert post.title_zh_hant == "項目落戶臨港產業園"
    assert language_state(post, "zh-hant") == TranslationState.MACHINE


def test_the_button_leaves_what_a_person_wrote(client, publisher):
    post = records.post(title_zh_hans="项目", title_zh_hant="自己寫的")

    save(client, post, _traditional="1")

    post.refresh_from_db()
    assert post.title_zh_hant == "自己寫的"


def test_actions_make_and_confirm_traditional(client, publisher):
    post = records.post(title_zh_hans="项目")
    address = reverse("admin:news_post_changelist")

    client.post(address, {"action": "make_traditional", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert language_state(post, "zh-hant") == TranslationState.MACHINE

    client.post(address, {"action": "confirm_languages", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert language_state(post, "zh-hant") == TranslationState.REVIEWED


def test_publishing_asks_for_consent_and_says_which_record(client, publisher):
    project = records.project(consent="withheld", name_zh_hans="电池项目")
    address = reverse("admin:investment_project_changelist")

    answer = client.post(
        address, {"action": "publish", "_selected_action": [project.pk]}, follow=True
    )

    project.refresh_from_db()
    assert project.status == "draft"
    assert "on what grounds" in answer.content.decode()


def test_a_record_without_headline_is_not_published(client, publisher):
    post = records.post(title_zh_hans="", title_en="Works begin")

    client.post(
        reverse("admin:news_post_changelist"),
        {"action": "publish", "_selected_action": [post.pk]},
    )

    post.refresh_from_db()
    assert post.status == "draft"


def test_sources_are_given_in_the_form_and_remember_who_verified(client, publisher):
    park = records.park()
    source = records.source()
    prefix = "core-citation-content_type-object_id"

    answer = save(
        client,
        park,
        **{
            f"{prefix}-TOTAL_FORMS": "1",
            f"{prefix}-0-field": "planned_area",
            f"{prefix}-0-source": source.pk,
            f"{prefix}-0-as_of": "2022-09",
            f"{prefix}-0-kind": "target",
            f"{prefix}-0-qualifier": "about",
            f"{prefix}-0-verified_on": "2026-11-20",
        },
    )

    assert answer.status_code == 302
    citation = Citation.objects.get()
    assert citation.record == park
    assert (citation.field, citation.kind, citation.verified_by) == (
        "planned_area",
        "target",
        publisher,
    )


def test_one_field_has_one_source(client, publisher):
    park = records.park()
    prefix = "core-citation-content_type-object_id"
    row = {"field": "planned_area", "source": records.source().pk}
    row |= {"kind": "actual", "qualifier": "exact"}
    boxes = {f"{prefix}-{place}-{name}": value for place in (0, 1) for name, value in row.items()}

    answer = save(client, park, **{f"{prefix}-TOTAL_FORMS": "2"}, **boxes)

    assert answer.status_code == 200
    assert "Keep one" in answer.content.decode()
    assert not Citation.objects.exists()


def test_the_list_finds_a_record_in_every_language_and_by_what_is_missing(client, publisher):
    records.post(title_zh_hans="项目开工", title_en="Works begin")
    other = records.post(title_zh_hans="新区成立")
    address = reverse("admin:news_post_changelist")

    def found(query: str) -> int:
        return client.get(f"{address}?{query}").context["cl"].result_count

    assert found("q=Works") == found("q=项目") == 1
    assert found("translation=missing-en") == 1
    assert found("translation=missing-zh-hant") == 2
    client.post(address, {"action": "make_traditional", "_selected_action": [other.pk]})
    assert found("translation=machine") == 1


def test_view_on_site_is_offered_for_public_records_only(client, publisher):
    draft, public = records.post(), records.post(status="published")

    assert not client.get(change_address(draft)).context["has_absolute_url"]
    assert client.get(change_address(public)).context["absolute_url"] == public.get_absolute_url()


def rows(times: int) -> Park:
    """Some of everything that a list or form shows; returns a park with as many rows in it."""
    park = records.park()
    for _round in range(times):
        for make in records.MAKERS.values():
            make()
        source = records.source()
        park.points.create(kind="limit", text_en="No port", source=source)
        park.transport_links.create(mode="city", name_en="Guangzhou", minutes=40, source=source)
        Citation.objects.create(record=park, field=f"field{_round}", source=source)
    return park


@pytest.mark.parametrize("label", sorted(set(records.MAKERS) - {"core.sitesettings"}))
def test_a_list_costs_the_same_for_one_and_three_rows(client, label):
    client.force_login(superuser())  # no role sees all of these lists
    address = reverse(f"admin:{label.replace('.', '_')}_changelist")
    rows(1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    rows(2)
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one), [query["sql"][:200] for query in three][-4:]


def test_a_form_costs_the_same_for_one_and_three_rows(client, publisher):
    one_row, three_rows = rows(1), rows(3)
    client.get(change_address(one_row))
    with CaptureQueriesContext(connection) as one:
        client.get(change_address(one_row))
    with CaptureQueriesContext(connection) as three:
        client.get(change_address(three_rows))

    assert len(three) == len(one)
