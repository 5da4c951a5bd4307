"""Every test of inquiries begins on the same working morning, far from the end of any window."""

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The clock, ticking: Tuesday, 24 November 2026, 10:10 in Zhaoqing."""
    time_machine.move_to("2026-11-24T02:10:00+00:00", tick=True)
    return time_machine


@pytest.fixture
def client_with_csrf() -> Client:
    """A browser whose forms are checked for where they come from."""
    return Client(enforce_csrf_checks=True)
