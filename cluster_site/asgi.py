"""The door for ASGI servers. WSGI is what is tested and faster: every view is synchronous."""

import os
import sys

from django.core.asgi import get_asgi_application

from cluster_site.environment import SettingError
from cluster_site.statements import limit_statements
from core import read_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_site.settings")

try:
    application = get_asgi_application()
    limit_statements()
    read_only.enforce()
except SettingError as error:
    sys.exit(f"Setting refused: {error}")
