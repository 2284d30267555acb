"""Write down who did what. The caller's transaction carries it."""

from django.db.models import Model

from annotations.accounts.models import User
from annotations.history.models import Event


def record(verb: str, thing: Model | None = None, *, by: User | None, **data: object) -> Event:
    """One event is in the history: `by` did `verb` to `thing`."""
    return Event.objects.create(
        verb=verb,
        thing=thing._meta.db_table if thing else "",
        thing_id=str(thing.pk) if thing else "",
        by=by,
        data=data,
    )
