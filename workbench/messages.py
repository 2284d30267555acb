"""The words of the screens: `python -m workbench.messages extract|compile|check`.

Reads Python, Django templates and our ES modules; writes one catalogue for the server (`django`)
and one for scripts (`djangojs`). Only Babel is needed, no GNU gettext.
"""

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "id"
CATALOGUES = ROOT / "locale" / LANGUAGE / "LC_MESSAGES"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdif]|%[sdif]|\{(\w*)\}")
# Babel does not know that Indonesian has one plural form; and a date would change for nothing.
EMPTY = b"""# The Indonesian words of Kutip.
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
Found = Iterable[tuple[int, Any, list[str], str | None]]


@dataclass(frozen=True, slots=True)
class Domain:
    """One catalogue: its name, and where its words stand."""

    name: str
    sources: tuple[tuple[str, str], ...]

    @property
    def po(self) -> Path:
        return CATALOGUES / f"{self.name}.po"


DOMAINS = (
    Domain("django", (("annotations", "**/*.py"), ("workbench", "**/*.py"), ("templates", "**/*"))),
    Domain("djangojs", (("annotations/static/annotations/js", "**/*.js"),)),
)


def template_of(domain: Domain) -> Catalog:
    """Return every message of the sources, untranslated, with the files it stands in."""
    catalog = Catalog(domain=domain.name, charset="utf-8")
    for path in _files(domain):
        for line, message, comments, context in _words(path):
            place = path.relative_to(ROOT).as_posix()
            catalog.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalog


def _files(domain: Domain) -> Iterator[Path]:
    for folder, pattern in domain.sources:
        for path in sorted((ROOT / folder).glob(pattern)):
            if path.is_file() and path.suffix in READERS:
                yield path


def _words(path: Path) -> Found:
    text = path.read_text(encoding="utf-8")
    kind, read = READERS[path.suffix]
    source = io.BytesIO(read(text).encode())
    return babel_extract(
        kind,
        source,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"parse_template_string": True},
    )


def _of_template(text: str) -> str:
    """Turn a template into something like Python, in which only its words are left."""
    return str(templatize(text))


def _as_it_is(text: str) -> str:
    return text


READERS: dict[str, tuple[str, Callable[[str], str]]] = {
    ".py": ("python", _as_it_is),
    ".html": ("python", _of_template),
    ".txt": ("python", _of_template),
    ".js": ("javascript", _as_it_is),
}


def translated(domain: Domain) -> Catalog:
    """Return the catalogue as it stands in the repository; empty when there is none yet."""
    source = domain.po.read_bytes() if domain.po.exists() else EMPTY
    return read_po(io.BytesIO(source), locale=LANGUAGE, domain=domain.name)


def extract() -> None:
    """Bring the catalogues up to date: new messages empty, gone ones out, the rest untouched."""
    CATALOGUES.mkdir(parents=True, exist_ok=True)
    for domain in DOMAINS:
        catalog = translated(domain)
        catalog.update(template_of(domain), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        domain.po.write_bytes(EMPTY + b"\n" + _entries(catalog))


def _entries(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_po(written, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return written.getvalue()


def compile_all() -> None:
    """Write the binary catalogues that Django reads beside each other one."""
    for domain in DOMAINS:
        with domain.po.with_suffix(".mo").open("wb") as file:
            write_mo(file, translated(domain))


def faults() -> list[str]:
    """Return what keeps the catalogues from being complete and right; empty is well."""
    return [fault for domain in DOMAINS for fault in _faults_of(domain)]


def _faults_of(domain: Domain) -> Iterator[str]:
    catalog, wanted = translated(domain), template_of(domain)
    for message in wanted:
        if message.id and _key(message) not in {_key(known) for known in catalog}:
            yield f"{domain.name}: not in the catalogue: {message.id!r}"
    known = {_key(message) for message in wanted}
    for message in catalog:
        if message.id:
            yield from _faults_of_message(domain.name, message, _key(message) in known)
    for message in catalog.obsolete.values():
        yield f"{domain.name}: obsolete: {message.id!r}"


def _faults_of_message(domain: str, message: Message, used: bool) -> Iterator[str]:
    ids, strings = _texts(message.id), _texts(message.string)
    if not used:
        yield f"{domain}: no source says this any more: {message.id!r}"
    elif message.fuzzy:
        yield f"{domain}: fuzzy: {message.id!r}"
    elif not all(strings):
        yield f"{domain}: not translated: {message.id!r}"
    elif any(_placeholders(string) != _placeholders(ids[-1]) for string in strings):
        yield f"{domain}: other placeholders: {message.id!r} -> {message.string!r}"


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value or "",)


def _placeholders(text: str) -> set[str]:
    return {found.group() for found in PLACEHOLDER.finditer(text)}


def _key(message: Message) -> tuple[Any, Any]:
    return (message.context, _texts(message.id)[0])


def check() -> int:
    """Print every fault; the exit status says whether there was one."""
    found = faults()
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return 1 if found else 0


def main(words: list[str]) -> int:
    match words:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case ["check"]:
            return check()
        case _:
            sys.stderr.write(f"{__doc__}")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
