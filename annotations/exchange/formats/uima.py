"""UIMA CAS, as INCEpTION, WebAnno and DKPro write it: XMI and JSON.

Read alike `webanno`: what has a place is a span, labelled by its type without the package, its
features are attributes; what has a `Governor` and a `Dependent` is a relation from one to the
other. A feature that leads to other spans is a relation named after the feature, through a link
(`role`, `target`) with what the link says as attributes. `next` of a chain takes the
`referenceRelation` along. Sentences and tokens are no spans, a token that a relation leads to
excepted; a DKPro `Dependency` joins the parts of speech of its tokens, where they have them, and
all kinds of these are labelled `POS`, as in WebAnno TSV. The text is that of the first view.

What Kutip writes says more: all that is known of the article, which spans are fragments of one, and
the entity that a span is linked to.

Offsets count UTF-16 units. In XMI all values are text; in JSON true and false are what they are.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePosixPath

from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Place, Reason, UnfitError
from annotations.corpora.readers.objects import objects_of
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats import uima_json, uima_xmi
from annotations.exchange.formats.annotated import (
    DATABASE,
    Annotated,
    Found,
    Link,
    Loss,
    Reference,
    TaggedSpan,
    Tagging,
    Utf16,
    article,
    lost,
)
from annotations.exchange.formats.uima_cas import (
    DOCUMENT,
    ENTITY,
    ENTITY_NAME,
    OWN_ARTICLE,
    OWN_PART,
    TOKEN_TYPE,
    Cas,
    Structure,
    is_passed_over,
)
from annotations.exchange.formats.uima_types import TYPES, Types, XmlError, nearest, types_of
from annotations.exchange.formats.webanno import names_of

NOBODY = "uima"
"""Who tagged what lies in no folder."""
MOST_LINKS = 250_000
"""Relations that are read of one document: few arrays can lead from many spans to many."""

_FROM, _TO = "Governor", "Dependent"
_CHAINED, _RELATING = "next", "referenceRelation"
_POS = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos."
_DEPENDENCY = "de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency."


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each document with its layer. Type systems are looked up, other files passed over."""
    known: dict[str, Types] = {}
    for source in sources:
        if PurePosixPath(source.name).name.lower() == TYPES:
            try:
                known[str(PurePosixPath(source.name).parent)] = types_of(source)
            except (UnfitError, *DAMAGED) as fault:
                yield _refused(source, fault)
    for source in sources:
        if source.suffix in uima_xmi.ENDINGS:
            yield _of_xmi(source, nearest(known, source.name))
        elif source.suffix in uima_json.ENDINGS:
            yield from _of_json(source)


def _of_xmi(source: Source, types: Types) -> Found:
    losses: list[Loss] = []
    try:
        cas = uima_xmi.cas_of(source, types, losses)
    except (UnfitError, *DAMAGED) as fault:
        return _refused(source, fault)
    return _Reading(cas, source, Place(source.name, 1, 0), losses).found()


def _of_json(source: Source) -> Iterator[Found]:
    for item in objects_of(source):
        losses: list[Loss] = []
        cas = uima_json.cas_of(item, losses)
        if item.fault:
            yield item.refused()
        elif cas is None:
            yield LineRefusal(item.place, Reason("uima_none"), item.encoding)
        else:
            yield _Reading(cas, source, item.place, losses).found()


def _refused(source: Source, fault: Exception) -> LineRefusal:
    if isinstance(fault, XmlError):
        return source.refused(fault.reason, line=fault.line, byte=fault.offset)
    if isinstance(fault, UnfitError):
        return source.refused(fault.reason, byte=fault.offset)
    return source.refused(Reason("zip_damaged"))


