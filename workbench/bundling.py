"""Our own modules and style sheets as few files, for those who only read them.

Nothing is built while we work: browsers read the sources as they are. `collectstatic` puts
together what a page would otherwise ask for in forty requests. It knows only the forms we write:
`import { a, b as c } from "./x.js"`, `import * as x from "./x.js"`, `import "./x.js"`, `export`
before a function, a class or a const, `x ??= import("./x.js")` for what may come later, and
`@import "./x.css";`.
"""

import posixpath
import re
from collections.abc import Callable

Read = Callable[[str], str]
"""The text of the file with this name."""

_IMPORT = re.compile(
    r'^import\s*(?:(?P<names>\{[^}]*\})\s*from\s*|\*\s*as\s+(?P<whole>\w+)\s*from\s*)?'
    r'"(?P<url>\.[^"\n]+)";?$',
    re.MULTILINE,
)  # fmt: skip
_ASKED = re.compile(r'(?<=\?\?= )import\("(?P<url>\.[^"\n]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*$|\b(?:await|return) import\(.*$", re.MULTILINE)
_RENAMED = re.compile(r"(\w+)\s+as\s+(\w+)")
_SHEET = re.compile(r'^@import "(?P<url>\.[^"\n]+)";$', re.MULTILINE)


def bundled_scripts(entry: str, read: Read) -> dict[str, str]:
    """The module and all it imports as one module: each becomes a function that is called once,
    those imported before those that import them. And, by its name, one more for each module that
    they ask for later: a function `open` of the modules that it shares with the first.

    Raises ValueError for a form it does not know.
    """
    bundle = _Bundle(entry, read)
    first = bundle.with_imports(entry)
    later = {name: bundle.opened_later(name) for name in bundle.asked}
    shared = {name: bundle.shared(text) for name, text in later.items()}
    whole = {entry: "\n".join(first) + "\n"}
    for name, text in later.items():
        given = ", ".join(shared[name])
        whole[name] = f"export const open = ({{ {given} }}) => {{\n{text}\n}}\n"
        opening = f".then(({{ open }}) => open({{ {given} }}))"
        whole[entry] = whole[entry].replace(bundle.asking(name), bundle.asking(name) + opening)
    return whole


def bundled_style(entry: str, read: Read) -> str:
    """The style sheet with each that it imports in the place of the import."""

    def inlined(found: re.Match[str]) -> str:
        return bundled_style(_beside(entry, found["url"]), read)

    return _SHEET.sub(inlined, read(entry))


class _Bundle:
    def __init__(self, entry: str, read: Read) -> None:
        self._entry, self._read = entry, read
        self._numbers: dict[str, int] = {}
        self._begun: set[str] = set()
        self._first = 0  # how many modules come at once
        self.asked: list[str] = []

    def with_imports(self, name: str) -> list[str]:
        """The functions of the modules that this one needs and that did not come yet, and its own."""
        if name in self._numbers:
            return []
        if name in self._begun:
            raise ValueError(f"{name} imports itself, in a circle")
        self._begun.add(name)
        text = self._read(name)
        wanted = (_beside(name, found["url"]) for found in _IMPORT.finditer(text))
        before = [module for one in wanted for module in self.with_imports(one)]
        self._numbers[name] = len(self._numbers)
        return [*before, self._function(name, text)]

    def opened_later(self, name: str) -> str:
        """What a module that comes later and its imports do when they come, and what it exports."""
        self._first = self._first or len(self._numbers)
        modules = "\n".join(self.with_imports(name))
        return f"{modules}\nreturn m{self._numbers[name]}"

    def shared(self, later: str) -> list[str]:
        """The modules that came at once and that this text, which comes later, uses."""
        used = {int(number) for number in re.findall(r"^const .+ = m(\d+)$", later, re.MULTILINE)}
        return [f"m{number}" for number in sorted(used) if number < self._first]

    def asking(self, name: str) -> str:
        """How the entry asks for a module."""
        return f'import("./{posixpath.relpath(name, posixpath.dirname(self._entry))}")'

    def _function(self, name: str, text: str) -> str:
        exported = ", ".join(_EXPORT.findall(text))
        body = _EXPORT.sub("", _IMPORT.sub(lambda found: self._names(name, found), text))
        body = _ASKED.sub(lambda found: self._asked(name, found), body)
        if other := _OTHER.search(body):
            raise ValueError(f"{name}: cannot put together “{other[0]}”")
        return f"const m{self._numbers[name]} = (() => {{\n{body}\nreturn {{ {exported} }}\n}})()"

    def _names(self, name: str, found: re.Match[str]) -> str:
        module = f"m{self._numbers[_beside(name, found['url'])]}"
        names = found["whole"] or _RENAMED.sub(r"\1: \2", found["names"] or "")
        return f"const {names} = {module}" if names else ""

    def _asked(self, name: str, found: re.Match[str]) -> str:
        asked = _beside(name, found["url"])
        if asked not in self.asked:
            self.asked.append(asked)
        return self.asking(asked)


def _beside(name: str, url: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
