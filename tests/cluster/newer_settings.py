"""The next release: the same portal with one migration more."""

from cluster_site.settings import *  # noqa: F403
from cluster_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.cluster.newer"]
