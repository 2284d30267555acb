"""The job of a registry: finding entities that may be the same."""

from annotations.jobs.registry import handles
from annotations.jobs.services import Running
from annotations.registry.duplicates import compare

COMPARE = "compare_names"


@handles(COMPARE)
def compare_names(job: Running) -> dict[str, object]:
    """Compare the names of a registry that are new or changed with all others. ``args``:
    ``registry`` (its key). Goes on where the last such job ended; the result counts them."""
    compared = compare(
        job.args["registry"],
        progress=lambda done, total: job.report(done, total),
        hold=job.hold,
    )
    return {"compared": compared}
