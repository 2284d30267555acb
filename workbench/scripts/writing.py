"""A script as short text: no comments, no needless signs, short names."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping

from workbench.scripts.grammar import read_script
from workbench.scripts.names import private_names, short_names
from workbench.scripts.scopes import Variable
from workbench.scripts.script import Script
from workbench.scripts.tokens import Kind, Token

_SAME_SIGN = frozenset({"+", "-"})


def shortened(text: str) -> str:
    """The script alone: what it exports, and what one that is no module leaves to others, keeps
    its name. Raises ValueError at a form it does not know."""
    script = read_script(text)
    top = script.top.variables
    kept = {top[name] for name in (script.exports if script.is_module else top)}
    uses = uses_of(script)
    names = short_names([script.top], uses, kept, unknown_names(script))
    names |= private_names(script.classes, uses)
    return written(script, names.get) + "\n"


def uses_of(script: Script) -> Counter[Variable]:
    """How often each variable, and each private name, is named."""
    meant = [script.meaning(number) for number in script.used]
    private = [scope.find(script.tokens[at].text) for at, scope in script.private.items()]
    return Counter(variable for variable in (*meant, *private) if variable)


def unknown_names(script: Script) -> set[str]:
    """What a script uses and does not declare: the browser's own names."""
    return {script.tokens[number].text for number in script.used if not script.meaning(number)}


def written(
    script: Script,
    name_of: Callable[[Variable], str | None],
    dropped: Collection[int] = (),
    replaced: Mapping[int, str] | None = None,
) -> str:
    """The text of a script under these names; without the tokens that are dropped, and with other
    words where others are given."""
    return _Writer(script, name_of, dropped, replaced or {}).text()


class _Writer:
    def __init__(
        self,
        script: Script,
        name_of: Callable[[Variable], str | None],
        dropped: Collection[int],
        replaced: Mapping[int, str],
    ) -> None:
        self._script = script
        self._name_of = name_of
        self._replaced = replaced
        self._dropped = {*dropped, *script.needless}
        self._imported = {at for one in script.imports for _, at in one.names}
        self._commas: set[int] = set()
        exported = {at + 1 for at in script.exports.values() if at not in self._dropped}
        for constant, (before, end) in script.following.items():
            if (constant in exported) == (before in exported):
                self._commas.add(end)
                self._dropped |= {constant, constant - (constant in exported)}

    def text(self) -> str:
        parts: list[str] = []
        last = ""  # what was written last
        owed = ""  # what has to stand before the next word
        for number, token in enumerate(self._script.tokens[:-1]):
            if number not in self._dropped:
                word = self._word(number, token)
                gap = owed if owed and word != "}" else " " if _must_part(last, word) else ""
                parts += gap, word
                last, owed = word, ""
            if number in self._commas:
                owed = ","
            elif number in self._script.ends and not owed and last:
                owed = ";"
        return "".join(parts)

    def _word(self, number: int, token: Token) -> str:
        script = self._script
        if number in self._replaced:
            return self._replaced[number]
        if number in script.used:
            variable = script.meaning(number)
            name = (variable and self._name_of(variable)) or token.text
            if number not in script.short or name == token.text:
                return name
            return f"{token.text} as {name}" if number in self._imported else f"{token.text}:{name}"
        if number in script.private:
            variable = script.private[number].find(token.text)
            return (variable and self._name_of(variable)) or token.text
        if token.kind is Kind.NUMBER:
            return token.text.replace("_", "")
        return token.text


def _must_part(last: str, word: str) -> bool:
    """Whether two words that follow each other would become another one."""
    if not last:
        return False
    if (last[-1].isalnum() or last[-1] in "_$") and (word[0].isalnum() or word[0] in "_$"):
        return True
    return (last[-1] in _SAME_SIGN and word[0] == last[-1]) or (last[-1] == "/" == word[0])