class _Reading:
    """One document."""

    def __init__(self, cas: Cas, source: Source, place: Place, losses: list[Loss]) -> None:
        self._cas, self._source, self._place, self._losses = cas, source, place, losses
        self._view = next((id for id, text in cas.texts.items() if text), "")

    def found(self) -> Found:
        if not self._view:
            return LineRefusal(self._place, Reason("uima_none"), self._cas.encoding)
        annotator, title = names_of(self._source, NOBODY)
        try:
            draft = self._article(title)
        except UnfitError as unfit:
            return LineRefusal(self._place, unfit.reason, self._cas.encoding)
        tagging = Tagging(annotator, draft.text, self._losses)
        self._tag(tagging, Utf16(draft.text))
        return Annotated(draft, [tagging.layer], self._losses)

    def _article(self, title: str) -> ArticleDraft:
        """The article, with what is said of the document. Raises UnfitError.

        INCEpTION writes who exported it as the id: it counts where it is that of the title."""
        text = self._cas.texts[self._view]
        if own := self._first(OWN_ARTICLE):
            record: dict[str, object] = {**own.values, "text": text}
            return article(record, self._place, self._cas.encoding, self._losses)
        about = self._first(DOCUMENT)
        said = about.values if about else {}
        record = {"text": text}
        known, id = str(said.get("documentTitle", "")), str(said.get("documentId", ""))
        record["title"] = known or title
        if id and (not known or id in (known, PurePosixPath(known).stem)):
            record["external_id"] = id
        return article(record, self._place, self._cas.encoding, self._losses)

    def _first(self, type: str) -> Structure | None:
        return next((one for one in self._cas.structures.values() if one.type == type), None)

    # --- spans and relations ------------------------------------------------------------------

    def _tag(self, tagging: Tagging, utf16: Utf16) -> None:
        shown = [one for one in self._cas.structures.values() if self._is_shown(one)]
        parts = _parts(shown)
        own = {part.id for of in parts.values() for part in of}
        for one in shown:
            if not (_is_relation(one) or one.id in own):
                self._span(tagging, utf16, one, parts.get(one.id, ()))
        links = list(islice(self._links(shown), MOST_LINKS + 1))
        if len(links) > MOST_LINKS:
            tagging.lose(links.pop().place, "uima_links", limit=MOST_LINKS)
        for link in links:
            for end in (link.source, link.target):
                token = self._cas.structures.get(end)
                if token and token.type == TOKEN_TYPE and end not in tagging.layer.spans:
                    self._span(tagging, utf16, token)
        tagging.join(links)

    def _is_shown(self, one: Structure) -> bool:
        """Whether it is a span or a relation of the text; the losses name what is about another
        text, or about none."""
        if is_passed_over(one.type):
            return False
        if one.has_place and one.sofa in (self._view, ""):
            return True
        if one.sofa and not one.references:
            code = "uima_view" if one.has_place else "uima_whole"
            self._losses.append(_lost(one, code))
        return False

    def _span(
        self, tagging: Tagging, utf16: Utf16, one: Structure, parts: Sequence[Structure] = ()
    ) -> None:
        at = utf16.code_points
        bounds = [(at(piece.begin or 0), at(piece.end or 0)) for piece in (one, *parts)]
        span = tagging.span(one.id, _label(one), bounds, one.place)
        if span is None:
            return
        _refer(span, one)
        for name, value in one.values.items():
            chained = name == _RELATING and _CHAINED in one.references
            if not (chained or (span.reference and name in (ENTITY, ENTITY_NAME))):
                tagging.attribute(span, name, value, one.place)
        for name, ids in one.references.items():
            if words := self._words(ids):
                tagging.attribute(span, name, words, one.place)

    def _words(self, ids: Sequence[str]) -> str | None:
        """What a list of values says, if the feature leads to one."""
        one = self._cas.structures.get(ids[0]) if len(ids) == 1 else None
        return one.words if one else None

    def _links(self, shown: Sequence[Structure]) -> Iterator[Link]:
        for one in shown:
            if _joins_parts(one):
                continue
            if _is_relation(one):
                ends = [self._joined(one, one.references[side][0]) for side in (_FROM, _TO)]
                if one.references.keys() - {_FROM, _TO}:
                    self._losses.append(_lost(one, "uima_ends", kept=True))
                yield Link(one.name, ends[0], ends[1], one.place, one.values)
                continue
            for name, ids in one.references.items():
                if self._words(ids) is None:
                    yield from self._led(one, name, ids)

    def _led(self, one: Structure, name: str, ids: Sequence[str]) -> Iterator[Link]:
        """Where a feature leads."""
        for target, values in self._cas.led_to(ids):
            if name == _CHAINED and _RELATING in one.values:
                values = {_RELATING: one.values[_RELATING]}
            yield Link(name, one.id, target, one.place, values)

    def _joined(self, one: Structure, id: str) -> str:
        """The end of a relation; that of a DKPro dependency is the part of speech of its token."""
        token = self._cas.structures.get(id)
        if token and one.type.startswith(_DEPENDENCY):
            return next(iter(token.references.get("pos", [])), id)
        return id


def _is_relation(one: Structure) -> bool:
    return bool(one.references.get(_FROM) and one.references.get(_TO))


def _joins_parts(one: Structure) -> bool:
    return one.type == OWN_PART and _is_relation(one)


def _parts(shown: Sequence[Structure]) -> dict[str, list[Structure]]:
    """The further fragments of spans, by the id of the first."""
    spans = {one.id: one for one in shown if not _is_relation(one)}
    parts: dict[str, list[Structure]] = {}
    joined: set[str] = set()
    for one in shown:
        if not _joins_parts(one):
            continue
        first, part = (spans.get(one.references[side][0]) for side in (_FROM, _TO))
        if first is None or part is None or first is part:
            continue
        if not (first.id in joined or part.id in joined or part.id in parts):
            parts.setdefault(first.id, []).append(part)
            joined.add(part.id)
    return parts


def _refer(span: TaggedSpan, one: Structure) -> None:
    """The span is linked to the entity that the structure names."""
    if given := one.values.get(ENTITY):
        span.reference = Reference(DATABASE, str(given), str(one.values.get(ENTITY_NAME, "")))


def _label(one: Structure) -> str:
    return "POS" if one.type.startswith(f"{_POS}POS_") else one.name


def _lost(one: Structure, code: str, *, kept: bool = False) -> Loss:
    return lost(one.place, code, kept=kept, structure=f"{one.name} {one.id}"[:60])
