"""Which names a script declares, where each is seen, and where it is used."""

from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Variable:
    """What one name stands for in one scope."""

    name: str


@dataclass(eq=False, slots=True)
class Scope:
    """A piece of a script in which names are declared: a block, a function, a class, the whole."""

    parent: "Scope | None" = None
    variables: dict[str, Variable] = field(default_factory=dict)
    inner: "list[Scope]" = field(default_factory=list)
    named: set[Variable] = field(default_factory=set)  # in it or inside it, and declared outside

    def opened(self) -> "Scope":
        scope = Scope(self)
        self.inner.append(scope)
        return scope

    def declare(self, name: str) -> Variable:
        return self.variables.setdefault(name, Variable(name))

    def find(self, name: str) -> Variable | None:
        """What the name means here; None where the browser has to know it."""
        scope: Scope | None = self
        while scope:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
        return None

    def use(self, name: str) -> Variable | None:
        """What the name means here, once all is declared; all scopes between take note."""
        found = self.find(name)
        scope: Scope | None = self
        while found and scope and scope.variables.get(name) is not found:
            scope.named.add(found)
            scope = scope.parent
        return found
