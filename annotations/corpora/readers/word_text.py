"""The text of a part of a Word document, out of the events of its XML."""

from collections.abc import Mapping

from annotations.corpora.readers.drafts import UnfitError
from annotations.limits import LIMITS

_MARKUP = "http://schemas.openxmlformats.org"
PREFIXES = {
    f"{_MARKUP}/wordprocessingml/2006/main": "w",
    f"{_MARKUP}/officeDocument/2006/math": "m",
    f"{_MARKUP}/markup-compatibility/2006": "mc",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://www.w3.org/XML/1998/namespace": "xml",
}

# of a drawing only the newer of its two writings is read; w:rt is how a character is said
_SKIPPED = frozenset(
    (
        *("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:tblPr", "w:trPr", "w:tcPr", "w:sectPr"),
        *("mc:Fallback", "w:rt"),
    )
)
_GIVES = {
    **dict.fromkeys(("w:tab", "w:ptab"), "\t"),
    **dict.fromkeys(("w:br", "w:cr"), "\n"),
    "w:noBreakHyphen": "\u2011",
    "w:softHyphen": "\u00ad",
}
_NOTES = {"w:footnoteReference": "footnotes", "w:endnoteReference": "endnotes"}


class _Flow:
    """Lines as they grow: those of the body, of a text box or of a note."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.later: list[str] = []
        self._fresh = True
        self._cells: list[int] = []

    def __str__(self) -> str:
        return "".join(self.parts).strip()

    def begin_paragraph(self) -> None:
        self._apart("\n")
        self._fresh = False

    def end_paragraph(self, *, mark_deleted: bool) -> None:
        """What stood beside the paragraph follows it. The next joins it when its mark is gone."""
        self.parts += [f"\n{words}" for words in self.later if words]
        self.later.clear()
        self._fresh = mark_deleted

    def begin_row(self) -> None:
        self._apart("\n")
        self._fresh = True
        self._cells.append(0)

    def begin_cell(self) -> None:
        if self._cells and self._cells[-1]:
            self.parts.append("\t")
        if self._cells:
            self._cells[-1] += 1
        self._fresh = True

    def end_cell(self) -> None:
        self._fresh = False

    def end_row(self) -> None:
        self._cells.pop()

    def _apart(self, gap: str) -> None:
        if not self._fresh:
            self.parts.append(gap)


class Body:
    """The text of all paragraphs, and `notes`: the part and id of those it refers to, in order."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str]] = []
        self._path: list[str] = []
        self._skipped = 0
        self._flows = [_Flow()]
        self._shows: list[bool] = []  # for each open field, whether its result has begun
        self._written: list[str] | None = None
        self._keeps = False
        self._mark_deleted = False
        self._length = 0

    def __str__(self) -> str:
        return str(self._flows[0])

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _SKIPPED:
            if name == "w:del" and self._path[-2:] == ["w:pPr", "w:rPr"]:
                self._mark_deleted = True
            self._skipped += 1
        else:
            self._open(name, attributes)
        self._path.append(name)

    def end(self, name: str) -> None:
        self._path.pop()
        if self._skipped:
            self._skipped -= 1
        else:
            self._close(name)

    def words(self, words: str) -> None:
        if self._written is not None:
            self._written.append(words)

    def _open(self, name: str, attributes: Mapping[str, str]) -> None:
        flow = self._flows[-1]
        if name in ("w:t", "m:t"):
            self._written, self._keeps = [], attributes.get("xml:space") == "preserve"
        elif name in _GIVES:
            self._add(_GIVES[name])
        elif name in _NOTES:
            self.notes.append((_NOTES[name], attributes.get("w:id", "")))
        elif name == "w:fldChar":
            self._field(attributes.get("w:fldCharType", ""))
        elif name == "w:p":
            flow.begin_paragraph()
        elif name == "w:tr":
            flow.begin_row()
        elif name == "w:tc":
            flow.begin_cell()
        elif name == "w:txbxContent":
            self._flows.append(_Flow())

    def _close(self, name: str) -> None:
        flow = self._flows[-1]
        if name in ("w:t", "m:t"):
            words = "".join(self._written or ()).replace("\n", " ")
            self._written = None
            self._add(words if self._keeps else words.strip())
        elif name == "w:p":
            flow.end_paragraph(mark_deleted=self._mark_deleted)
            self._mark_deleted = False
        elif name == "w:tr":
            flow.end_row()
        elif name == "w:tc":
            flow.end_cell()
        elif name == "w:txbxContent":
            self._flows.pop()
            self._flows[-1].later.append(str(flow))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._shows.append(False)
        elif kind == "separate" and self._shows:
            self._shows[-1] = True
        elif kind == "end" and self._shows:
            self._shows.pop()

    def _add(self, words: str) -> None:
        if not all(self._shows):
            return
        self._length += len(words)
        if self._length > LIMITS.article_code_points:
            limit = LIMITS.article_code_points
            raise UnfitError("text_too_long", length=self._length, limit=limit)
        self._flows[-1].parts.append(words)


class Notes:
    """The text of each note of a part, by its id."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._id = ""
        self._note: Body | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("w:footnote", "w:endnote"):
            self._id, self._note = attributes.get("w:id", ""), Body()
        elif self._note:
            self._note.start(name, attributes)

    def end(self, name: str) -> None:
        if name in ("w:footnote", "w:endnote"):
            self.texts[self._id] = str(self._note or "")
            self._note = None
        elif self._note:
            self._note.end(name)

    def words(self, words: str) -> None:
        if self._note:
            self._note.words(words)
