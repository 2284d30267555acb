"""brat standoff: a text (`.txt`) and what was tagged in it (`.ann`), in one folder an annotator.

After the manual of brat (brat.nlplab.org/standoff.html). The text is UTF-8. brat opens it with
universal line ends and leaves a byte order mark in it: offsets count a CRLF as one character and
the mark as another, unless the words in the annotations say that whoever wrote them did not. A
folder without a single `.ann` holds articles nobody looked at; a text without one beside others was
looked at, and is empty.

Events become relations: from the span of the trigger to that of each argument, named by its role
(`Theme2` is `Theme`, as in brat). Equivalences become relations from each member to the next.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from annotations.corpora.readers import plain
from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reason
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import (
    Annotated,
    Found,
    Loss,
    Reference,
    TaggedSpan,
    Tagging,
    annotator_of,
)
from annotations.exchange.formats.brat_lines import (
    Mark,
    counting_of,
    going_on,
    joined,
    marks_of,
    none_written,
)

NOBODY = "brat"
"""Who tagged what lies in no folder."""

_NUMBER = re.compile(r"[0-9]+$")


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text with its layer, in the order of their names; other files are passed over."""
    texts, marks, twice = _by_name(sources)
    looked_into = {_folder(name) for name in marks}
    for source in twice:
        yield source.refused(Reason("brat_twice", {"name": source.name[:200]}))
    for name in sorted(marks.keys() - texts.keys()):
        yield marks[name].refused(Reason("brat_no_text", {"name": f"{name}.txt"[:200]}))
    for name, source in sorted(texts.items()):
        found = _text(source)
        if isinstance(found, LineRefusal):
            yield found
        elif _folder(name) in looked_into:
            yield _Reading(found, name).annotated(marks.get(name))
        else:
            yield Annotated(found, [])


def _by_name(
    sources: Sequence[Source],
) -> tuple[dict[str, Source], dict[str, Source], list[Source]]:
    """Texts and annotations by their names without the ending, and what has a name once more."""
    kinds: dict[str, dict[str, Source]] = {".txt": {}, ".ann": {}}
    twice = []
    for source in sources:
        if source.suffix in kinds:
            name = str(PurePosixPath(source.name))[: -len(source.suffix)]
            if kinds[source.suffix].setdefault(name, source) is not source:
                twice.append(source)
    return kinds[".txt"], kinds[".ann"], twice


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _text(source: Source) -> ArticleDraft | LineRefusal:
    """The article of a text in UTF-8, in which brat alone reads it."""
    try:
        [found] = plain.read(Source(source.name, source.size, source.open, "utf-8"))
    except DAMAGED:
        return source.refused(Reason("zip_damaged"))
    if isinstance(found, LineRefusal) or found.encoding.startswith("utf-8"):
        return found
    mark = "\ufeff".encode(found.encoding.split()[0]).hex(" ").upper()
    return source.refused(Reason("undecodable", {"bytes": mark, "encoding": "UTF-8"}), line=1)


