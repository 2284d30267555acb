import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.text.names import fold, inline_alias


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
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Kim", "Kom"), ("a b", "ab"), ("é", "e")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Korea Utara (Korut)", ("Korea Utara", "Korut")),
        ("  Badan Air ( BA ) ", ("Badan Air", "BA")),
        ("国連（UN）", ("国連", "UN")),
        ("Korea Utara", None),
        ("Budi (42)", None),
        ("(Korut)", None),
        ("Korea ()", None),
        ("A (B) (C)", None),
        ("A (B) tiba", None),
    ],
)
def test_a_name_with_brackets_proposes_an_alias(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert inline_alias(text) == expected
