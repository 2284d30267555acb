"""REFI-QDA project exchange (.qdpx), as ATLAS.ti, MAXQDA, NVivo, QualCoder and others write it.

A ZIP with a `project.qde` and a folder `sources`; such a ZIP unpacked and packed again is read, too.
Each text is an article, that of a PDF where it has one; each coding of a selection is a span of who
made it. A code is its label: by its own name where no other code has it, else by its whole path,
which is always the attribute `path` of spans of a code below another. Memos are notes of the spans,
what is said of the whole text a note of the article, values of variables its metadata.

How positions count is found out for the whole project (`qda_counting`), so texts are read twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property, lru_cache

from annotations.corpora.readers import archive, plain
from annotations.corpora.readers.archive import DAMAGED
from annotations.corpora.readers.drafts import ArticleDraft, LineRefusal, Reason, UnfitError
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Annotated, Found, Loss, article, lost
from annotations.exchange.formats.qda_codebook import Codebook
from annotations.exchange.formats.qda_counting import Ballot, Text
from annotations.exchange.formats.qda_layers import Layers, bounds_of
from annotations.exchange.formats.qda_project import Project, TextSource
from annotations.exchange.formats.qda_xml import ProjectError, project_of
from annotations.limits import LIMITS

ENDINGS = (".qdpx", ".qde")
_INTERNAL = "internal://"
_NOTES_KEPT = 256


def read(sources: Sequence[Source]) -> Iterator[Found]:
    """Yield each text of each project with its layers; files of no project are passed over."""
    beside = [source for source in sources if source.suffix != ".qdpx"]
    yield from _projects(beside, {})
    for source in sources:
        if source.suffix == ".qdpx":
            with ExitStack() as opened:
                yield from _packed(source, opened)


def _packed(source: Source, opened: ExitStack) -> Iterator[Found]:
    members = list(archive.members(source, opened))
    refused = {one.place.file: one for one in members if isinstance(one, LineRefusal)}
    inside = [one for one in members if isinstance(one, Source)]
    for name, one in refused.items():
        if name == source.name or name.lower().endswith(".qde"):
            yield one
    if not refused and not any(one.suffix == ".qde" for one in inside):
        yield source.refused(Reason("qda_none"))
    yield from _projects(inside, refused)


def _projects(files: Sequence[Source], refused: Mapping[str, LineRefusal]) -> Iterator[Found]:
    for source in files:
        if source.suffix == ".qde":
            try:
                project = project_of(source)
            except ProjectError as fault:
                yield source.refused(fault.reason, line=fault.line, byte=fault.offset)
            except DAMAGED:
                yield source.refused(Reason("zip_damaged"))
            else:
                yield from _Reading(project, _Texts(source, files, refused)).found()


class _Texts:
    """The texts of a project, each read when it is asked for, none from outside of the project."""

    def __init__(
        self, project: Source, files: Iterable[Source], refused: Mapping[str, LineRefusal]
    ) -> None:
        folder = project.name.rpartition("/")[0]
        self._folder = f"{folder}/sources/" if folder else "sources/"
        self._files = {one.name.lower(): one for one in files}
        self._refused = {name.lower(): one for name, one in refused.items()}

    def of(self, text: TextSource) -> tuple[Text, str] | LineRefusal:
        """The text and how it was encoded ("" for one that stands in the XML)."""
        if not text.path:
            return self._inside(text)
        if not text.path.startswith(_INTERNAL):
            return _refused(text, "qda_outside", path=text.path)
        name = f"{self._folder}{text.path.removeprefix(_INTERNAL).lstrip('/')}".lower()
        if name in self._refused:
            return self._refused[name]
        if name not in self._files:
            return _refused(text, "qda_missing", path=text.path)
        return self._read(self._files[name])

    def _inside(self, text: TextSource) -> tuple[Text, str] | LineRefusal:
        if text.content is None:
            return _refused(text, "qda_formatted" if text.formatted else "qda_no_text")
        return Text(text.content, inline=True), ""

    def _read(self, source: Source) -> tuple[Text, str] | LineRefusal:
        try:
            [found] = plain.read(source)
        except DAMAGED:
            return source.refused(Reason("zip_damaged"))
        if isinstance(found, LineRefusal):
            return found
        return Text(found.text, mark=" bom" in found.encoding), found.encoding


def _refused(text: TextSource, code: str, path: str = "") -> LineRefusal:
    name = (text.name or text.guid)[:200]
    return LineRefusal(text.place, lost(text.place, code, name=name, path=path[:200]).reason)


class _Reading:
    """One project."""

    def __init__(self, project: Project, texts: _Texts) -> None:
        self._project, self._texts = project, texts
        self._book = Codebook(project)
        self._said = lru_cache(_NOTES_KEPT)(self._note)

    def found(self) -> Iterator[Found]:
        """The articles; what the project holds beside them is lost with the first."""
        beside = self._beside()
        for text in self._project.texts:
            one = self._found(text)
            if isinstance(one, Annotated) and beside:
                one = Annotated(one.draft, one.layers, [*beside, *one.losses])
                beside = []
            yield one
        for loss in beside:
            yield LineRefusal(loss.place, loss.reason, self._project.encoding)
        if not self._project.texts:
            yield LineRefusal(self._project.place, Reason("qda_empty"), self._project.encoding)

    def _beside(self) -> list[Loss]:
        """What is nowhere held, counted; a note counts when nothing that is read refers to it."""
        project = self._project
        for place in self._book.unread:
            project.leave("Note", place)
        for place in self._book.unfollowed:
            project.leave("Link", place)
        return [
            lost(place, "qda_beside", count=count, what=what)
            for what, (count, place) in project.beside.items()
        ]

    def _found(self, one: TextSource) -> Found:
        read = self._texts.of(one)
        if isinstance(read, LineRefusal):
            return read
        text, encoding = read
        losses: list[Loss] = []
        try:
            draft = self._article(one, text.words, encoding or self._project.encoding, losses)
        except UnfitError as unfit:
            return LineRefusal(one.place, unfit.reason, self._project.encoding)
        layers = Layers(self._book, one, text, self._ballot, self._said, losses)
        return Annotated(draft, layers.read(), losses)

    def _article(
        self, one: TextSource, words: str, encoding: str, losses: list[Loss]
    ) -> ArticleDraft:
        known = self._project.variables
        values = {known.get(id) or id: value for id, value in one.values.items() if value.strip()}
        if one.words.strip():
            values.setdefault("Description", one.words)
        record: dict[str, object] = {"text": words, "title": one.name}
        return article(
            record | ({"metadata": values} if values else {}), one.place, encoding, losses
        )

    @cached_property
    def _ballot(self) -> Ballot:
        ballot = Ballot(self._project.origin)
        for one in self._project.texts:
            read = self._texts.of(one) if one.selections else None
            if isinstance(read, tuple):
                ballot.hear(read[0], filter(None, map(bounds_of, one.selections)))
        return ballot

    def _note(self, note: TextSource) -> str:
        """What a note says, as far as a note may be long; "" where that cannot be read."""
        if note.content is None and not note.path:
            return note.words
        read = self._texts.of(note)
        words = note.words if isinstance(read, LineRefusal) else read[0].words
        return words[: LIMITS.note_code_points]
