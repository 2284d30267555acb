"""REFI-QDA projects, written for tests after the schema of the standard (QDA-XML 1.0)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

SPACE = "urn:QDA-XML:project:1.0"
SITI, BAYU = "5c94bc9e-db8c-4f1d-9cd6-e900c7440860", "5C94BC9E-DB8C-4F1D-9CD6-E900C7440861"


@dataclass
class Coded:
    """A selection with one coding for each code; `users` are those of the codings."""

    start: int | str
    end: int | str
    codes: Sequence[str] = ()
    user: str = SITI
    name: str = ""
    inside: str = ""
    guid: str = ""


@dataclass
class Source:
    """A text; `data` stands in a file of the project, else `text` stands in the XML."""

    text: str = ""
    selections: Sequence[Coded] = ()
    name: str = "Aksi"
    data: bytes | None = None
    path: str | None = None
    inside: str = ""
    guid: str = "a0"
    attributes: str = ""


@dataclass
class Written:
    sources: Sequence[Source] = ()
    codes: str = '<Code guid="c1" name="ACTOR" isCodable="true"/>'
    users: Mapping[str, str] = field(default_factory=lambda: {SITI: "siti", BAYU: "bayu"})
    before: str = ""
    after: str = ""
    origin: str = "Test 1"
    space: str = SPACE

    def xml(self) -> str:
        users = "".join(
            f"<User guid={quoteattr(g)} name={quoteattr(n)}/>\n" for g, n in self.users.items()
        )
        sources = "\n".join(_source(one) for one in self.sources)
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{self.space}" name="P"'
            f" origin={quoteattr(self.origin)}>\n<Users>{users}</Users>\n"
            f"<CodeBook><Codes>{self.codes}</Codes></CodeBook>\n{self.before}"
            f"<Sources>{sources}</Sources>\n{self.after}</Project>\n"
        )

    def files(self) -> dict[str, str | bytes]:
        inside: dict[str, str | bytes] = {"project.qde": self.xml()}
        for one in self.sources:
            if one.data is not None:
                inside[f"Sources/{one.guid}.txt"] = one.data
        return inside

    def qdpx(self) -> bytes:
        return packed(self.files())


def packed(files: Mapping[str, str | bytes]) -> bytes:
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def content(text: str) -> str:
    return f"<PlainTextContent>{escape(text, {chr(13): '&#13;'})}</PlainTextContent>"


def _source(one: Source) -> str:
    path = one.path if one.path is not None or one.data is None else f"internal://{one.guid}.txt"
    where = "" if path is None else f" plainTextPath={quoteattr(path)}"
    words = content(one.text) if one.text else ""
    selections = "\n".join(_selection(s, number) for number, s in enumerate(one.selections))
    return (
        f'<TextSource guid="{one.guid}" name={quoteattr(one.name)}{where}{one.attributes}>{words}\n'
        f"{selections}\n{one.inside}</TextSource>"
    )


def _selection(one: Coded, number: int) -> str:
    codings = "".join(
        f'<Coding guid="{one.guid}d{number}-{code}" creatingUser="{one.user}">'
        f'<CodeRef targetGUID="{code}"/></Coding>'
        for code in one.codes
    )
    return (
        f'<PlainTextSelection guid="{one.guid or f"s{number}"}" name={quoteattr(one.name)}'
        f' startPosition="{one.start}" endPosition="{one.end}" creatingUser="{one.user}">'
        f"{one.inside}{codings}</PlainTextSelection>"
    )
