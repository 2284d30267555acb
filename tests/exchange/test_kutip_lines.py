"""Lines of kutip/1 as bytes: one form to write, every honest form to read, no liar let in."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.corpora.readers.drafts import UnfitError
from annotations.exchange.formats import kutip
from annotations.exchange.records import BARE_FORMAT
from tests.exchange.kutip_lines import TEXT, Drawn, campaigns, compact, layer, line, span


def refused(data: bytes) -> str:
    """The code of the refusal."""
    with pytest.raises(UnfitError) as unfit:
        kutip.read(data)
    return unfit.value.reason.code


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object within a document, and itself."""
    if isinstance(value, dict):
        return [value, *(inner for each in value.values() for inner in objects(each))]
    if isinstance(value, list):
        return [inner for each in value for inner in objects(each)]
    return []


@settings(max_examples=60)
@given(campaigns())
def test_what_is_written_is_read_again_the_same(drawn: Drawn) -> None:
    for each in drawn.lines:
        out = bytearray()
        kutip.write(kutip.read(compact(each)), out)
        assert bytes(out) == compact(each) + b"\n"


@settings(max_examples=20)
@given(campaigns())
def test_our_own_lines_are_read_the_same_without_a_second_look(drawn: Drawn) -> None:
    for each in drawn.lines:
        one, bare = kutip.read(compact(each)), bytearray()
        one.format = BARE_FORMAT
        kutip.write(one, bare)
        for data in (compact(each), bytes(bare)):
            assert kutip.read_own(data) == kutip.read_any(data)


@settings(max_examples=60)
@given(campaigns(), st.sampled_from([None, 1]), st.booleans())
def test_blanks_and_the_order_of_keys_do_not_matter(
    drawn: Drawn, indent: int | None, ascii_only: bool
) -> None:
    for each in drawn.lines:
        backwards = dict(reversed(each.items()))
        other = json.dumps(backwards, ensure_ascii=ascii_only, indent=indent)
        assert kutip.read(other.encode()) == kutip.read(compact(each))


class Twice(dict[str, Any]):
    """An object that gives one of its keys a second time."""

    def __init__(self, items: dict[str, Any], key: str) -> None:
        super().__init__(items)
        self._key = key

    def items(self) -> Any:
        return [*super().items(), (self._key, self[self._key])]


def with_a_key_twice(value: Any, target: dict[str, Any], key: str) -> Any:
    if value is target:
        return Twice(value, key)
    if isinstance(value, dict):
        return {name: with_a_key_twice(each, target, key) for name, each in value.items()}
    if isinstance(value, list):
        return [with_a_key_twice(each, target, key) for each in value]
    return value


@settings(max_examples=60)
@given(
    st.data(),
    campaigns(least=1),
    st.sampled_from([(",", ":"), (", ", ": "), (",", " : ")]),
)
def test_a_key_given_twice_is_refused_wherever_it_stands(
    data: st.DataObject, drawn: Drawn, separators: tuple[str, str]
) -> None:
    document = drawn.lines[0]
    target = data.draw(st.sampled_from([each for each in objects(document) if each]))
    key = data.draw(st.sampled_from(sorted(target)))
    liar = with_a_key_twice(document, target, key)
    # the C encoder does not ask a dict subclass for its items
    text = "".join(json.JSONEncoder(ensure_ascii=False, separators=separators, indent=None).iterencode(liar, _one_shot=False))  # fmt: skip
    assert text != json.dumps(document, ensure_ascii=False, separators=separators)
    assert refused(text.encode()) == "json_key_twice"


def test_a_doubled_key_cannot_hide_behind_another_that_looks_like_none() -> None:
    """Counting colons must not be fooled by blanks before them, or by escaped backslashes."""
    whole = compact(line("abc def", layer("a", span("abc def", "abc"))))
    doubled = whole.replace(b'"label":"ACTOR"', b'"label":"ACTOR","label":"CUE"')
    assert refused(doubled.replace(b'"status":', b'"status" :')) == "json_key_twice"
    assert refused(doubled.replace(b'"status":', b'"status"\t:')) == "json_key_twice"
    hidden = doubled.replace(b'"metadata":{}', b'"metadata":{"a\\\\":1}')
    assert refused(hidden) == "json_key_twice"


def test_a_colon_after_a_quotation_mark_in_a_text_is_no_key() -> None:
    text = 'kata "x": "y" dan \\": akhir'
    assert kutip.read(compact(line(text))).article.text == text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json_value"),
        (b"nothing", "json_value"),
        (b"[]", "json_not_object"),
        (b"{}", "layer_shape"),
        (b'{"article": NaN}', "json_constant"),
        (b'{"article": 1' + b"0" * 5_000 + b"}", "json_number"),
        (b'{"article": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
        (b'{"article": {"text": "\\ud800"}}', "layer_shape"),
        (compact(line())[:-1] + b',"\\ud800":1}', "layer_shape"),
        (compact(line()).replace(TEXT.encode(), b"\\ud800"), "layer_shape"),
        (b'{"article": "\xff"}', "layer_not_utf8"),
        (compact(line())[:-20], "json_unterminated"),
        (compact(line()) + b" {}", "json_extra"),
        (compact(line()).decode().encode("utf-16"), "layer_not_utf8"),
    ],
)
def test_what_is_no_line_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refused(data) == code
    with pytest.raises(UnfitError) as unfit:
        kutip.read_own(data)
    assert unfit.value.reason.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "kutip/2"}, "layer_format"),
        ({"offset_unit": "utf16"}, "layer_offset_unit"),
        ({"revision": 3}, "layer_shape"),
        ({"layers": {}}, "layer_shape"),
        ({"layers": [{"annotator": "a"}]}, "layer_shape"),
        ({"entities": [{"id": 7}]}, "layer_shape"),
        ({"article": {"title": "no text"}}, "layer_shape"),
        ({"schema": None}, "layer_shape"),
    ],
)
def test_another_shape_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(compact(line() | change)) == code


@pytest.mark.parametrize("start", [1.0, True, "1", None, -0.5])
def test_an_offset_is_a_whole_number(start: object) -> None:
    bad = span("abc def", "abc") | {"fragments": [[start, 3]]}
    assert refused(compact(line("abc def", layer("a", bad)))) == "layer_shape"


def test_a_relation_end_names_exactly_one_thing() -> None:
    both = {"article": True, "span": "x"}
    bad = {"id": "r", "type": "VIA", "from": both, "to": {"span": "x"}, "attributes": {}}
    document = line("abc def", layer("a", relations=[bad]))
    assert refused(compact(document)) == "layer_shape"


def test_what_can_only_be_empty_may_be_left_out() -> None:
    short = {
        "article": {"text": "abc def"},
        "format": "kutip/1",
        "layers": [
            {
                "annotator": "a",
                "kind": "annotator",
                "spans": [{"fragments": [[0, 3]], "id": "1", "label": "ACTOR", "text": ["abc"]}],
                "status": "open",
            }
        ],
        "offset_unit": "codepoint",
        "schema": {"key": "atribusi", "version": "1.0"},
    }
    read = kutip.read(compact(short))
    assert read.layers[0].spans[0].attributes == {}
    assert (read.layers[0].submitted_at, read.entities) == (None, [])
