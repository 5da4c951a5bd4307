"""Who may do what at the desk: every role, every kind of record, every action, really asked for."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from publishing.models import Publishable
from staff.models import User
from staff.role_sync import sync_roles
from staff.roles import PUBLISHABLE, ROLES
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member, superuser

pytestmark = pytest.mark.django_db

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
DRAFTS = {VIEW, ADD, CHANGE, DELETE}
NOTHING: set[str] = set()

#: What each role may do with a record that no visitor sees (a draft, where there are drafts).
#: Written by hand and not taken from staff.roles, so that a slip there is found here.
EXPECTED = {
    "Editor": {
        **dict.fromkeys(PUBLISHABLE, DRAFTS),
        "core.source": {VIEW, ADD, CHANGE},
        "library.document": {VIEW, ADD, CHANGE},
        "library.image": {VIEW, ADD, CHANGE},
        "core.contact": {VIEW},
        "parks.district": {VIEW},
        "investment.statistic": {VIEW},
        "news.topic": {VIEW},
        "news.question": {VIEW, CHANGE},
        "portal.menuitem": {VIEW},
        "publishing.redirect": {VIEW},
        "core.sitesettings": NOTHING,
        "core.blockedsender": NOTHING,
    },
    "Publisher": {
        **dict.fromkeys(PUBLISHABLE, DRAFTS),
        "core.source": DRAFTS,
        "library.document": DRAFTS,
        "library.image": DRAFTS,
        "core.contact": DRAFTS,
        "parks.district": DRAFTS,
        "investment.statistic": DRAFTS,
        "news.topic": DRAFTS,
        "news.question": {VIEW, CHANGE, DELETE},
        "portal.menuitem": DRAFTS,
        "publishing.redirect": DRAFTS,
        "core.sitesettings": {VIEW},
        "core.blockedsender": NOTHING,
    },
    "Inquiry officer": {
        **dict.fromkeys(records.MAKERS, NOTHING),
        "core.blockedsender": DRAFTS,
        "core.contact": {VIEW},
        "parks.park": {VIEW},
        "investment.project": {VIEW},
    },
    "Chief of inquiries": {
        **dict.fromkeys(records.MAKERS, NOTHING),
        "core.blockedsender": DRAFTS,
        "core.contact": {VIEW},
        "parks.park": {VIEW},
        "investment.project": {VIEW},
    },
    "Administrator": {
        **dict.fromkeys(PUBLISHABLE, DRAFTS),
        "core.source": DRAFTS,
        "library.document": DRAFTS,
        "library.image": DRAFTS,
        "core.contact": DRAFTS,
        "parks.district": DRAFTS,
        "investment.statistic": DRAFTS,
        "news.topic": DRAFTS,
        "news.question": {VIEW, CHANGE, DELETE},
        "portal.menuitem": DRAFTS,
        "publishing.redirect": DRAFTS,
        "core.sitesettings": {VIEW, CHANGE},
        "core.blockedsender": DRAFTS,
    },
}
CELLS = [(role, model) for role in EXPECTED for model in records.MAKERS]


def address(label: str, page: str, record: object = None) -> str:
    name = f"admin:{label.replace('.', '_')}_{page}"
    if label == "core.sitesettings" and page == "change":
        return reverse(name)
    return reverse(name, args=[record.pk] if record is not None else [])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_model_of_ours_at_the_desk_is_in_the_table():
    ours = {app.name for app in apps.get_app_configs() if app.name in records_apps()}
    registered = {
        model._meta.label_lower for model in admin.site._registry if model._meta.app_label in ours
    }

    # Who sees which inquiry has tests of its own beside that admin.
    registered -= {label for label in registered if label.startswith("inquiries.")}
    assert registered - {"staff.user"} == set(records.MAKERS)
    for role, table in EXPECTED.items():
        assert set(table) == set(records.MAKERS), role


def records_apps() -> set[str]:
    return {
        "core", "publishing", "library", "parks", "investment", "news", "inquiries", "portal",
        "staff",
    }  # fmt: skip


def test_the_migrations_make_all_roles():
    assert {group.name for group in Group.objects.all()} == {role.name for role in ROLES}


def test_a_role_of_an_older_portal_gets_what_the_table_has_now():
    chief = Group.objects.get(name="Chief of inquiries")
    wanted = set(chief.permissions.all())
    assert wanted
    chief.delete()
    officers = Group.objects.get(name="Inquiry officer")
    by_hand = Permission.objects.get(codename="view_statistic")
    officers.permissions.set([by_hand])

    sync_roles()

    assert set(Group.objects.get(name="Chief of inquiries").permissions.all()) == wanted
    assert officers.permissions.filter(codename="export_inquiry").exists()
    assert by_hand in officers.permissions.all()


#: What may be done with inquiries beside reading and working on them.
INQUIRY_POWERS = {
    "Editor": set(),
    "Publisher": set(),
    "Inquiry officer": {"export_inquiry"},
    "Chief of inquiries": {
        *("oversee_inquiry", "export_inquiry", "erase_inquiry", "approve_answerblock"),
    },
    "Administrator": {
        *("oversee_inquiry", "export_inquiry", "erase_inquiry", "approve_answerblock"),
        "delete_inquiry",
    },
}


@pytest.mark.parametrize("role", INQUIRY_POWERS)
def test_each_role_has_its_powers_over_inquiries(role):
    user = member(role)
    powers = set().union(*INQUIRY_POWERS.values())
    held = {name for name in powers if user.has_perm(f"inquiries.{name}")}
    assert held == INQUIRY_POWERS[role]
    is_officer = "export_inquiry" in held
    for name in ("view_inquiry", "add_inquiry", "change_inquiry"):
        assert user.has_perm(f"inquiries.{name}") is is_officer


@pytest.mark.parametrize(("role", "label"), CELLS)
def test_each_role_gets_what_the_table_says(role, label):
    record = records.MAKERS[label]()
    client = logged_in(member(role))
    allowed = EXPECTED[role][label]

    form = client.get(address(label, "change", record))
    assert form.status_code == (200 if VIEW in allowed else 403)
    if VIEW in allowed:
        assert (b'name="_save"' in form.content) is (CHANGE in allowed)

    changed = client.post(address(label, "change", record), {})
    # An empty form is refused with its errors (200), or with 403 where nothing may be saved.
    assert changed.status_code == (200 if CHANGE in allowed else 403)

    if label != "core.sitesettings":
        assert client.get(address(label, "changelist")).status_code == (
            200 if VIEW in allowed else 403
        )
        assert client.get(address(label, "add")).status_code == (200 if ADD in allowed else 403)
        gone = client.post(address(label, "delete", record), {"post": "yes"})
        assert gone.status_code == (302 if DELETE in allowed else 403)
        assert type(record).objects.filter(pk=record.pk).exists() is (DELETE not in allowed)


@pytest.mark.parametrize("label", PUBLISHABLE)
@pytest.mark.parametrize("status", ["published", "archived"])
def test_an_editor_can_read_but_not_touch_what_is_or_was_public(label, status):
    record = records.MAKERS[label](status=status)
    client = logged_in(member("Editor"))

    form = client.get(address(label, "change", record))

    assert form.status_code == 200
    assert b'name="_save"' not in form.content
    assert b"Ask a Publisher" in form.content
    assert client.post(address(label, "change", record), {}).status_code == 403
    assert client.post(address(label, "delete", record), {"post": "yes"}).status_code == 403
    assert type(record).objects.get(pk=record.pk).status == status


@pytest.mark.parametrize("label", PUBLISHABLE)
def test_an_editor_cannot_publish_by_form(label):
    record = records.MAKERS[label]()
    client = logged_in(member("Editor"))
    form = client.get(address(label, "change", record))
    data = filled(form, f"{label.partition('.')[2]}_form") | {"status": "published"}

    answer = client.post(address(label, "change", record), data)

    assert answer.status_code == 200
    assert "status" in answer.context["adminform"].form.errors
    assert type(record).objects.get(pk=record.pk).status == "draft"


@pytest.mark.parametrize("label", PUBLISHABLE)
@pytest.mark.parametrize("action", ["publish", "take_back", "archive"])
def test_an_editor_cannot_publish_by_action(label, action):
    record = records.MAKERS[label](status="in_review")
    client = logged_in(member("Editor"))

    client.post(address(label, "changelist"), {"action": action, "_selected_action": [record.pk]})

    assert type(record).objects.get(pk=record.pk).status == "in_review"


@pytest.mark.parametrize("label", PUBLISHABLE)
@pytest.mark.parametrize(
    ("action", "status"),
    [("publish", "published"), ("take_back", "draft"), ("archive", "archived")],
)
def test_a_publisher_decides_what_visitors_see(label, action, status):
    record: Publishable = records.MAKERS[label](status="in_review")
    client = logged_in(member("Publisher"))

    client.post(address(label, "changelist"), {"action": action, "_selected_action": [record.pk]})

    assert type(record).objects.get(pk=record.pk).status == status


@pytest.mark.parametrize("role", ["Editor", "Publisher", "Inquiry officer", "Chief of inquiries"])
def test_only_administrators_see_the_accounts(role):
    client = logged_in(member(role))

    assert client.get(reverse("admin:staff_user_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_group_changelist")).status_code == 403


def test_an_administrator_makes_an_account_with_a_role():
    client = logged_in(member("Administrator"))
    form = client.get(reverse("admin:staff_user_add"))
    editor = Group.objects.get(name="Editor")
    data = filled(form, "user_form") | {
        "username": "lin",
        "usable_password": "true",
        "password1": "seven-star-crags",
        "password2": "seven-star-crags",
        "groups": [editor.pk],
    }

    answer = client.post(reverse("admin:staff_user_add"), data)

    assert answer.status_code == 302
    lin = User.objects.get(username="lin")
    assert lin.is_staff
    assert not lin.is_superuser
    assert list(lin.groups.all()) == [editor]


def test_an_administrator_cannot_become_a_superuser():
    boss = member("Administrator")
    client = logged_in(boss)
    form = client.get(reverse("admin:staff_user_change", args=[boss.pk]))

    client.post(
        reverse("admin:staff_user_change", args=[boss.pk]),
        filled(form, "user_form") | {"is_superuser": "on"},
    )

    boss.refresh_from_db()
    assert not boss.is_superuser


def test_an_administrator_cannot_take_over_a_superuser():
    root = superuser()
    client = logged_in(member("Administrator"))

    change = client.post(reverse("admin:staff_user_change", args=[root.pk]), {"username": "x"})
    password = client.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {"password1": "seven-star-crags", "password2": "seven-star-crags"},
    )

    assert (change.status_code, password.status_code) == (403, 403)
    root.refresh_from_db()
    assert root.username == "root"
    assert not root.check_password("seven-star-crags")


def test_an_administrator_cannot_widen_a_role():
    client = logged_in(member("Administrator"))
    editor = Group.objects.get(name="Editor")

    assert client.get(reverse("admin:auth_group_change", args=[editor.pk])).status_code == 200
    answer = client.post(reverse("admin:auth_group_change", args=[editor.pk]), {"name": "x"})
    assert answer.status_code == 403


def test_without_a_role_the_desk_is_empty():
    client = logged_in(member())

    page = client.get(reverse("admin:index"))

    assert page.status_code == 200
    assert "Ask an Administrator" in page.content.decode()
    assert client.get(reverse("admin:news_post_changelist")).status_code == 403
