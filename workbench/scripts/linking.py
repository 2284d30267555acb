"""Our modules as few files.

`import { a, b as c } from "./x.js"`, `import * as x from "./x.js"` of which only parts are named,
`import "./x.js"`, `export` before a function, a class or a const, and `import("./x.js")` for what
may come later: these it knows. Modules stand one after the other in one scope, those imported
before those that import them, each on a line of its own.
"""

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from workbench.scripts.grammar import read_script
from workbench.scripts.names import private_names, short_names
from workbench.scripts.scopes import Variable
from workbench.scripts.script import Script
from workbench.scripts.tokens import Kind
from workbench.scripts.writing import unknown_names, uses_of, written

_GOES_ON = tuple("([`/+-")  # what would go on with the line before

Read = Callable[[str], str]
"""The text of the file with this name."""


def bundled_scripts(entry: str, read: Read) -> dict[str, str]:
    """The module and all it imports as one script. And, by its name, one more for each module that
    they ask for later: a function `open` of what it uses of the first.

    Raises ValueError for a form it does not know.
    """
    bundle = _Bundle(entry, read)
    first = list(bundle.with_imports(entry))
    later = {name: list(bundle.with_imports(name)) for name in bundle.asked_by(first)}
    shared = {name: bundle.shared(modules, first) for name, modules in later.items()}
    texts = {entry: bundle.opening(first, shared)}
    return texts | {name: bundle.opened(name, later[name], shared[name]) for name in later}


class _Bundle:
    def __init__(self, entry: str, read: Read) -> None:
        self._entry, self._read = entry, read
        self._scripts: dict[str, Script] = {}
        self._begun: set[str] = set()
        self._same: dict[Variable, Variable] = {}  # what is imported, and what it is

    def with_imports(self, name: str) -> Iterator[str]:
        """The modules that this one needs and that did not come yet, and then itself."""
        if name in self._scripts:
            return
        if name in self._begun:
            raise ValueError(f"{name} imports itself, in a circle")
        self._begun.add(name)
        script = _understood(name, self._read(name))
        for one in script.imports:
            yield from self.with_imports(_beside(name, one.url))
        self._scripts[name] = script
        self._bind(name, script)
        yield name

    def asked_by(self, modules: Iterable[str]) -> list[str]:
        """The modules that these ask for later."""
        asked = [
            _beside(name, self._scripts[name].tokens[at + 2].text[1:-1])
            for name in modules
            for at in self._scripts[name].asked
        ]
        return list(dict.fromkeys(asked))

    def shared(self, modules: list[str], first: list[str]) -> list[Variable]:
        """What these modules use of those that came first."""
        there = {variable for name in first for variable in self._declared(name)}
        return [variable for variable in self._uses(modules) if variable in there]

    def opening(self, modules: list[str], later: dict[str, list[Variable]]) -> str:
        """What comes first; it hands what is shared to what comes later."""
        names = self._short(modules, ())
        openings = {
            name: f").then($=>$.open({','.join(names[one] for one in shared)}))"
            for name, shared in later.items()
        }
        return self._text(modules, names, openings) + "\n"

    def opened(self, name: str, modules: list[str], shared: list[Variable]) -> str:
        """What comes later: a function of what it shares, that returns what its module exports."""
        if self.asked_by(modules):
            raise ValueError(f"{name}: cannot put together what asks for more")
        names = self._short(modules, shared)
        script = self._scripts[name]
        exports = ",".join(
            f"{exported}:{names[script.top.variables[exported]]}" for exported in script.exports
        )
        given = ",".join(names[one] for one in shared)
        return f"export const open=({given})=>{{{self._text(modules, names, {})}\nreturn{{{exports}}}}}\n"

    def _bind(self, name: str, script: Script) -> None:
        """What a module imports is what others export."""
        for one in script.imports:
            other = self._scripts[_beside(name, one.url)]
            for exported, place in one.names:
                if exported not in other.exports:
                    raise ValueError(
                        f"{name}: cannot put together “{exported}”: {one.url} has none"
                    )
                variable = script.top.variables[script.tokens[place].text]
                self._same[variable] = self._found(other.top.variables[exported])

    def _found(self, variable: Variable) -> Variable:
        return self._same.get(variable, variable)

    def _declared(self, name: str) -> list[Variable]:
        """What a module declares itself, at its top."""
        declared = self._scripts[name].top.variables.values()
        return [variable for variable in declared if variable not in self._same]

    def _uses(self, modules: list[str]) -> Counter[Variable]:
        uses: Counter[Variable] = Counter()
        for name in modules:
            for variable, times in uses_of(self._scripts[name]).items():
                uses[self._found(variable)] += times
            uses.update(self._parts(name).values())
        return uses

    def _short(self, modules: list[str], shared: Iterable[Variable]) -> dict[Variable, str]:
        """Short names for all these modules declare, and for what they are given."""
        scripts = [self._scripts[name] for name in modules]
        uses = self._uses(modules)
        unknown = {word for script in scripts for word in unknown_names(script)}
        classes = [one for script in scripts for one in script.classes]
        names = short_names([script.top for script in scripts], uses, self._same, unknown, shared)
        return names | private_names(classes, uses)

    def _parts(self, name: str) -> dict[int, Variable]:
        """Where a module names a part of a whole one (`operations.place`), and what that is."""
        script = self._scripts[name]
        wholes = {
            script.top.variables[one.whole]: self._scripts[_beside(name, one.url)]
            for one in script.imports
            if one.whole
        }
        parts: dict[int, Variable] = {}
        for at in script.used:
            meant = script.meaning(at)
            other = wholes.get(meant) if meant else None
            if not other or any(one.first <= at <= one.last for one in script.imports):
                continue
            dot, part = (one.text for one in (*script.tokens, script.tokens[-1])[at + 1 : at + 3])
            if dot != "." or part not in other.exports:
                raise ValueError(
                    f"{name}: cannot put together “{script.tokens[at].text}{dot}{part}”"
                )
            parts[at] = self._found(other.top.variables[part])
        return parts

    def _text(
        self, modules: list[str], names: dict[Variable, str], openings: dict[str, str]
    ) -> str:
        texts = [self._one(name, names, openings) for name in modules]
        return "\n".join(f";{text}" if text[:1] in _GOES_ON else text for text in texts)

    def _one(self, name: str, names: dict[Variable, str], openings: dict[str, str]) -> str:
        script = self._scripts[name]
        dropped = {at for one in script.imports for at in range(one.first, one.last + 1)}
        dropped |= set(script.exports.values())
        replaced: dict[int, str] = {}
        for at, variable in self._parts(name).items():
            replaced[at] = names[variable]
            dropped |= {at + 1, at + 2}
        for at in script.asked:
            later = _beside(name, script.tokens[at + 2].text[1:-1])
            from_here = posixpath.relpath(later, posixpath.dirname(self._entry))
            replaced |= {at + 2: f'"./{from_here}"', at + 3: openings[later]}
        return written(script, lambda one: names.get(self._found(one)), dropped, replaced)


def _understood(name: str, text: str) -> Script:
    try:
        script = read_script(text)
    except ValueError as fault:
        raise ValueError(f"{name}, {fault}") from None
    for at in script.asked:
        if script.tokens[at + 2].kind is not Kind.STRING or script.tokens[at + 3].text != ")":
            raise ValueError(f"{name}: cannot put together an import of what is not written there")
    return script


def _beside(name: str, url: str) -> str:
    if not url.startswith("."):
        raise ValueError(f"{name}: cannot put together “{url}”, which is no file of ours")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
