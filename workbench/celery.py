"""The Celery app: it carries one task, the bell that says a job waits in the outbox."""

import os
from typing import Any

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workbench.settings")
# Django's checks import every screen; the web server and `make check` run them, a worker need not.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")


def transport_options(url: str) -> dict[str, Any]:
    """The options of the broker's transport. A bell may be lost (the sweeper rings again), so
    nobody may ever wait long for a broker that is down."""
    if url.startswith(("redis", "rediss", "valkey", "unix", "socket")):
        return {"socket_timeout": 5, "socket_connect_timeout": 0.5, "global_keyprefix": "kutip:"}
    return {"max_retries": 0, "interval_start": 0, "interval_max": 0.2}


app = Celery("workbench")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    task_ignore_result=True,
    task_acks_late=False,
    task_publish_retry=False,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=True,
    task_default_queue="kutip",
)
app.autodiscover_tasks(["annotations"])
