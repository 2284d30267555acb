"""Names that are alike share a key, those that are not share none: as surely as is promised."""

import random

import pytest

from annotations.text.likeness import keys, trigrams


def test_trigrams_are_those_of_postgresql() -> None:
    assert trigrams("kim, un") == {"  k", " ki", "kim", "im ", "  u", " un", "un "}


@pytest.mark.parametrize("name", ["", " - ", "…"])
def test_a_name_without_words_has_no_keys(name: str) -> None:
    assert keys(name) == ()


def test_the_same_name_has_the_same_keys_in_every_process() -> None:
    assert len(set(keys("volodymyr zelensky"))) == 32
    assert keys("volodymyr zelensky")[:2] == keys("volodymyr zelensky")[:2]
    assert keys("zelensky volodymyr") == keys("volodymyr zelensky")


def similarity(one: str, other: str) -> float:
    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b)


def test_names_share_a_key_as_surely_as_they_are_alike() -> None:
    dice = random.Random(7)
    letters = "abcdefghijklmnoprstuwy"
    shared = {True: 0, False: 0}
    seen = {True: 0, False: 0}
    for _ in range(3_000):
        name = " ".join("".join(dice.choices(letters, k=dice.randint(4, 9))) for _ in range(2))
        at = dice.randrange(len(name) - 1)
        twin = name[:at] + dice.choice(letters) + name[at + dice.randint(0, 1) :]
        other = "".join(dice.sample(name, len(name)))
        for two in (twin, other):
            likeness = similarity(name, two)
            if likeness >= 0.6 or likeness <= 0.1:
                seen[likeness >= 0.6] += 1
                shared[likeness >= 0.6] += bool(set(keys(name)) & set(keys(two)))
    assert min(seen.values()) > 1_000
    assert shared[True] / seen[True] > 0.998
    assert shared[False] / seen[False] < 0.03
