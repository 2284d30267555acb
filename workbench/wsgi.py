"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbench.settings")
# A page that takes longer than this is a fault; jobs, which may, run elsewhere.
os.environ.setdefault("KUTIP_STATEMENT_TIMEOUT", "15s")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # the pages are read now: else whoever comes first waits for it
