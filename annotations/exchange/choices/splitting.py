"""Articles parted for training, development and test. Pure.

Articles that tell the same story stay together: a model that has seen a wire story is not tested
on another outlet's copy of it. Outlets and languages are parted alike: articles stand in the order
of these, at random within, and the parts take turns along that order. Who takes the next one is
who is furthest behind its share; so every stretch of the order is parted nearly by the shares, and
all of it exactly, but for stories too large for a part. Stories of several articles go first, and
those of one fill up what is left; no part grows beyond its share while another has room.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from annotations.exchange.choices.record import Part, Split


@dataclass(frozen=True, slots=True)
class Told:
    """An article: its public id, its outlet and language, and the story it tells (None: its own)."""

    uuid: bytes
    source: str
    language: str
    story: int | None


@dataclass(frozen=True, slots=True)
class _Story:
    """Articles that stay together, and where they stand in the order."""

    place: tuple[bytes, bytes]
    members: list[bytes]


def parted(articles: Iterable[Told], split: Split) -> dict[bytes, Part]:
    """The part of each article, by its public id. The same articles and the same split give the
    same, whatever the order and the database they come from."""
    stories = sorted(_stories(articles, split.seed), key=lambda story: story.place)
    total = sum(len(story.members) for story in stories)
    shares = {part: share for part, share in split.shares().items() if share}
    several = [story for story in stories if len(story.members) > 1]
    alone = [story for story in stories if len(story.members) == 1]
    parts = _in_turn(several, shares, {p: ceil(total * s / 100) for p, s in shares.items()})
    taken = Counter(parts.values())
    # in hundredths of an article, so that nothing depends on how fractions are rounded
    rest = {part: max(0, share * total - 100 * taken[part]) for part, share in shares.items()}
    return parts | _in_turn(alone, rest, {part: ceil(left / 100) for part, left in rest.items()})


def _in_turn(
    stories: Sequence[_Story], shares: Mapping[Part, int], room: Mapping[Part, int]
) -> dict[bytes, Part]:
    """Each story goes to the part that is furthest behind its share of those so far, of the parts
    that have room for it; where none has, of all."""
    whole = sum(shares.values())
    taken: Counter[Part] = Counter()
    parts: dict[bytes, Part] = {}
    seen = 0
    for story in stories:
        size = len(story.members)
        seen += size
        fits = [part for part in shares if taken[part] + size <= room[part]]
        part = max(fits or shares, key=lambda part: shares[part] * seen - whole * taken[part])
        taken[part] += size
        parts.update(dict.fromkeys(story.members, part))
    return parts


def _stories(articles: Iterable[Told], seed: int) -> Iterable[_Story]:
    """A story stands where the first of its articles does, by public id: keys of stories differ
    between databases."""
    together: dict[object, list[Told]] = {}
    for one in articles:
        together.setdefault(one.uuid if one.story is None else one.story, []).append(one)
    for members in together.values():
        first = min(members, key=lambda one: one.uuid)
        stratum = _mixed(seed, f"{first.language}\n{first.source}".encode())
        yield _Story((stratum, _mixed(seed, first.uuid)), [one.uuid for one in members])


def _mixed(seed: int, said: bytes) -> bytes:
    return sha256(b"kutip:split:%d:" % seed + said).digest()
