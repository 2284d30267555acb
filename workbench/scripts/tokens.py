"""A script as a list of words and signs, without its comments."""

import re
from dataclasses import dataclass
from enum import Enum, auto

_SKIPPED = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<NAME>\#?[A-Za-z_$][\w$]*)
    |(?P<NUMBER>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)
    |(?P<STRING>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<SIGN>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?
      |\?\.(?!\d)|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[-{}()\[\];,<>+*/%&|^!~?:=.@])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_PIECE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_BEFORE_OPERAND = frozenset({"return", "typeof", "case", "in", "of", "await", "yield", "void"})
_OPENING = {"(": ")", "[": "]", "{": "}"}


class Kind(Enum):
    NAME = auto()  # also a keyword, or a private name
    NUMBER = auto()
    STRING = auto()
    TEMPLATE = auto()  # a piece of one, with the sign that ends the piece
    REGEX = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    place: int
    after_newline: bool


def tokens_of(text: str) -> list[Token]:
    """The tokens of a script, the last of which is END. ValueError at a sign it does not know."""
    found: list[Token] = []
    open_braces: list[str] = []
    at = 0
    while True:
        skipped = _SKIPPED.match(text, at)
        newline = at == 0
        if skipped:
            newline = newline or "\n" in skipped[0]
            at = skipped.end()
        if at == len(text):
            return [*found, Token(Kind.END, "", at, True)]
        token = _token(text, at, newline, found, open_braces)
        found.append(token)
        at += len(token.text)


def _token(text: str, at: int, newline: bool, before: list[Token], open_braces: list[str]) -> Token:
    sign = text[at]
    if sign == "`" or (sign == "}" and open_braces and open_braces[-1] == "${"):
        piece = _PIECE.match(text, at + 1)
        if not piece:
            raise ValueError(f"a template has no end: {text[at : at + 40]}")
        if sign == "}":
            open_braces.pop()
        if piece[0].endswith("${"):
            open_braces.append("${")
        return Token(Kind.TEMPLATE, sign + piece[0], at, newline)
    if sign == "/" and not _ends_operand(before):
        regex = _REGEX.match(text, at)
        if regex:
            return Token(Kind.REGEX, regex[0], at, newline)
    found = _TOKEN.match(text, at)
    if not found:
        raise ValueError(f"cannot read “{text[at : at + 40]}”")
    if sign == "{":
        open_braces.append("{")
    elif sign == "}" and open_braces:
        open_braces.pop()
    return Token(Kind[str(found.lastgroup)], found[0], at, newline)


def _ends_operand(before: list[Token]) -> bool:
    """Whether a slash here divides: it stands behind what can be divided."""
    if not before:
        return False
    last = before[-1]
    if last.kind is Kind.SIGN:
        return last.text in {")", "]", "}", "++", "--"}
    if last.kind is Kind.TEMPLATE:
        return last.text.endswith("`")
    return last.text not in _BEFORE_OPERAND


def matches_of(tokens: list[Token]) -> dict[int, int]:
    """Where each bracket that opens is closed, by their numbers."""
    matches: dict[int, int] = {}
    opened: list[int] = []
    for number, token in enumerate(tokens):
        if token.kind is not Kind.SIGN:
            continue
        if token.text in _OPENING:
            opened.append(number)
        elif token.text in {")", "]", "}"}:
            if not opened or _OPENING[tokens[opened[-1]].text] != token.text:
                raise ValueError(f"a bracket {token.text} closes nothing")
            matches[opened.pop()] = number
    if opened:
        raise ValueError(f"a bracket {tokens[opened[-1]].text} is never closed")
    return matches
