"""Functions, classes, and patterns that take values apart."""

from abc import abstractmethod

from workbench.scripts.cursor import Cursor
from workbench.scripts.scopes import Scope
from workbench.scripts.tokens import Kind


class Functions(Cursor):
    """Reads what declares names for what stands inside it."""

    @abstractmethod
    def _body(self) -> None: ...

    @abstractmethod
    def _end(self) -> None: ...

    @abstractmethod
    def _assignment(self) -> None: ...

    @abstractmethod
    def _operand(self) -> None: ...

    def _pattern(self) -> None:
        if self._taken("["):
            while not self._taken("]"):
                if not self._taken(","):
                    self._pattern_piece()
        elif self._taken("{"):
            while not self._taken("}"):
                self._pattern_property()
                self._comma("}")
        else:
            self._declare()

    def _pattern_piece(self) -> None:
        self._taken("...")
        self._pattern()
        if self._taken("="):
            self._assignment()

    def _pattern_property(self) -> None:
        if self._now == "..." or (self._next() != ":" and self._now != "["):
            is_rest = self._taken("...")
            self._declare(short=not is_rest)
            if self._taken("="):
                self._assignment()
            return
        self._key()
        self._take(":")
        self._pattern_piece()

    def _key(self) -> None:
        """The name of a property."""
        if self._taken("["):
            self._assignment()
            self._take("]")
            return
        if self._kind not in (Kind.NAME, Kind.STRING, Kind.NUMBER):
            self._refuse()
        if self._now.startswith("#"):
            self.script.private[self._at] = self._class
            if self._now not in self._class.variables:
                self._class.declare(self._now)
        self._take()

    def _parameters_and_body(self) -> None:
        self._parameters()
        self._body()

    def _parameters(self) -> None:
        self._take("(")
        while not self._taken(")"):
            self._pattern_piece()
            self._comma(")")

    def _comma(self, end: str) -> None:
        """A comma between two; needless before the end."""
        if self._taken(",") and self._now == end:
            self.script.needless.add(self._at - 1)

    def _arrow(self) -> bool:
        """A function with an arrow, if one begins here."""
        start = self._at + (self._now == "async" and not self._tokens[self._at + 1].after_newline)
        opened = self._tokens[start].text == "(" and start in self._match
        arrow = self._match[start] + 1 if opened else start + 1
        if arrow >= len(self._tokens) or self._tokens[arrow].text != "=>":
            return False
        if self._tokens[start].kind is not Kind.NAME and not opened:
            return False
        self._at = start
        with self._within(self._scope.opened()):
            if opened:
                if arrow - start == 3 and self._tokens[start + 1].kind is Kind.NAME:
                    self.script.needless |= {start, arrow - 1}
                self._parameters()
            else:
                self._declare()
            self._take("=>")
            if self._now == "{":
                self._body()
            else:
                self._assignment()
        return True

    def _class_tail(self) -> None:
        if self._taken("extends"):
            self._operand()
        self._take("{")
        outer, self._class = self._class, Scope(self._class)
        self.script.classes.append(self._class)
        with self._within(self._scope.opened()):
            while not self._taken("}"):
                self._member()
        self._class = outer

    def _member(self) -> None:
        while (
            self._now in ("static", "async", "get", "set", "*")
            and (self._now == "*" or self._next() not in ("(", "=", ";", "}"))
            and not (self._now != "*" and self._tokens[self._at + 1].after_newline)
        ):
            self._take()
        self._key()
        if self._now == "(":
            with self._within(self._scope.opened()):
                self._parameters_and_body()
            return
        if self._taken("="):
            self._assignment()
        self._end()

    def _function(self) -> None:
        self._taken("async")
        self._take("function")
        self._taken("*")
        with self._within(self._scope.opened()):
            if self._kind is Kind.NAME:
                self._declare()
            self._parameters_and_body()

    def _class_value(self) -> None:
        self._take("class")
        with self._within(self._scope.opened()):
            if self._kind is Kind.NAME and self._now != "extends":
                self._declare()
            self._class_tail()
