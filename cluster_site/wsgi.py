"""The door for application servers: ``cluster_site.wsgi:application``."""

import os
import sys
from dataclasses import asdict
from functools import partial

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from cluster_site.environment import SettingError
from cluster_site.statements import limit_statements
from core import read_only
from core.body_encoding import refuse_other_encodings
from core.metrics import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_site.settings")

try:
    django = refuse_other_encodings(get_wsgi_application())
    limit_statements()
    read_only.enforce()
except SettingError as error:
    sys.exit(f"Setting refused: {error}")

# It knows models, which can be imported only now that Django is set up.
from publishing.page_cache.application import PageCache

application = PageCache(django) if settings.PAGE_CACHE else django
if isinstance(application, PageCache):
    metrics.watch("page_cache", partial(asdict, application.counts))

# A page that is kept takes a few microseconds. By default it waits five milliseconds, again and
# again, for its turn while another thread makes a page (docs/decisions/0015).
sys.setswitchinterval(0.0005)
