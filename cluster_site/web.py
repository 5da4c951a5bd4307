"""``python -m cluster_site.web``: the web server alone, where the worker is a unit of its own.

Becomes the server that the supervisor would start, so that a service manager watches granian
itself and its signals reach it: TERM ends it, HUP replaces its workers.
"""

import os
import sys

from django.conf import settings

from cluster_site.environment import SettingError
from cluster_site.supervisor import refuse_used_port, server_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_site.settings")
    try:
        command = server_command()
    except SettingError as error:
        sys.exit(f"Setting refused: {error}")
    os.chdir(settings.BASE_DIR)
    refuse_used_port(settings.SERVER_HOST, settings.SERVER_PORT)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
