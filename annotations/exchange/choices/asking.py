"""A choice asked of one campaign: refused where it names what is not there, with a sentence; else
the articles it means, and the parts they fall into."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from annotations.accounts.models import User
from annotations.assignments.models import Campaign
from annotations.corpora.models import Tag
from annotations.corpora.searching.conditions import STATUSES
from annotations.corpora.searching.criteria import Criteria
from annotations.corpora.searching.models import ArticleCluster
from annotations.corpora.searching.query import TooManyTerms, parse
from annotations.corpora.searching.search import Search, is_searchable
from annotations.corpora.searching.walking import Span
from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.record import NO_LAYERS, SHARES, Articles, Choice, Split, read
from annotations.exchange.choices.splitting import Told, parted
from annotations.exchange.members import keys_of, members
from annotations.exchange.outgoing import SUBMITTED, WITH_OPEN
from annotations.exchange.records import BARE_FORMAT, FORMAT
from annotations.schema.services import spec_of
from annotations.schema.spec import Attribute, Label, RelationType, Spec
from annotations.text.gate import refuse_line

_AT_ONCE = 1_000
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]*)`")

_TOLD = """
SELECT a.id, a.source, a.language, c.cluster
  FROM article a LEFT JOIN article_cluster c ON c.article_id = a.id WHERE a.id = ANY(%s)
"""


class BadChoice(ValueError):
    """Something was chosen that is not there, or cannot be chosen. The message is for people."""


def choice_of(document: object) -> Choice:
    """The choice that a document says. Raises BadChoice."""
    try:
        choice = read(document)
    except msgspec.ValidationError as fault:
        if unknown := _UNKNOWN_FIELD.search(str(fault)):
            message = _("There is nothing called “%(name)s” that could be chosen.")
            raise BadChoice(message % {"name": unknown[1][:80]}) from fault
        said = str(fault).partition(" - at ")[0]
        if said in (SHARES, NO_LAYERS):
            raise BadChoice(_(said)) from fault
        message = _("This cannot be chosen: %(detail)s.")
        raise BadChoice(message % {"detail": str(fault)[:300]}) from fault
    for words in _words_of(document):
        if bad := refuse_line(words):
            message = _("What is chosen may not hold %(character)s.")
            raise BadChoice(message % {"character": bad.character})
    return choice


def _words_of(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _words_of(each)


def check(choice: Choice, campaign: Campaign) -> None:
    """All that the choice names is there. Raises BadChoice. Few queries."""
    spec = spec_of(campaign.schema_id)
    schema = f"{spec.key}@{spec.version}"
    _refuse(
        _("The schema %(owner)s has no label “%(name)s”."),
        *(choice.labels, {label.key for label in spec.labels}, schema),
    )
    _refuse(
        _("The schema %(owner)s has no attribute “%(name)s”."),
        *(choice.attributes, set(attributes_of(spec)), schema),
    )
    _refuse(
        _("The schema %(owner)s has no relation “%(name)s”."),
        *(choice.relations, {relation.key for relation in spec.relations}, schema),
    )
    if choice.annotators:
        here = Q(assignments__campaign=campaign) | Q(campaigns=campaign)
        known = User.objects.filter(here, username__in=choice.annotators)
        _refuse(
            _("Nobody called “%(name)s” labels in %(owner)s."),
            *(choice.annotators, set(known.values_list("username", flat=True)), campaign.slug),
        )
    _criteria(choice.articles, campaign)


def attributes_of(spec: Spec) -> dict[str, Attribute]:
    """Every attribute of labels and relations by its key."""
    owners: list[Label | RelationType] = [*spec.labels, *spec.relations]
    return {each.key: each for owner in owners for each in owner.attributes}


def found_by(choice: Choice, campaign: Campaign, progress: Callable[[], None]) -> list[bytes]:
    """The members (see `members`) that the choice means. To be called inside a snapshot. Raises
    BadChoice where there are none, or where articles cannot be searched yet."""
    asked = choice.articles
    if choice.needs_search and not is_searchable(campaign.corpus):
        raise BadChoice(
            _("New articles are still being made searchable. Try again in a little while.")
        )
    found = members(
        campaign,
        WITH_OPEN if choice.include_open else SUBMITTED,
        articles=_keys(campaign, _criteria(asked, campaign), progress)
        if asked.are_searched
        else None,
        state=STATUSES[asked.state] if asked.state else (),
    )
    if not found and asked == Articles():
        raise BadChoice(_("There is nothing to export: the campaign has no articles yet."))
    if not found:
        raise BadChoice(
            _("No article of the campaign is what was asked for: nothing was exported.")
        )
    return found


def parts_of(found: Sequence[bytes], split: Split) -> Mapping[str, str]:
    """The part of each of these members, by the public id of its article."""
    keys = keys_of(found)
    parts = parted(_told(keys), split)
    return {str(UUID(bytes=uuid)): part for uuid, part in parts.items()}


def hiding_of(choice: Choice, campaign: Campaign) -> Hiding | None:
    """The pseudonyms of a campaign: the same in each of its exports, others in another campaign."""
    return pseudonyms(campaign) if choice.pseudonyms else None


def pseudonyms(campaign: Campaign) -> Hiding:
    salt = "annotations.exchange.pseudonyms"
    return Hiding(salted_hmac(salt, campaign.slug, algorithm="sha256").digest())


def shown_choice(choice: Choice, campaign: Campaign) -> dict[str, Any]:
    """The document of a choice, as it may stand beside the file: nobody is named there whom the file
    does not name."""
    hiding = hiding_of(choice, campaign)
    if hiding and choice.annotators:
        hidden = tuple(sorted(map(hiding.name, choice.annotators)))
        choice = msgspec.structs.replace(choice, annotators=hidden)
    return choice.document()


def format_of(choice: Choice) -> str:
    return FORMAT if choice.text else BARE_FORMAT


def _criteria(articles: Articles, campaign: Campaign) -> Criteria:
    """What is asked of articles, but their state: of that only this campaign's own layers tell."""
    try:
        terms = parse(articles.words)
    except TooManyTerms as refused:
        raise BadChoice(_("Too many words are looked for at once.")) from refused
    if articles.words.strip() and not terms:
        raise BadChoice(_("There is no word in this that could be looked for."))
    return Criteria(
        terms=tuple(terms),
        title=articles.title.strip(),
        source=articles.source.strip(),
        author=articles.author.strip(),
        language=articles.language,
        since=articles.since,
        until=articles.until,
        tag=_tag(articles.tag, campaign),
        cluster=_story(articles.cluster, campaign),
    )


