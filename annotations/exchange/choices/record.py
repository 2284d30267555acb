"""The choice of what goes into an export: one record, the same from the page, the API, the command
and a stored export. Pure."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from annotations.text.words import N_

Kind = Literal["annotators", "gold", "majority", "union"]
State = Literal["", "waiting", "open", "submitted", "skipped"]
Unit = Literal["utf16", "bytes"]
Part = Literal["train", "dev", "test"]

KINDS: tuple[Kind, ...] = ("annotators", "gold", "majority", "union")
UNITS: tuple[Unit, ...] = ("utf16", "bytes")
PARTS: tuple[Part, ...] = ("train", "dev", "test")
USUAL_LAYERS: tuple[Kind, ...] = ("annotators", "gold")

SHARES = N_("Train, dev and test must be 100 percent together.")
NO_LAYERS = N_("At least one kind of layers must be chosen.")

_LARGEST = 2**63 - 1
_Words = Annotated[str, Meta(max_length=300)]
_Name = Annotated[str, Meta(max_length=200)]
_Names = Annotated[tuple[_Name, ...], Meta(max_length=1_000)]
_Percent = Annotated[int, Meta(ge=0, le=100)]


class _Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Has one document only, in which nothing stands that is as by default."""

    def document(self) -> dict[str, Any]:
        """The choice as JSON."""
        usual = type(self)()
        chosen = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: value.document() if isinstance(value, _Chosen) else _plain(value)
            for name, value in chosen.items()
            if value != getattr(usual, name)
        }


class Articles(_Chosen, frozen=True):
    """Which articles: what the list of a corpus's articles can be asked for, and `state`, which is
    that of their layers in this campaign. "" and None ask for nothing; days are days of publication
    in UTC, both included; `tag` is a name, `cluster` the key of a story."""

    words: _Words = ""
    title: _Name = ""
    source: _Name = ""
    author: _Name = ""
    language: Annotated[str, Meta(max_length=35)] = ""
    since: date | None = None
    until: date | None = None
    tag: _Name = ""
    cluster: Annotated[int, Meta(ge=1, le=_LARGEST)] | None = None
    state: State = ""

    @property
    def are_searched(self) -> bool:
        """Whether anything is asked of the articles themselves."""
        return msgspec.structs.replace(self, state="") != Articles()


class Split(_Chosen, frozen=True):
    """Parts for training, development and test, in percent; together 100. The same `seed` makes the
    same parts of the same articles."""

    seed: Annotated[int, Meta(ge=0, le=_LARGEST)] = 1
    train: _Percent = 80
    dev: _Percent = 10
    test: _Percent = 10

    def __post_init__(self) -> None:
        if self.train + self.dev + self.test != 100:
            raise ValueError(SHARES)

    def document(self) -> dict[str, Any]:
        """All of it: whoever reads it wants to know the shares."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    def shares(self) -> dict[Part, int]:
        return {"train": self.train, "dev": self.dev, "test": self.test}


class Choice(_Chosen, frozen=True):
    """What goes into an export. Without a word, it is every article with every submitted layer and
    gold, whole: what kutip/1 promises to bring back.

    `annotators` are user names, of whose layers alone anything is made; none: everyone. `labels`,
    `attributes` and `relations` are keys of the schema; None: all of them. `include_open`: layers
    not submitted, as they stand. `text`: whether texts go along, or their hashes only.
    `pseudonyms`: whether annotators are called by names that lead to nobody. `offsets`: units in
    which offsets stand beside those in code points. `licence`: under what the file is given away,
    in the words of whoever makes it."""

    articles: Articles = Articles()
    layers: tuple[Kind, ...] = USUAL_LAYERS
    annotators: _Names = ()
    include_open: bool = False
    labels: _Names | None = None
    attributes: _Names | None = None
    relations: _Names | None = None
    text: bool = True
    pseudonyms: bool = False
    split: Split | None = None
    offsets: tuple[Unit, ...] = ()
    licence: Annotated[str, Meta(max_length=500)] = ""

    def __post_init__(self) -> None:
        if not self.layers:
            raise ValueError(NO_LAYERS)

    @property
    def needs_search(self) -> bool:
        """Whether articles are searched or compared for it, which new ones can be only after a
        while."""
        return bool(self.split) or self.articles.are_searched

    @property
    def is_whole(self) -> bool:
        """Whether lines go out as they are read: only which there are was chosen."""
        return self.changing() == Choice()

    def changing(self) -> "Choice":
        """The same without what is settled before lines are read."""
        return msgspec.structs.replace(self, articles=Articles(), include_open=False, licence="")


def read(document: object) -> Choice:
    """The choice that a document says. Lists have one order, and nothing twice. Raises
    msgspec.ValidationError, which names the first thing that cannot be."""
    choice = msgspec.convert(document, Choice)
    return msgspec.structs.replace(
        choice,
        layers=tuple(kind for kind in KINDS if kind in choice.layers),
        offsets=tuple(unit for unit in UNITS if unit in choice.offsets),
        **{name: _one_order(getattr(choice, name)) for name in _NAMES},
    )


def _plain(value: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(value))


_NAMES = ("annotators", "labels", "attributes", "relations")


def _one_order(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(set(names)))
