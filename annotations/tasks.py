"""The index of tasks, for Celery: the one bell, and the handlers the rooms registered."""

from annotations.adjudication import handlers as adjudication
from annotations.agreement import handlers as agreement
from annotations.corpora import handlers as corpora
from annotations.exchange import annotated_handlers as annotated
from annotations.exchange import handlers as exchange
from annotations.exchange import registry_handlers as registries
from annotations.jobs.bell import run_job
from annotations.registry import handlers as names
from annotations.spans import handlers as uses

__all__ = [
    "adjudication",
    "agreement",
    "annotated",
    "corpora",
    "exchange",
    "names",
    "registries",
    "run_job",
    "uses",
]
