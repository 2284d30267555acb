"""Reads one line of an annotator's section into its parts, without looking at the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from annotations.demo.places import Place

ARTICLE = "article"
_PLACE = re.compile(r"`([^`]+)`(?:#(\d+))?")
_HEAD = re.compile(r"(\w+) +([A-Z_]+) +(?=`)")
_SETTING = re.compile(r"(\w+)=(\S+)")


class UnreadError(ValueError):
    """The line has not the shape of a span, nor of a relation of the article."""


@dataclass(frozen=True, slots=True)
class SpelledSpan:
    """A line of a layer; for the article's own relations `label` is None and `places` empty."""

    name: str
    label: str | None
    places: tuple[Place, ...]
    attributes: Mapping[str, str | bool]
    entity: str | None
    relations: tuple[tuple[str, str], ...]


def read(line: str) -> SpelledSpan:
    """Return the parts of a line; raises UnreadError with a sentence."""
    head = _HEAD.match(line)
    if head is None:
        return _of_the_article(line)
    places, rest = _places(line[head.end() :])
    settings = _settings(rest)
    return SpelledSpan(
        head[1],
        head[2],
        places,
        _attributes(settings),
        settings.get("entity"),
        _relations(settings),
    )


def _of_the_article(line: str) -> SpelledSpan:
    name, _, rest = line.partition(" ")
    if name != ARTICLE or not rest:
        raise UnreadError(f"neither a span nor a relation of the article: {line}")
    settings = _settings(rest)
    if not all(key.isupper() for key in settings):
        raise UnreadError(f"an article has relations only: {rest}")
    return SpelledSpan(name, None, (), {}, None, _relations(settings))


def _places(rest: str) -> tuple[tuple[Place, ...], str]:
    places: list[Place] = []
    while match := _PLACE.match(rest):
        places.append(Place(match[1], int(match[2]) if match[2] else None))
        rest = rest[match.end() :].lstrip()
        if not rest.startswith("|"):
            return tuple(places), rest
        rest = rest[1:].lstrip()
    raise UnreadError(f"no words in backticks here: {rest}")


def _settings(rest: str) -> dict[str, str]:
    found = _SETTING.findall(rest)
    if _SETTING.sub("", rest).strip() or len(dict(found)) != len(found):
        raise UnreadError(f"not a list of key=value, each once: {rest.strip()}")
    for key, _ in found:
        if not (key.islower() or key.isupper()):
            raise UnreadError(f"neither small nor capital: {key}")
    return dict(found)


def _attributes(settings: Mapping[str, str]) -> dict[str, str | bool]:
    return {
        key: value == "true" if value in ("true", "false") else value
        for key, value in settings.items()
        if key.islower() and key != "entity"
    }


def _relations(settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (key, target)
        for key, targets in settings.items()
        if key.isupper()
        for target in targets.split(",")
    )
