"""A script read as a browser reads it: as far as one must, to know what each name means and where
each statement ends.
"""

from workbench.scripts.script import Import, Script
from workbench.scripts.tokens import Kind
from workbench.scripts.values import Values


def read_script(text: str) -> Script:
    """Raises ValueError, with the line, at a form it does not know."""
    reader = _Statements(text)
    reader.statements()
    for number, scope in reader.script.used.items():
        scope.use(reader.script.tokens[number].text)
    return reader.script


class _Statements(Values):
    def statements(self) -> None:
        before: tuple[int, int] | None = None  # where the declarations right before stand and end
        while self._kind is not Kind.END and self._now != "}":
            first = self._at
            declaring = first + (self._now == "export")
            self._statement()
            if self._tokens[declaring].text not in ("const", "let"):
                before = None
                continue
            if before and self._tokens[before[0]].text == self._tokens[declaring].text:
                self.script.following[declaring] = before
            before = (declaring, self._last(first))

    def _last(self, first: int) -> int:
        """The last token before this one that says something."""
        number = self._at - 1
        while number > first and self._tokens[number].text == ";":
            number -= 1
        return number

    def _statement(self) -> None:
        known = {
            "{": self._block,
            "const": self._declaration,
            "let": self._declaration,
            "function": self._function_statement,
            "class": self._class_statement,
            "if": self._if,
            "for": self._for,
            "while": self._while,
            "do": self._do,
            "try": self._try,
            "import": self._import,
            "export": self._export,
            "return": self._leaving,
            "throw": self._leaving,
            "break": self._leaving,
            "continue": self._leaving,
        }.get(self._now)
        if self._now == "async" and self._next() == "function":
            self._take()
            self._function_statement()
        elif known and not (self._now == "import" and self._next() == "("):
            known()
        elif self._now == ";":
            self.script.needless.add(self._take())
        else:
            self._expression()
            self._end()

    def _end(self) -> None:
        """The statement ends here."""
        last = self._at - 1
        self.script.ends.add(last)
        if last in self._wholes:
            self.script.needless |= {last, self._wholes[last]}
        token = self._tokens[self._at]
        if token.text == ";" and token.kind is Kind.SIGN:
            self.script.needless.add(self._take())
        elif not (token.after_newline or token.text == "}"):
            self._refuse()

    def _block(self) -> None:
        with self._within(self._scope.opened()):
            self._body()

    def _body(self) -> None:
        """Statements of a block whose scope is open: that of a function's parameters, too, which
        it may not declare again."""
        self._take("{")
        self.statements()
        self._take("}")

    def _declaration(self) -> None:
        self._take()
        self._declarators()
        self._end()

    def _declarators(self) -> None:
        while True:
            self._pattern()
            if self._taken("="):
                self._assignment()
            if not self._taken(","):
                return

    def _function_statement(self) -> None:
        self._take("function")
        self._taken("*")
        self._declare()
        with self._within(self._scope.opened()):
            self._parameters_and_body()

    def _class_statement(self) -> None:
        self._take("class")
        self._declare()
        self._class_tail()

    def _if(self) -> None:
        self._take("if")
        self._condition()
        self._statement()
        if self._taken("else"):
            self._statement()

    def _while(self) -> None:
        self._take("while")
        self._condition()
        self._statement()

    def _do(self) -> None:
        self._take("do")
        self._statement()
        self._take("while")
        self._condition()
        self._end()

    def _condition(self) -> None:
        self._take("(")
        self._expression()
        self._take(")")

    def _for(self) -> None:
        self._take("for")
        self._taken("await")
        self._take("(")
        with self._within(self._scope.opened()):
            if self._now in ("const", "let"):
                self._take()
                self._declarators()
            elif self._now != ";":
                self._expression()
            if not self._taken("of"):
                self._take(";")
                if self._now != ";":
                    self._expression()
                self._take(";")
            if self._now != ")":
                self._expression()
            self._take(")")
            self._statement()

    def _try(self) -> None:
        self._take("try")
        self._block()
        if self._taken("catch"):
            with self._within(self._scope.opened()):
                if self._taken("("):
                    self._pattern()
                    self._take(")")
                self._body()
        if self._taken("finally"):
            self._block()

    def _leaving(self) -> None:
        word = self._tokens[self._take()].text
        token = self._tokens[self._at]
        if word in ("return", "throw") and not token.after_newline and token.text not in (";", "}"):
            self._expression()
        self._end()

    # --- what comes from other files and goes there

    def _import(self) -> None:
        first = self._take("import")
        names: list[tuple[str, int]] = []
        whole = ""
        if self._taken("*"):
            self._take("as")
            whole = self._now
            self._declare()
            self._take("from")
        elif self._taken("{"):
            while not self._taken("}"):
                names.append(self._imported())
                self._comma("}")
            self._take("from")
        if self._kind is not Kind.STRING:
            self._refuse()
        url = self._tokens[self._take()].text[1:-1]
        last = self._at - 1
        self._end()
        self.script.imports.append(Import(url, first, last, tuple(names), whole))

    def _imported(self) -> tuple[str, int]:
        exported = self._now
        if self._next() == "as":
            self._take()
            self._take("as")
            return exported, self._declare()
        return exported, self._declare(short=True)

    def _export(self) -> None:
        word = self._take("export")
        if self._now not in ("const", "function", "class", "async"):
            self._refuse()
        if self._now == "const" and self._next() in ("{", "["):
            self._refuse()
        steps = 1 + (self._now == "async") + (self._next() == "*" or self._next(2) == "*")
        self.script.exports[self._next(steps)] = word
        self._statement()