class _Reading:
    """One text with its annotations. Events are known by the spans of their triggers."""

    def __init__(self, draft: ArticleDraft, name: str) -> None:
        self._draft = draft
        self._losses: list[Loss] = []
        self._tagging = Tagging(annotator_of(name, NOBODY), draft.text, self._losses)
        self._triggers: dict[str, str] = {}
        self._taken: set[str] = set()

    def annotated(self, source: Source | None) -> Annotated:
        if source is not None:
            self._read(source)
        return Annotated(self._draft, [self._tagging.layer], self._losses)

    def _read(self, source: Source) -> None:
        marks = marks_of(source, self._losses)
        self._spans(marks["T"])
        for event in [mark for mark in marks["E"] if self._trigger(mark)]:
            self._arguments(event)
        for mark in marks["R"]:
            self._relation(mark)
        for mark in marks["*"]:
            self._equal(mark)
        for mark in marks["A"]:
            self._attribute(mark)
        for mark in marks["N"]:
            self._reference(mark)
        for mark in marks["#"]:
            self._note(mark)

    # --- spans --------------------------------------------------------------------------------

    def _spans(self, marks: Sequence[Mark]) -> None:
        text, has_mark = self._draft.text, self._draft.encoding.endswith("bom")
        counting = counting_of(text, marks, mark=has_mark)
        for mark in marks:
            bounds = mark.bounds()
            self._span(mark, [counting.piece(one) for one in bounds])

    def _span(self, mark: Mark, pieces: Sequence[tuple[int, int]]) -> None:
        whole = joined(pieces, self._draft.text)
        covered = "".join(self._draft.text[start:end] for start, end in whole) if mark.odd else ""
        said, odd = going_on(mark, covered)
        label = mark.body.partition(" ")[0]
        fewer = len(whole) < sum(start != end for start, end in pieces)
        if not pieces:
            self._lose_line(mark)
        elif self._tagging.span(mark.id, label, whole, mark.place, said=said) and fewer:
            shown = f"{label} {mark.id}"[:60]
            self._tagging.lose(mark.place, "brat_joined", kept=True, span=shown)
        self._losses += [none_written(one.text, one.place) for one in odd]

    # --- events and relations -----------------------------------------------------------------

    def _trigger(self, mark: Mark) -> bool:
        """Whether the event has a trigger, by whose span it is known from now on."""
        kind, _, trigger = (mark.parts() or [""])[0].partition(":")
        span = self._tagging.layer.spans.get(trigger)
        shown = f"{kind} {mark.id}"
        if not kind or not trigger:
            self._lose_line(mark)
        elif mark.id in self._triggers:
            self._tagging.lose(mark.place, "tagged_id_twice", id=shown)
        elif span is None:
            self._lose_dangling(mark, shown, trigger)
        else:
            self._compare(mark, kind, span)
            self._triggers[mark.id] = trigger
            self._taken.add(trigger)
            return True
        return False

    def _compare(self, mark: Mark, kind: str, span: TaggedSpan) -> None:
        """Say what a span cannot tell of an event: a type of its own, and that it is another."""
        event = f"{kind} {mark.id}"[:60]
        if kind != span.label:
            self._tagging.lose(
                mark.place, "brat_event_type", kept=True, event=event, label=span.label
            )
        if span.id in self._taken:
            self._tagging.lose(
                mark.place, "brat_event_shared", kept=True, event=event, trigger=span.id[:60]
            )

    def _arguments(self, mark: Mark) -> None:
        for argument in mark.parts()[1:]:
            role, _, target = argument.partition(":")
            if not role or not target:
                self._losses.append(none_written(f"{mark.id} {argument}", mark.place))
                continue
            kind = _NUMBER.sub("", role) or role
            if self._join(mark, kind, mark.id, target, f"{mark.id}:{argument}") and kind != role:
                self._tagging.lose(
                    mark.place, "brat_role", kept=True, role=f"{mark.id} {role}"[:60], kind=kind
                )

    def _relation(self, mark: Mark) -> None:
        kind, *arguments = mark.parts() or [""]
        ends = dict(argument.partition(":")[::2] for argument in arguments)
        if len(arguments) != 2 or len(ends) != 2 or not all(ends.values()):
            self._lose_line(mark)
            return
        roles = sorted(ends) if ends.keys() == {"Arg1", "Arg2"} else list(ends)
        self._join(mark, kind, ends[roles[0]], ends[roles[1]], mark.id)

    def _equal(self, mark: Mark) -> None:
        kind, *members = mark.parts() or [""]
        if len(members) < 2:
            self._lose_line(mark)
        for one, other in pairwise(members):
            self._join(mark, kind, one, other, f"*{kind}:{one}:{other}")

    def _join(self, mark: Mark, kind: str, source: str, target: str, id: str) -> bool:
        ends = (self._triggers.get(source, source), self._triggers.get(target, target))
        return self._tagging.relation(id, kind, *ends, mark.place) is not None

    # --- what is said of them -----------------------------------------------------------------

    def _attribute(self, mark: Mark) -> None:
        name, target, value = [*mark.body.split(" ", 2), "", ""][:3]
        owner = self._owner(target) or self._tagging.layer.relations.get(target)
        given = value.strip() or True
        if not name or not target:
            self._lose_line(mark)
        elif owner is None:
            self._lose_dangling(mark, f"{mark.id} {name}", target)
        elif name not in owner.attributes:
            self._tagging.attribute(owner, name, given, mark.place)
        elif owner.attributes[name] != given:
            shown = f"{name} {mark.id}"[:60]
            self._tagging.lose(mark.place, "brat_attribute", attribute=shown, owner=target[:60])

    def _reference(self, mark: Mark) -> None:
        kind, target, key = [*mark.body.split(" ", 2), "", ""][:3]
        database, colon, entry = key.strip().partition(":")
        span = self._owner(target)
        if not colon or not entry:
            self._lose_line(mark)
        elif span is None:
            self._lose_dangling(mark, f"{mark.id} {kind}", target)
        elif span.reference is not None:
            self._tagging.lose(mark.place, "brat_reference", span=target[:60], reference=key[:60])
        else:
            span.reference = Reference(database, entry, mark.words or "")

    def _note(self, mark: Mark) -> None:
        """A note stands with its span, else with the layer, so that its words are kept."""
        kind, _, target = mark.body.partition(" ")
        words = (mark.words or "").strip()
        span = self._owner(target)
        if mark.words is None:
            self._lose_line(mark)
        if not words:
            return
        if kind != "AnnotatorNotes":
            words = f"{kind}: {words}"
        if span is None and target:
            words = f"{target}: {words}"
        self._tagging.note(words, mark.place, about=span)

    def _owner(self, id: str) -> TaggedSpan | None:
        return self._tagging.layer.spans.get(self._triggers.get(id, id))

    def _lose_line(self, mark: Mark) -> None:
        self._losses.append(none_written(f"{mark.id} {mark.body}", mark.place))

    def _lose_dangling(self, mark: Mark, what: str, missing: str) -> None:
        self._tagging.lose(mark.place, "tagged_dangling", relation=what[:60], missing=missing[:60])
