"""What is asked for in a list of articles, and the tsquery that finds most of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

import msgspec

from annotations.corpora.searching.lexemes import STEM, quoted
from annotations.corpora.searching.lexemes import field as field_lexeme
from annotations.corpora.searching.query import Term, looked_up, told_by_its_text

_MONTHS = 24
"""A stretch of more months is looked up by its years."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The keys of a campaign and of a person who labels in it."""

    campaign: int
    person: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an article must be. Dates are days of publication in UTC, both included. `tag`,
    `cluster`: keys; `state`: a word of `finding.STATES`; `hands`: in whose it is, open or waiting
    for them; "" and None ask for nothing."""

    terms: Sequence[Term] = ()
    title: str = ""
    source: str = ""
    author: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None
    tag: int | None = None
    cluster: int | None = None
    state: str = ""
    hands: Hands | None = None

    def ask_for_something(self) -> bool:
        return replace(self, terms=tuple(self.terms)) != Criteria()

    def as_json(self) -> dict[str, object]:
        built: dict[str, object] = msgspec.to_builtins(self)
        return built

    @staticmethod
    def from_json(stored: Mapping[str, object]) -> "Criteria":
        """Return the criteria that `as_json` gave."""
        return msgspec.convert(stored, Criteria)


@dataclass(frozen=True, slots=True)
class Looked:
    """What of the criteria the index answers. `words`: a tsquery, "" for none; `dropped`: words of
    the query that are in nearly every article."""

    words: str
    dropped: Sequence[str] = field(default_factory=tuple)


Forms = Mapping[str, frozenset[str] | None]
"""The stems of every word of a query, in one or more languages; None for a stop word."""


def tsquery(criteria: Criteria, forms: Forms) -> Looked:
    """Return the tsquery of the criteria. Stop words are not looked up beside other words, unless
    they stand in quotation marks."""
    parts = [*_fields(criteria), *_days(criteria)]
    terms = [term for term in criteria.terms if not (term.without and told_by_its_text(term))]
    spare = [term for term in terms if _is_spare(term, forms)]
    if len(spare) == len(criteria.terms):
        spare = []
    for term in terms:
        if term not in spare:
            said = " & ".join(_word(word, begins, term, forms) for word, begins in looked_up(term))
            parts.append(f"!({said})" if term.without else said)
    return Looked(" & ".join(parts), tuple(term.words[0] for term in spare))


def _is_spare(term: Term, forms: Forms) -> bool:
    return not (term.exact or term.begins or term.without) and forms.get(term.words[0], ()) is None


def _word(word: str, begins: bool, term: Term, forms: Forms) -> str:
    if begins:
        return f"{quoted(word)}:*"
    if term.exact:
        return quoted(word)
    stems = sorted(forms.get(word) or ())
    said = dict.fromkeys((word, *stems, *(STEM + stem for stem in stems)))
    return f"({' | '.join(map(quoted, said))})"


def _fields(criteria: Criteria) -> Iterator[str]:
    for name in ("source", "author", "language"):
        value: str = getattr(criteria, name)
        if value:
            yield quoted(field_lexeme(name, value))


def _days(criteria: Criteria) -> Iterator[str]:
    """The months or years that a stretch of days touches, where it has a beginning and an end."""
    if criteria.since is None or criteria.until is None or criteria.since > criteria.until:
        return
    first, last = criteria.since, criteria.until
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= _MONTHS:
        numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        named = [f"#month={number // 12}-{number % 12 + 1:02}" for number in numbers]
    else:
        named = [f"#year={year}" for year in range(first.year, last.year + 1)]
    if len(named) <= 100:
        yield f"({' | '.join(quoted(day) for day in named)})"


def bounds(criteria: Criteria) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment that is asked for, or None for no bound."""
    since, until = criteria.since, criteria.until
    return (
        datetime.combine(since, time(), UTC) if since else None,
        datetime.combine(until, time.max, UTC) if until else None,
    )
