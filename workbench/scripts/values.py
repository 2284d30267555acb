"""Values, and what is done with them."""

from workbench.scripts.cursor import KEYWORDS
from workbench.scripts.functions import Functions
from workbench.scripts.tokens import Kind

_ASSIGNING = {"=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^="} | {
    "&&=",
    "||=",
    "??=",
}
_COMPARING = {"==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof"}
_BINARY = _ASSIGNING | _COMPARING | set("+-*/%&|^") | {"||", "&&", "??", "**", "<<", ">>", ">>>"}
_PREFIX_SIGNS = {"!", "~", "+", "-", "++", "--", "..."}
_PREFIX_WORDS = {"typeof", "void", "delete", "await", "new"}
_LITERAL = {Kind.STRING, Kind.NUMBER, Kind.REGEX}
_VALUES = {"this", "super", "null", "true", "false"}
_NO_CHAIN = _PREFIX_WORDS | KEYWORDS | {"function", "class", "async", "import", "yield"}
_BEFORE_WHOLE = {"=", "(", ",", "[", "=>", ":", "?", "return", "??=", "||=", "&&="}
_AFTER_WHOLE = {")", ",", "]", "}", ":", ""}


class Values(Functions):
    """Reads values. Brackets that bind nothing are needless."""

    def _expression(self) -> None:
        self._assignment()
        while self._taken(","):
            self._assignment()

    def _assignment(self) -> None:
        while True:
            if self._arrow():
                return
            if self._now == "yield":
                self._take()
                self._taken("*")
                if self._now in (")", "]", "}", ",", ";"):
                    return
                continue
            self._operand()
            if self._taken("?"):
                self._assignment()
                self._take(":")
            elif self._now in _BINARY:
                self._take()
            else:
                return

    def _operand(self) -> None:
        first = self._at
        while self._now in _PREFIX_SIGNS or self._now in _PREFIX_WORDS:
            self._take()
        is_new = self._at > first and self._tokens[self._at - 1].text == "new"
        if is_new and self._now == ".":
            self._refuse()
        self._value(after_new=is_new)
        self._tail()

    def _value(self, *, after_new: bool) -> None:
        known = {
            "(": lambda: self._group(after_new=after_new),
            "[": self._list,
            "{": self._object,
            "function": self._function,
            "class": self._class_value,
            "import": self._asked,
        }.get(self._now)
        if known:
            known()
        elif self._kind in _LITERAL or self._now in _VALUES:
            self._take()
        elif self._kind is Kind.TEMPLATE:
            self._template()
        elif self._now == "async" and self._next() == "function":
            self._function()
        elif self._now.startswith("#"):
            self._private()
        else:
            self._use()

    def _asked(self) -> None:
        self.script.asked.append(self._take())
        if self._now != "(":
            self._refuse()

    def _tail(self) -> None:
        """What is asked of a value: properties, calls."""
        while True:
            if self._now in (".", "?."):
                self._take()
                if self._now in ("(", "[") or self._kind is Kind.TEMPLATE:
                    continue
                if self._now.startswith("#"):
                    self._private()
                elif self._kind is Kind.NAME:
                    self._take()
                else:
                    self._refuse()
            elif self._now == "(":
                self._arguments()
            elif self._now == "[":
                self._take()
                self._expression()
                self._take("]")
            elif self._kind is Kind.TEMPLATE and self._tokens[self._at].text[0] == "`":
                self._template()
            elif self._now in ("++", "--") and not self._tokens[self._at].after_newline:
                self._take()
            else:
                return

    def _private(self) -> None:
        self.script.private[self._at] = self._class
        self._take()

    def _arguments(self) -> None:
        self._take("(")
        while not self._taken(")"):
            self._assignment()
            self._comma(")")

    def _template(self) -> None:
        piece = self._tokens[self._take()].text
        while piece.endswith("${"):
            self._expression()
            if self._kind is not Kind.TEMPLATE:
                self._refuse()
            piece = self._tokens[self._take()].text

    def _group(self, *, after_new: bool) -> None:
        first = self._take("(")
        self._assignment()
        is_one = self._now == ")"
        while self._taken(","):
            self._assignment()
        last = self._take(")")
        if is_one and not after_new:
            if self._begins_whole(first):
                self._wholes[last] = first
            if self._is_chain(first, last) or self._is_whole(first, last):
                self.script.needless |= {first, last}

    def _is_chain(self, first: int, last: int) -> bool:
        """Whether these brackets hold a name and what is asked of it: nothing binds closer."""
        at = first + 1
        if self._tokens[at].kind is not Kind.NAME or self._tokens[at].text in _NO_CHAIN:
            return False
        while (at := at + 1) < last:
            if self._tokens[at].text in ("(", "["):
                at = self._match[at]
            elif self._tokens[at].text == "." and self._tokens[at + 1].kind is Kind.NAME:
                at += 1
            else:
                return False
        return True

    def _is_whole(self, first: int, last: int) -> bool:
        """Whether these brackets hold all that stands between two signs that bind nothing."""
        return self._begins_whole(first) and self._tokens[last + 1].text in _AFTER_WHOLE

    def _begins_whole(self, first: int) -> bool:
        before, inside = self._tokens[first - 1], self._tokens[first + 1]
        return before.text in _BEFORE_WHOLE and not (before.text == "=>" and inside.text == "{")

    def _list(self) -> None:
        self._take("[")
        while not self._taken("]"):
            if self._taken(","):
                continue
            self._assignment()
            self._comma("]")

    def _object(self) -> None:
        self._take("{")
        while not self._taken("}"):
            self._property()
            self._comma("}")

    def _property(self) -> None:
        if self._taken("..."):
            self._assignment()
            return
        while self._now in ("async", "get", "set", "*") and (
            self._now == "*" or self._next() not in ("(", ":", ",", "}", "=")
        ):
            self._take()
        if self._kind is Kind.NAME and self._next() in (",", "}", "="):
            self._use(short=True)
            if self._taken("="):
                self._assignment()
            return
        self._key()
        if self._taken(":"):
            self._assignment()
            return
        with self._within(self._scope.opened()):
            self._parameters_and_body()
