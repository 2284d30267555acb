"""Cuts one article file into front matter, text and the lines of each annotator."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from annotations.demo.misspelled import MisspelledError

FIELDS = ("title", "language", "source", "author", "url", "published", "external_id", "phenomena")
ANNOTATORS = {"siti": "a", "bayu": "b"}
_HEADING = re.compile(r"== (\w+) ==")
_RULE = "---"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, numbered from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One file: its fields, its text (paragraphs apart by an empty line), its sections."""

    fields: Mapping[str, str]
    text: str
    sections: Mapping[str, tuple[Line, ...]]


def cut(file: str, content: str) -> Page:
    """Return the page; raises MisspelledError for a missing rule, a field that is missing,
    unknown or twice, a section that is twice or of nobody."""
    lines = [Line(number, text) for number, text in enumerate(content.split("\n"), 1)]
    rule = next((at for at, line in enumerate(lines) if line.text == _RULE), None)
    if rule is None:
        raise MisspelledError(file, len(lines), f"no line {_RULE} ends the front matter")
    text, sections = _body(file, lines[rule + 1 :])
    return Page(_fields(file, lines[: rule + 1]), text, sections)


def _fields(file: str, lines: list[Line]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in lines[:-1]:
        key, colon, value = line.text.partition(": ")
        if not colon or key not in FIELDS or key in fields:
            raise MisspelledError(file, line.number, f"not a field, or twice: {line.text}")
        fields[key] = value.strip()
    missing = [key for key in FIELDS if key not in fields]
    if missing:
        raise MisspelledError(file, lines[-1].number, f"missing: {', '.join(missing)}")
    return fields


def _body(file: str, lines: list[Line]) -> tuple[str, dict[str, tuple[Line, ...]]]:
    text: list[str] = []
    sections: dict[str, list[Line]] = {}
    section: list[Line] | None = None
    for line in lines:
        heading = _HEADING.fullmatch(line.text)
        if heading:
            section = _opened(file, line, sections, heading[1])
        elif section is None:
            text.append(line.text)
        elif line.text.strip():
            section.append(line)
    return "\n".join(text).strip("\n"), {name: tuple(found) for name, found in sections.items()}


def _opened(file: str, line: Line, sections: dict[str, list[Line]], name: str) -> list[Line]:
    if name not in ANNOTATORS:
        raise MisspelledError(file, line.number, f"a section of nobody: {name}")
    if name in sections:
        raise MisspelledError(file, line.number, f"a second section of {name}")
    sections[name] = []
    return sections[name]
