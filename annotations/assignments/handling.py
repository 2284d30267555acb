"""What the jobs of a campaign begin with."""

from django.utils.translation import gettext as _

from annotations.assignments.models import Campaign
from annotations.jobs.services import Refused


def campaign_there(key: int) -> Campaign:
    """The campaign with this key, with its corpus, registry and schema. Raises Refused where it is
    in the trash, by itself or with its corpus, or not there any more."""
    found = Campaign.objects.select_related("corpus__registry", "schema").filter(pk=key).first()
    if found is None:
        raise Refused(_("This campaign is not there any more."))
    if found.hidden:
        raise Refused(_("This campaign is in the trash. Restore it, then try again."))
    return found
