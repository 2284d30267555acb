import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.names import fold, inline_alias

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/names.json").read_text())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Korea Utara", "KOREA  utara"),
        ("Cafe\u0301", "caf\u00e9"),
        ("STRASSE", "straße"),
        ("Ma\u2019ruf", "ma'ruf"),
        ("“Bung” Tomo", '"bung" tomo'),
        (" Rp\u00a05 ", "rp 5"),
        ("\u03b1\u0345", "\u1fb3"),
        ("Erdoğan", "erdogan"),
        ("Wałęsa", "walesa"),
        ("Løkke", "lokke"),
        ("Ærø", "aero"),
        ("İstanbul", "istanbul"),
        ("Nguyễn Phú Trọng", "nguyen phu trong"),
        ("Αθήνα", "ΑΘΗΝΑ"),
        ("Йошкар-Ола", "иошкар-ола"),
        ("Королёв", "королев"),
        ("\u0149", "'n"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim", "Kom"),
        ("a b", "ab"),
        ("ガス", "カス"),  # the voicing marks of kana, composed and apart
        ("が", "か"),
        ("かな", "か\u3099な"),
        ("किम", "कम"),  # vowel signs: Devanagari, Thai, Arabic, Hebrew
        ("กิน", "กน"),
        ("كُتِب", "كتب"),
        ("דָּוִד", "דוד"),
        ("한국", "하국"),
        ("سوريا", "سورية"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["text"])
def test_a_name_with_brackets_proposes_an_alias(vector: dict[str, str | None]) -> None:
    expected = (vector["name"], vector["alias"]) if vector["name"] else None
    assert inline_alias(str(vector["text"])) == expected
