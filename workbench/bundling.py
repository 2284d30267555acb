"""Our own modules and style sheets as one file each, for those who only read them.

Nothing is built while we work: browsers read the sources as they are. `collectstatic` puts
together what a page would otherwise ask for in forty requests. It knows only the forms we write:
`import { a, b as c } from "./x.js"`, `import * as x from "./x.js"`, `import "./x.js"`, `export`
before a function, a class or a const, and `@import "./x.css";`.
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
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*$", re.MULTILINE)
_RENAMED = re.compile(r"(\w+)\s+as\s+(\w+)")
_SHEET = re.compile(r'^@import "(?P<url>\.[^"\n]+)";$', re.MULTILINE)


def bundled_script(entry: str, read: Read) -> str:
    """The module and all it imports as one module: each becomes a function that is called once,
    those imported before those that import them. Raises ValueError for a form it does not know."""
    return "\n".join(_Bundle(read).with_imports(entry)) + "\n"


def bundled_style(entry: str, read: Read) -> str:
    """The style sheet with each that it imports in the place of the import."""

    def inlined(found: re.Match[str]) -> str:
        return bundled_style(_beside(entry, found["url"]), read)

    return _SHEET.sub(inlined, read(entry))


class _Bundle:
    def __init__(self, read: Read) -> None:
        self._read = read
        self._numbers: dict[str, int] = {}
        self._begun: set[str] = set()

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

    def _function(self, name: str, text: str) -> str:
        exported = ", ".join(_EXPORT.findall(text))
        body = _EXPORT.sub("", _IMPORT.sub(lambda found: self._names(name, found), text))
        if other := _OTHER.search(body):
            raise ValueError(f"{name}: cannot put together “{other[0]}”")
        return f"const m{self._numbers[name]} = (() => {{\n{body}\nreturn {{ {exported} }}\n}})()"

    def _names(self, name: str, found: re.Match[str]) -> str:
        module = f"m{self._numbers[_beside(name, found['url'])]}"
        names = found["whole"] or _RENAMED.sub(r"\1: \2", found["names"] or "")
        return f"const {names} = {module}" if names else ""


def _beside(name: str, url: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
