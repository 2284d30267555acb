"""The environment is read with types, and nonsense is refused."""

from pathlib import Path

import pytest

from workbench import env


@pytest.mark.parametrize(
    ("word", "value"), [("1", True), ("Yes", True), ("off", False), ("0", False)]
)
def test_a_flag_is_one_or_the_other(
    monkeypatch: pytest.MonkeyPatch, word: str, value: bool
) -> None:
    monkeypatch.setenv("X", word)

    assert env.flag("X", default=not value) is value


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "perhaps")

    with pytest.raises(env.Refusal, match="X must be 1 or 0, not 'perhaps'"):
        env.flag("X")


def test_what_is_empty_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "  ")

    assert env.text("X", default="other") == "other"
    assert env.flag("X", default=True) is True
    assert env.integer("X", 3, least=1, most=9) == 3
    assert env.words("X", default=["a"]) == ["a"]
    assert env.secret("X") == ""


@pytest.mark.parametrize("word", ["0", "10", "-1", "1.5", "three", "²"])
def test_a_number_outside_its_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("X", word)

    with pytest.raises(env.Refusal, match="X must be a whole number from 1 to 9"):
        env.integer("X", 3, least=1, most=9)


def test_words_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", " a, b ,,c")

    assert env.words("X") == ["a", "b", "c"]


def test_a_secret_stands_in_the_variable_or_in_a_file_but_not_in_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.secret("X") == "hush"

    monkeypatch.setenv("X", "other")
    with pytest.raises(env.Refusal, match="X and X_FILE are both set") as refused:
        env.secret("X")
    assert "other" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))

    with pytest.raises(env.Refusal, match="none"):
        env.secret("X")
