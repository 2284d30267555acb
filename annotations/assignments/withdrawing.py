"""Articles withdrawn and restored with what hangs on them: nobody is given them meanwhile, and every
layer over them waits as it is."""

from collections.abc import Sequence

from django.db import transaction

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.corpora import withdrawing
from annotations.corpora.models import Corpus


@transaction.atomic
def withdraw(corpus: Corpus, articles: Sequence[int], *, reason: str, by: User | None) -> int:
    """Those of the articles that are in the corpus are in its trash. Returns how many."""
    keys = withdrawing.withdraw(corpus, articles, reason=reason, by=by)
    Assignment.objects.filter(article__in=keys).update(withdrawn=True)
    return len(keys)


@transaction.atomic
def restore(corpus: Corpus, articles: Sequence[int], *, by: User | None) -> withdrawing.Restored:
    """Those of the articles that are in the trash are in the corpus again, and can be labelled."""
    restored = withdrawing.restore(corpus, articles, by=by)
    Assignment.objects.filter(article__in=list(restored.articles)).update(withdrawn=False)
    return restored