def _story(key: int | None, campaign: Campaign) -> int | None:
    if key is None:
        return None
    if not ArticleCluster.objects.filter(corpus=campaign.corpus_id, cluster=key).exists():
        message = _("In this corpus no two articles tell the story %(key)s.")
        raise BadChoice(message % {"key": key})
    return key


def _tag(name: str, campaign: Campaign) -> int | None:
    if not name:
        return None
    tag = Tag.objects.filter(corpus=campaign.corpus_id, name=" ".join(name.split())).first()
    if tag is None:
        message = _("The corpus has no tag “%(name)s”.")
        raise BadChoice(message % {"name": name[:80]})
    return tag.pk


def _keys(campaign: Campaign, criteria: Criteria, progress: Callable[[], None]) -> list[int]:
    """The keys of all articles of the corpus that meet the criteria."""
    search = Search(campaign.corpus, criteria)
    keys: list[int] = []
    after = 0
    while True:
        some = search.keys(Span(after, search.last), _AT_ONCE)
        keys += some.keys
        progress()
        after = some.keys[-1] if len(some.keys) == _AT_ONCE else some.stopped
        if not after:
            break
    with connection.cursor() as cursor:
        # the search turned this off for its own queries, until the end of the transaction
        cursor.execute("SET LOCAL enable_seqscan = on")
    return keys


def _told(keys: Mapping[int, bytes]) -> Iterable[Told]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(keys)])
        for key, source, language, cluster in cursor.fetchall():
            yield Told(keys[key], source, language, cluster)


def _refuse(sentence: str, chosen: Sequence[str] | None, known: set[str], owner: str) -> None:
    for name in chosen or ():
        if name not in known:
            raise BadChoice(sentence % {"owner": owner, "name": name[:80]})
