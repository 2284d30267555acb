"""Names of a letter or two for what no other file sees."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from workbench.scripts.scopes import Scope, Variable

_FIRST = "etsnraiolcduphmfgybwvkxjqzTASECNRDLIPMOHFBWUGVYXKJQZ_"  # not $: bundles use it
_FURTHER = _FIRST + "0123456789"
_WORDS = frozenset(
    {"as", "do", "if", "in", "is", "of", "for", "get", "let", "new", "set", "try", "var"}
    | {"case", "else", "enum", "eval", "from", "null", "this", "true", "void", "with"}
)


def short_names(
    tops: Iterable[Scope],
    uses: Counter[Variable],
    kept: Collection[Variable],
    taken: set[str],
    given: Iterable[Variable] = (),
) -> dict[Variable, str]:
    """A short name for each variable given or declared in these scopes and inside them, but those
    kept: the more it is used the shorter. None is taken, none stands for two things in one scope,
    and none hides what is named inside the scope that declares it."""
    slots = [[variable] for variable in given]
    tops = list(tops)
    for top in tops:
        slots += [[variable] for variable in top.variables.values() if variable not in kept]
    places: dict[Variable, int] = {}
    for top in tops:
        for scope in top.inner:
            _assign(scope, len(slots), places)
    inner: dict[int, list[Variable]] = defaultdict(list)
    for variable, place in places.items():
        inner[place].append(variable)
    by_use = sorted(
        [*slots, *inner.values()],
        key=lambda slot: sum(uses[variable] for variable in slot),
        reverse=True,
    )
    names = _names(taken | {variable.name for variable in kept})
    return {variable: name for slot in by_use for name in [next(names)] for variable in slot}


def private_names(classes: Iterable[Scope], uses: Counter[Variable]) -> dict[Variable, str]:
    """Short names for what only one class sees. Outer classes come before those inside them."""
    found: dict[Variable, str] = {}
    depths: dict[Scope, int] = {}
    for scope in classes:
        depths[scope] = depth = depths.get(scope.parent, 0) if scope.parent else 0
        names = _names(set())
        for _ in range(depth):
            next(names)
        for variable in sorted(scope.variables.values(), key=uses.__getitem__, reverse=True):
            found[variable] = f"#{next(names)}"
        depths[scope] += len(scope.variables)
    return found


def _assign(scope: Scope, first: int, places: dict[Variable, int]) -> None:
    """Each variable has the first place that nothing has which is named inside its scope."""
    hidden = {places[variable] for variable in scope.named if variable in places}
    free = (place for place in count(first) if place not in hidden)
    places |= zip(scope.variables.values(), free, strict=False)
    for inner in scope.inner:
        _assign(inner, first, places)


def _names(taken: set[str]) -> Iterator[str]:
    for number in count():
        name = _FIRST[number % len(_FIRST)]
        rest = number // len(_FIRST)
        while rest:
            rest -= 1
            name += _FURTHER[rest % len(_FURTHER)]
            rest //= len(_FURTHER)
        if name not in taken and name not in _WORDS:
            yield name
