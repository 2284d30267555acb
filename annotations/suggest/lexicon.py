"""The cue lexicons and the small words around cues, read from `words/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from annotations.suggest.tokens import Tokens, Trie

Use = Literal["tag", "clause", "act", "source", "mark"]
Kind = Literal[
    "that",
    "to",
    "and",
    "because",
    "not",
    "pronoun",
    "title",
    "lead",
    "date",
    "before",
    "modifier",
    "after",
    "aside",
    "void",
    "det",
    "who",
    "particle",
]

_WORDS = files("annotations.suggest") / "words"
CLITIC = "nya"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a cue: `length` of its tokens are the cue, what follows them must be there."""

    form: str
    verb_class: str
    use: Use
    negated: bool
    length: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of a language: the forms of its cues, and the kinds of its small words."""

    language: str
    cues: Trie[Form]
    single: dict[str, Form]
    words: dict[str, frozenset[str]]

    def form(self, word: str) -> Form | None:
        """The form that is this one word."""
        return self.single.get(word)

    def has(self, kind: Kind, word: str) -> bool:
        return kind in self.words.get(word, ())


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """The lexicon of a language by its tag ("id-ID" is "id"), or None where there is none."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return _read(primary) if primary in ("id", "en") else None


def _read(language: str) -> Lexicon:
    cues: Trie[Form] = Trie()
    single: dict[str, Form] = {}
    for row in _rows(f"cues.{language}.tsv", 4):
        form = _form(*row)
        cues.add(form.form, form)
        single[form.form] = form
    words: dict[str, set[str]] = {}
    for word, kind in _rows(f"words.{language}.tsv", 2):
        if kind not in get_args(Kind):
            raise ValueError(f"words.{language}.tsv: {word} is of no kind {kind}")
        words.setdefault(word, set()).add(kind)
    return Lexicon(
        language, cues, single, {word: frozenset(kinds) for word, kinds in words.items()}
    )


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    for line in (_WORDS / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            row = line.split("\t")
            yield row + [""] * (columns - len(row))


def _form(form: str, verb_class: str, use: str, negated: str) -> Form:
    cue, _, _ = form.partition("(")
    plain = form.replace("(", "").replace(")", "")
    if use not in get_args(Use):
        raise ValueError(f"{form} has no use {use}")
    return Form(plain, verb_class, use, negated == "not", len(Tokens(cue)))  # type: ignore[arg-type]  # just checked
