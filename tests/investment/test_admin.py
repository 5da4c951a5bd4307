"""Projects and figures at the desk."""

import datetime

import pytest
from django.urls import reverse

from investment.models import Project
from tests.staff import records
from tests.staff.forms import filled
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def publisher(client):
    client.force_login(member("Publisher"), "staff.backends.StaffBackend")


def test_the_stage_of_a_project_follows_its_milestones(client):
    project = records.project()
    address = reverse("admin:investment_project_change", args=[project.pk])
    data = filled(client.get(address), "project_form") | {
        "milestones-TOTAL_FORMS": "2",
        "milestones-0-kind": "signed",
        "milestones-0-date": "2021",
        "milestones-0-is_done": "on",
        "milestones-1-kind": "production",
        "milestones-1-date": "2027",
        "milestones-0-project": project.pk,
        "milestones-1-project": project.pk,
    }

    assert client.post(address, data).status_code == 302

    project = Project.objects.get(pk=project.pk)
    assert (project.stage, str(project.stage_date)) == ("signed", "2021")


def test_figures_are_a_table_with_units_and_can_be_searched(client):
    figure = records.statistic(indicator=records.indicator(decimals=3))
    address = reverse("admin:investment_statistic_changelist")

    page = client.get(f"{address}?q=地区生产总值")

    assert page.context["cl"].result_count == 1
    assert "RMB 7.635 billion" in page.content.decode().replace("\xa0", " ")
    assert str(figure.period) in page.content.decode()


def test_a_figure_belongs_to_one_place(client):
    figure = records.statistic()
    address = reverse("admin:investment_statistic_change", args=[figure.pk])
    data = filled(client.get(address), "statistic_form") | {"district": ""}

    page = client.post(address, data)

    assert "A figure belongs to one district or one park." in page.content.decode()


def test_overdue_figures_have_a_filter(client):
    records.statistic()
    records.statistic(verified_on=datetime.date(2020, 1, 1), review_every_days=30)
    address = reverse("admin:investment_statistic_changelist")

    assert client.get(f"{address}?review=overdue").context["cl"].result_count == 1
    assert client.get(f"{address}?review=none").context["cl"].result_count == 1
