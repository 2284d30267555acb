"""What the ids of a REFI-QDA project stand for: codes by name or path, users, notes."""

from collections import Counter
from collections.abc import Iterator, Sequence

from annotations.corpora.readers.drafts import Place
from annotations.exchange.formats.annotated import MAX_NAME
from annotations.exchange.formats.qda_project import Code, Coding, Project, Selection, TextSource

NOBODY = "qda"
"""Who made what no user is said to have made."""
_BELOW = " › "


class Codebook:
    """What the ids of a project stand for. `unread` and `unfollowed` are the places of notes that
    nothing refers to and of links that do not lead from a note to a selection."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._called = Counter(code.name for code in project.codes.values() if code.codable)
        self._linked: dict[str, list[str]] = {}
        self.unread: list[Place] = []
        self.unfollowed: list[Place] = []
        self._settle()

    def label(self, id: str) -> str:
        """The name of a code, or its path where another has that name; "" for an unknown one."""
        code = self._project.codes.get(id)
        if code is None:
            return ""
        return code.name if self._called[code.name] < 2 else _path(code)

    def path(self, id: str) -> str:
        """The path of a code below another, else ""."""
        code = self._project.codes.get(id)
        return _path(code) if code and code.above else ""

    def user(self, id: str) -> str:
        return self._project.users.get(id) or id or NOBODY

    def notes(self, of: Selection | Coding | TextSource) -> Iterator[TextSource]:
        """The notes that refer to it, or that it refers to."""
        for id in dict.fromkeys((*of.notes, *self._linked.get(of.guid, ()))):
            if id in self._project.notes:
                yield self._project.notes[id]

    def _settle(self) -> None:
        notes = self._project.notes
        known: dict[str, Selection | Coding | TextSource] = {}
        referred: set[str] = set()
        for one in _parts(self._project.texts):
            known[one.guid] = one
            referred.update(one.notes)
        for origin, target, place in self._project.links:
            note, other = (origin, target) if origin in notes else (target, origin)
            if note in notes and other in known:
                self._linked.setdefault(other, []).append(note)
                referred.add(note)
            else:
                self.unfollowed.append(place)
        self.unread = [note.place for id, note in notes.items() if id not in referred]


def _parts(texts: Sequence[TextSource]) -> Iterator[Selection | Coding | TextSource]:
    for text in texts:
        yield text
        yield from text.codings
        for selection in text.selections:
            yield selection
            yield from selection.codings


def _path(code: Code) -> str:
    path = _BELOW.join(code.path())
    return path if len(path) <= MAX_NAME else f"…{path[1 - MAX_NAME :]}"
