"""The door for application servers: ``cluster_site.wsgi:application``."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from cluster_site.environment import SettingError
from cluster_site.statements import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_site.settings")

try:
    application = get_wsgi_application()
    limit_statements()
except SettingError as error:
    sys.exit(f"Setting refused: {error}")
