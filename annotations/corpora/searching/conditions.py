"""What only the rows tell of an article: its day, its tags, its story, how far it is labelled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from annotations.corpora.models import UNDATED, Corpus
from annotations.corpora.searching.criteria import Criteria, bounds

_FEW = 2_000
"""Where a tag, a cluster or a state has no more articles, those are looked at and no others."""

UNASSIGNED = "unassigned"

STATUSES: Mapping[str, Sequence[str]] = {
    "waiting": ("waiting",),
    "open": ("open", "reopened"),
    "submitted": ("submitted",),
    "skipped": ("skipped",),
}
"""The states that articles are looked for by: somebody's pass over it has one of these statuses."""

IN_HANDS = ("waiting", "open", "reopened")
"""The statuses of a pass that its annotator can still change."""

DAY = "coalesce(a.published, %(undated)s)"

_TAGGED = "EXISTS (SELECT FROM article_tag u WHERE u.article_id = a.id AND u.tag_id = %s)"

_CLUSTERED = "EXISTS (SELECT FROM article_cluster u WHERE u.article_id = a.id AND u.cluster = %s)"

_LAYERS = """FROM assignment g JOIN campaign k ON k.id = g.campaign_id
  WHERE NOT k.hidden AND NOT g.withdrawn"""
"""What lies in the trash is not there, by itself or with its campaign."""

_WORKED = "AND (g.kind = 'annotator' OR g.status = 'submitted') AND g.status = ANY(%s)"
"""An adjudicator at work is no annotator: an article that is settled by now is labelled."""

_HAS_STATUS = f"EXISTS (SELECT {_LAYERS} AND g.article_id = a.id {_WORKED})"

_HAS_NONE = f"NOT EXISTS (SELECT {_LAYERS} AND g.article_id = a.id)"

_HELD = """EXISTS (SELECT FROM assignment g
  WHERE g.campaign_id = %s AND g.annotator_id = %s AND g.status = ANY(%s) AND g.kind = 'annotator'
    AND NOT g.withdrawn AND g.article_id = a.id)"""

_OF_TAG = "SELECT article_id FROM article_tag WHERE tag_id = %s"

_OF_CLUSTER = "SELECT article_id FROM article_cluster WHERE corpus_id = %s AND cluster = %s"

_OF_STATE = f"SELECT g.article_id {_LAYERS} AND g.corpus_id = %s {_WORKED}"

_OF_HANDS = """SELECT article_id FROM assignment
  WHERE campaign_id = %s AND annotator_id = %s AND status = ANY(%s) AND kind = 'annotator'
    AND NOT withdrawn"""

_FIRST_AND_LAST = f"""SELECT
  (SELECT a.published FROM article a WHERE a.corpus_id = %(corpus)s AND {DAY} > %(undated)s
    ORDER BY {DAY}, a.id LIMIT 1),
  (SELECT a.published FROM article a WHERE a.corpus_id = %(corpus)s AND {DAY} > %(undated)s
    ORDER BY {DAY} DESC, a.id DESC LIMIT 1)"""


def conditions(criteria: Criteria) -> tuple[list[str], list[Any]]:
    """What only the rows tell, as conditions over article `a`."""
    also: list[str] = []
    values: list[Any] = []
    since, until = bounds(criteria)
    for bound, sign in ((since, ">="), (until, "<=")):
        if bound is not None:
            also.append(f"a.published {sign} %s")
            values.append(bound)
    for key, condition in ((criteria.tag, _TAGGED), (criteria.cluster, _CLUSTERED)):
        if key is not None:
            also.append(condition)
            values.append(key)
    if criteria.state == UNASSIGNED:
        also.append(_HAS_NONE)
    elif criteria.state:
        also.append(_HAS_STATUS)
        values.append(list(STATUSES[criteria.state]))
    if criteria.hands is not None:
        also.append(_HELD)
        values += [criteria.hands.campaign, criteria.hands.person, list(IN_HANDS)]
    return also, values


def few(corpus: Corpus, criteria: Criteria) -> Sequence[int] | None:
    """The keys of all articles that can meet the criteria, where a tag, a cluster, a state or one
    person's hands leave no more than a few of them; None where they do not."""
    asked: list[tuple[str, list[Any]]] = []
    if criteria.hands is not None:
        held = [criteria.hands.campaign, criteria.hands.person, list(IN_HANDS)]
        asked.append((_OF_HANDS, held))
    if criteria.cluster is not None:
        asked.append((_OF_CLUSTER, [corpus.pk, criteria.cluster]))
    if criteria.tag is not None:
        asked.append((_OF_TAG, [criteria.tag]))
    if criteria.state in STATUSES:
        asked.append((_OF_STATE, [corpus.pk, list(STATUSES[criteria.state])]))
    for statement, values in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT {_FEW + 1}", values)
            keys = [key for (key,) in cursor.fetchall()]
        if len(keys) <= _FEW:
            return list(dict.fromkeys(keys))
    return None


def with_both_ends(corpus: Corpus, criteria: Criteria) -> Criteria:
    """A stretch of days that is open at one end ends with the corpus's first or last day."""
    if (criteria.since is None) is (criteria.until is None):
        return criteria
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_AND_LAST, {"corpus": corpus.pk, "undated": UNDATED})
        first, last = cursor.fetchone() or (None, None)
    if criteria.since is None and first is not None and criteria.until is not None:
        return replace(criteria, since=min(first.date(), criteria.until))
    if criteria.since is not None and last is not None:
        return replace(criteria, until=max(last.date(), criteria.since))
    return criteria
