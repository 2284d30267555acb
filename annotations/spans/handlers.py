"""The job that counts how often the entities of a registry are mentioned."""

from django.utils.translation import gettext as _

from annotations.jobs.registry import handles
from annotations.jobs.services import Refused, Running
from annotations.registry.models import Registry
from annotations.spans.uses import count

COUNT = "count_uses"


@handles(COUNT)
def count_uses(job: Running) -> dict[str, object]:
    """Count the mentions of a registry's entities anew. ``args``: ``registry`` (its key). The
    result counts the entities that are mentioned."""
    registry = Registry.objects.filter(pk=job.args["registry"]).first()
    if registry is None:
        raise Refused(_("This registry is not there any more."))
    job.report(0)
    return {"used": count(registry, hold=job.hold)}
