"""Annotations of another tool into a corpus: its articles, a campaign for them, their layers.

Four steps, each of which may be done again: the articles are loaded, the layers are written as
kutip/1 under the schema that was decided, a campaign is made where none was chosen, and its layers
are loaded as any others are (`annotations.exchange.incoming`).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.corpora import copying
from annotations.corpora.models import Article, Corpus
from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Place, Reason
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats import detecting, kutip
from annotations.exchange.formats.annotated import Annotated, Found, Loss, TaggedLayer
from annotations.exchange.mapping import Decisions, Mapper, Over, What
from annotations.exchange.reasons import sentence
from annotations.exchange.records import (
    FORMAT,
    OFFSET_UNIT,
    ArticleRecord,
    EntityRecord,
    LayerRecord,
    Line,
    SchemaRecord,
)
from annotations.schema.spec import Spec

_AT_ONCE = 200

Record = Callable[[dict[str, object]], None]
Told = Callable[[int, int], None]
"""Told how many bytes were read, of how many. May raise, to stop."""


class NotAnnotated(ValueError):
    """The files hold no annotations that Kutip reads; the message says so, for people."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Files of one format, those inside archives too, and what could not be opened."""

    format: str
    sources: Sequence[Source]
    refused: Sequence[LineRefusal]

    def found(self, told: Told) -> Iterator[Found]:
        """What they hold, in order. Progress is told by the files that are behind."""
        yield from self.refused
        size = {source.name: source.size for source in self.sources}
        total, done, last = sum(size.values()), 0, ""
        for one in detecting.FORMATS[self.format](self.sources):
            place = one.draft.place if isinstance(one, Annotated) else one.place
            if place.file != last:
                done += size.pop(last, 0)
                last = place.file
            told(min(total, done + place.byte), total)
            yield one
        told(total, total)

    def readings(self, told: Told) -> Iterator[ArticleDraft]:
        """The articles alone: `Writing` tells of those that were refused. An id that several of
        their texts have tells none of them apart: all but the first have it in their metadata
        only."""
        texts: dict[str, bytes] = {}
        for one in self.found(told):
            if isinstance(one, Annotated):
                yield _told_apart(one.draft, texts)


def _told_apart(draft: ArticleDraft, texts: dict[str, bytes]) -> ArticleDraft:
    if draft.external_id is None:
        return draft
    text = sha256(draft.utf8).digest()
    if texts.setdefault(draft.external_id, text) == text:
        return draft
    return replace(draft, external_id=None, metadata={**draft.metadata, "id": draft.external_id})


def opened(files: Sequence[Source], stack: ExitStack) -> Opened:
    """The files as one format; `stack` keeps archives open. Raises NotAnnotated."""
    unpacked = kinds.unpacked(files, stack)
    sources = [one for one in unpacked if isinstance(one, Source)]
    refused = [one for one in unpacked if isinstance(one, LineRefusal)]
    format = detecting.detect(sources)
    if format == detecting.KUTIP:
        raise NotAnnotated(
            _("This is kutip/1. Open the campaign it belongs to, and load its layers there.")
        )
    if format is None:
        raise NotAnnotated(
            _(
                "No annotations of a kind that Kutip reads were found. Articles alone are loaded with"
                " “Load articles”."
            )
        )
    return Opened(format, sources, refused)


@dataclass(slots=True)
class Written:
    """What stands in the file of layers: whose, how many on the article that has most; and what
    does not, counted by code or by what it was and its name in the files."""

    people: list[str] = field(default_factory=list)
    overlap: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[What, str]] = field(default_factory=Counter)


class Writing:
    """Writes the layers over articles of one corpus as lines of kutip/1 to a file.

    `record` gets everything that could not be taken as it is, with its place and its sentence.
    """

    def __init__(self, corpus: Corpus, decisions: Decisions, spec: Spec, record: Record) -> None:
        self._corpus, self._spec, self._record = corpus, spec, record
        self._mapper = Mapper(decisions, spec)
        self._at = timezone.now().isoformat()
        self._seen: set[tuple[bytes, str]] = set()
        self._people: dict[str, str] = {}
        self._layers_on: Counter[bytes] = Counter()
        self._written = Written()

    def write(self, found: Iterator[Found], to: Path) -> Written:
        """All of it is in the file. Articles that the corpus does not have are lost, and named."""
        with to.open("wb") as file:
            batch: list[Annotated] = []
            for one in found:
                if isinstance(one, LineRefusal):
                    self._lose(Loss(one.place, one.reason))
                    continue
                batch.append(one)
                if len(batch) >= _AT_ONCE:
                    file.write(self._lines(batch))
                    batch = []
            file.write(self._lines(batch))
        written = self._written
        written.left_out = self._mapper.left_out
        written.people = sorted(self._people.values())
        written.overlap = max(self._layers_on.values(), default=0)
        return written

    def _lines(self, batch: Sequence[Annotated]) -> bytes:
        fresh = [
            copying.fresh(one.draft, title_in_text=self._corpus.title_in_text) for one in batch
        ]
        wanted = [one.sha256 for one in fresh]
        there = Article.objects.filter(corpus=self._corpus, sha256__in=wanted, withdrawn_at=None)
        known = {bytes(sha256) for sha256 in there.values_list("sha256", flat=True)}
        lines = bytearray()
        for one, article in zip(batch, fresh, strict=True):
            for loss in one.losses:
                self._lose(loss)
            if article.sha256 not in known:
                self._lose(Loss(one.draft.place, Reason("tagged_article_missing")))
                continue
            if line := self._line(one, article):
                kutip.write(line, lines)
        return bytes(lines)

    def _line(self, one: Annotated, article: copying.Fresh) -> Line | None:
        shift = len(article.text) - len(one.draft.text)
        over = Over(article.text, article.sha256.hex(), shift, self._at)
        layers: list[LayerRecord] = []
        entities: dict[str, EntityRecord] = {}
        for tagged in one.layers:
            if not self._is_first(tagged, article.sha256, one.draft.place):
                continue
            layer, linked = self._mapper.layer(tagged, over)
            layers.append(layer)
            entities |= {entity.id: entity for entity in linked}
        return _line(article, self._spec, layers, list(entities.values())) if layers else None

    def _is_first(self, tagged: TaggedLayer, sha256: bytes, place: Place) -> bool:
        person = self._mapper.person(tagged.annotator)
        if (sha256, person.casefold()) in self._seen:
            self._lose(Loss(place, Reason("tagged_layer_twice", {"name": tagged.annotator})))
            return False
        self._seen.add((sha256, person.casefold()))
        self._people.setdefault(person.casefold(), person)
        self._layers_on[sha256] += 1
        return True

    def _lose(self, loss: Loss) -> None:
        counts = self._written.changed if loss.kept else self._written.lost
        counts[loss.reason.code] += 1
        reason = loss.reason
        self._record(
            {
                **asdict(loss.place),
                "outcome": "changed" if loss.kept else "left out",
                "code": reason.code,
                "reason": sentence(reason.code, reason.values),
            }
        )


def _line(
    article: copying.Fresh,
    spec: Spec,
    layers: Sequence[LayerRecord],
    entities: Sequence[EntityRecord],
) -> Line:
    """A line with what a load reads of it: of the article, its text."""
    described = ArticleRecord(
        author="",
        external_id=None,
        id="",
        language="",
        metadata={},
        published=None,
        sha256=article.sha256.hex(),
        source="",
        text=article.text,
        title="",
        url="",
    )
    schema = SchemaRecord(spec.key, spec.version)
    return Line(described, entities, FORMAT, layers, OFFSET_UNIT, schema)
