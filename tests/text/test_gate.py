import pytest

from annotations.text.gate import Refusal, refusal, refuse_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab\x00", Refusal("nul", "U+0000", 2)),
        ("👩🏻‍🚒\x07", Refusal("control", "U+0007", 4)),
        ("a\x0bb", Refusal("newline", "U+000B", 1)),
        ("a\ud800", Refusal("surrogate", "U+D800", 1)),
        ("\ufffe", Refusal("noncharacter", "U+FFFE", 0)),
        ("\uffff", Refusal("noncharacter", "U+FFFF", 0)),
    ],
)
def test_the_first_refused_code_point_is_named_with_its_offset(
    text: str, expected: Refusal
) -> None:
    assert refusal(text) == expected


@pytest.mark.parametrize(
    "text", ["", "a\tb\r\nc\n", "a\u2028b", "\u202eabc", "\x7f\x85", "𠮷", "\ufdd0"]
)
def test_everything_else_may_stand_in_an_article(text: str) -> None:
    assert refusal(text) is None


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("a\nb", "newline"),
        ("a\rb", "newline"),
        ("a\u2029b", "newline"),
        ("a\x85b", "newline"),
        ("a\tb", "control"),
        ("a\x9fb", "control"),
        ("a\u202eb", "bidi"),
        ("a\u200fb", "bidi"),
        ("a\u2069b", "bidi"),
        ("\x00", "nul"),
        ("\udc00", "surrogate"),
    ],
)
def test_a_name_refuses_more_than_a_text(value: str, what: str) -> None:
    refused = refuse_line(value)
    assert refused is not None
    assert refused.what == what


@pytest.mark.parametrize("value", ["Budi", "الوزير", "Kim Yong-hyun", "a\u200db", "👩🏻‍🚒"])
def test_a_name_in_any_script_may_pass(value: str) -> None:
    assert refuse_line(value) is None


def test_a_refusal_reads_as_one_line() -> None:
    assert str(Refusal("nul", "U+0000", 2)) == "nul U+0000 at 2"
