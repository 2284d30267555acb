"""The bell: the one Celery task. It carries a job's id and nothing else; a bell that is lost
or rings twice does no harm, because the jobs table is the truth."""

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from annotations.jobs.models import Job
from annotations.jobs.running import execute

logger = logging.getLogger(__name__)


@shared_task(name="kutip.run_job", ignore_result=True)
def run_job(job_id: str) -> None:
    execute(UUID(job_id))


def ring(job_id: UUID) -> bool:
    """Tell the workers that this job waits. False where the broker does not answer: the
    sweeper rings again later, and nobody waits or fails because of it."""
    try:
        run_job.apply_async((str(job_id),), retry=False)
    except Exception as error:  # noqa: BLE001 - each transport has its own; none may fail a user
        logger.warning("no bell for job %s: %s", job_id, error)
        return False
    Job.objects.filter(pk=job_id).update(rung_at=timezone.now())
    return True
