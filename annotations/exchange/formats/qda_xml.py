"""The project.qde of a REFI-QDA project, told event by event and hardened (`xml_events`).

What no layer can hold is counted by what it is (`Project.beside`), with the place of the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from annotations.corpora.readers.charsets import declared
from annotations.corpora.readers.decoding import decode
from annotations.corpora.readers.drafts import Place, UnfitError
from annotations.corpora.readers.sources import Source, whole
from annotations.corpora.readers.xml_events import Position, follow
from annotations.exchange.formats.qda_project import Code, Coding, Project, Selection, TextSource
from annotations.limits import LIMITS

PREFIXES = {"urn:QDA-XML:project:1.0": "q", "urn:QDA-XML:project:1.5": "q"}
_BESIDE = frozenset(
    (
        *("Case", "Set", "Graph", "PictureSource", "AudioSource", "VideoSource"),
        *("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection"),
        *("Transcript", "TranscriptSelection"),
    )
)
_VALUES = frozenset(
    f"{kind}Value" for kind in ("Text", "Boolean", "Integer", "Float", "Date", "DateTime")
)
_WORDS = frozenset(("Description", "PlainTextContent", *_VALUES))


class ProjectError(UnfitError):
    """As UnfitError, at a line; `offset` is the byte."""

    def __init__(self, unfit: UnfitError, position: Position) -> None:
        super().__init__(unfit.reason.code, position.byte, **unfit.reason.values)
        self.line = position.line


def project_of(source: Source) -> Project:
    """What the file says. Raises ProjectError where it is no project, or harmful XML."""
    position = Position()
    project = Project(Place(source.name, 1, 0))
    try:
        data = whole(source, LIMITS.layer_line_bytes)
        decoded = decode(data, source.encoding or declared(data))
        project.encoding = str(decoded.encoding)
        telling = _Telling(project, source.name, position)
        follow(decoded.text.encode(), telling, PREFIXES, position, "utf-8")
    except UnfitError as unfit:
        raise ProjectError(unfit, position) from unfit
    return project


def guid(given: str) -> str:
    """The id as it is compared: programs differ in braces and capitals."""
    return given.strip().strip("{}").lower()


@dataclass(slots=True)
class _Pdf:
    """A PDF: only the text that stands beside it is read."""

    name: str
    place: Place
    has_text: bool = False


class _Telling:
    """Listens to the XML. Each open element stands on the stack with what it became, or None."""

    def __init__(self, project: Project, file: str, position: Position) -> None:
        self._project, self._file, self._position = project, file, position
        self._open: list[tuple[str, object]] = []
        self._heard: list[str] | None = None
        self._variable = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if not self._open and name != "q:Project":
            raise UnfitError("qda_none")
        _, colon, local = name.rpartition("q:")
        self._heard = [] if colon and local in _WORDS else None
        above, inside = self._open[-1] if self._open else ("", None)
        became = self._become(local, attributes, above, inside) if colon else None
        self._open.append((local if colon else "", became))

    def words(self, words: str) -> None:
        if self._heard is not None:
            self._heard.append(words)

    def end(self, name: str) -> None:
        local, became = self._open.pop()
        if isinstance(became, _Pdf) and not became.has_text:
            self._project.leave("PDFSource", became.place)
        if self._heard is not None and self._open:
            self._say(local, "".join(self._heard))
        self._heard = None

    # --- what elements become -----------------------------------------------------------------

    def _become(
        self, name: str, given: Mapping[str, str], above: str, inside: object
    ) -> object | None:
        place = Place(self._file, self._position.line, self._position.byte)
        id, project = guid(given.get("guid", "")), self._project
        match name:
            case "Code" if isinstance(inside, Code) or above == "Codes":
                return self._code(id, given, inside, place)
            case "TextSource" if above == "Sources":
                return self._text(id, given, place)
            case "Representation" if isinstance(inside, _Pdf):
                inside.has_text = True
                return self._text(id, {**given, "name": inside.name}, place)
            case "PDFSource":
                return _Pdf(given.get("name", ""), place)
            case "Note" if above == "Notes":
                project.notes[id] = _text_source(id, given, place)
                return project.notes[id]
            case "VariableValue" if isinstance(inside, TextSource):
                self._variable = ""
                return inside
            case "Project" | "User" | "Variable" | "Link":
                self._enter(name, id, given, place)
                return None
            case _:
                return self._selected(name, id, given, inside, place)

    def _enter(self, name: str, id: str, given: Mapping[str, str], place: Place) -> None:
        """What the project has at its top, known by its id."""
        project = self._project
        match name:
            case "Project":
                project.origin = given.get("origin", "")
            case "User":
                project.users[id] = given.get("name") or given.get("id") or id
            case "Variable":
                project.variables[id] = given.get("name", "")
            case _:
                ends = guid(given.get("originGUID", "")), guid(given.get("targetGUID", ""))
                project.links.append((*ends, place))

    def _selected(
        self, name: str, id: str, given: Mapping[str, str], inside: object, place: Place
    ) -> object | None:
        match name, inside:
            case "PlainTextSelection", TextSource():
                ends = given.get("startPosition", ""), given.get("endPosition", "")
                one = Selection(id, given.get("name", ""), *ends, _user(given), place)
                inside.selections.append(one)
                return one
            case "Coding", Selection() | TextSource():
                coding = Coding(id, _user(given) or inside.user, place)
                inside.codings.append(coding)
                if "creationDateTime" in given:
                    self._project.leave("creationDateTime (Coding)", place)
                return coding
            case "CodeRef", Coding():
                inside.code = guid(given.get("targetGUID", ""))
            case "NoteRef", Coding() | Selection() | TextSource():
                inside.notes.append(guid(given.get("targetGUID", "")))
            case "VariableRef", TextSource():
                self._variable = guid(given.get("targetGUID", ""))
            case "Coding", _Pdf():
                self._project.leave("Coding (PDFSource)", place)
            case _:
                if name in _BESIDE:
                    self._project.leave(name, place)
        return None

    def _code(self, id: str, given: Mapping[str, str], inside: object, place: Place) -> Code:
        above = inside if isinstance(inside, Code) else None
        code = Code(given.get("name", ""), given.get("isCodable", "true") in ("true", "1"), above)
        self._project.codes[id] = code
        if given.get("color"):
            self._project.leave("color (Code)", place)
        return code

    def _text(self, id: str, given: Mapping[str, str], place: Place) -> TextSource:
        text = _text_source(id, given, place)
        self._project.texts.append(text)
        return text

    def _say(self, name: str, words: str) -> None:
        """What an element of words says about the one it stands in."""
        about = self._open[-1][1]
        if isinstance(about, TextSource) and name == "PlainTextContent":
            about.content = words
        elif isinstance(about, TextSource) and name in _VALUES:
            about.values[self._variable] = words
        elif isinstance(about, TextSource | Selection) and name == "Description":
            about.words = words
        elif isinstance(about, Code) and words.strip():
            place = Place(self._file, self._position.line, self._position.byte)
            self._project.leave("Description (Code)", place)


def _text_source(id: str, given: Mapping[str, str], place: Place) -> TextSource:
    formatted = bool(given.get("richTextPath"))
    path = given.get("plainTextPath", "")
    return TextSource(id, given.get("name", ""), path, formatted, _user(given), place)


def _user(given: Mapping[str, str]) -> str:
    return guid(given.get("creatingUser") or given.get("modifyingUser") or "")
