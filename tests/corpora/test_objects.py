"""Objects of a JSON file: an array, lines, a row; whatever is wrong with them; any size."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import objects
from annotations.corpora.readers.objects import objects_of, values_of
from annotations.limits import Limits
from tests.corpora.reading import source


def found(data: bytes) -> list[tuple[object, int, int]]:
    return [
        (item.fault.reason.code if item.fault else item.value, item.place.line, item.place.byte)
        for item in objects_of(source("a.json", data))
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a": 1}, {"b": [2, {"c": "]"}]}]',
        b'{"a": 1}\n{"b": [2, {"c": "]"}]}\n',
        b'{"a": 1}{"b": [2, {"c": "]"}]}',
        b'\xef\xbb\xbf[\n  {\n "a": 1},\n {"b": [2, {"c": "]"}]}\n]\n',
        '[{"a": 1}, {"b": [2, {"c": "]"}]}]'.encode("utf-16"),
    ],
)
def test_an_array_lines_and_a_row_hold_the_same(data: bytes) -> None:
    assert [value for value, _, _ in found(data)] == [{"a": 1}, {"b": [2, {"c": "]"}]}]


def test_each_object_has_its_place() -> None:
    assert found('[\n {"a": "🚢"},\n {"b": 1}]'.encode()) == [
        ({"a": "🚢"}, 2, 3),
        ({"b": 1}, 3, 19),
    ]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (b" \n ", []),
        (b"[]", []),
        (b"[1]", ["json_not_object"]),
        (b'{"a": 1}\nhello\n{"b": 1}', [{"a": 1}, "json_value", {"b": 1}]),
        (b'{"a": 1, "a": 2}\n{"b": 1}', ["json_key_twice", {"b": 1}]),
        (b'[{"a": 1}, oops, {"b": 1}]', [{"a": 1}, "json_value"]),
        (b'[{"a": 1', ["json_comma"]),
        (b'{"a": NaN}', ["json_constant"]),
        (b'{"a": "\xff\xfe\xfd"}', None),
    ],
)
def test_faults_stand_in_the_place_of_their_object(
    data: bytes, wanted: list[object] | None
) -> None:
    seen = [value for value, _, _ in found(data)]
    assert seen == wanted if wanted is not None else len(seen) == 1


def test_nesting_without_a_bottom_is_a_fault() -> None:
    assert found(b'[{"a": ' + b"[" * 100_000)[0][0] == "json_too_deep"


def test_an_object_without_an_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_CHUNK", 64)
    assert found(b'[{"a": "' + b"x" * 10_000)[0][0] == "json_unterminated"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=9,
)


@given(
    st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=5), st.booleans()
)
def test_what_is_written_is_read(wanted: list[dict[str, object]], array: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(objects, "_CHUNK", 7)
        data = json.dumps(wanted) if array else "\n".join(json.dumps(one) for one in wanted)
        assert [value for value, _, _ in found(data.encode())] == wanted


RICH = (
    '[{"a": "\\ud83d\\udea2 \\\\ \\" \u00e9\U0001f6a2", "b": [-12.5e-3, true, null, {}]},'
    ' {"c": -0, "d": false, "e": [[], [1]], "f": "\u0301"}, {"g": 1e9}]'
)


@pytest.mark.parametrize("chunk", [*range(1, 60), len(RICH.encode())])
def test_it_does_not_matter_where_a_chunk_ends(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_CHUNK", chunk)
    assert [value for value, _, _ in found(RICH.encode())] == json.loads(RICH)


def test_arrays_in_a_row_are_all_read() -> None:
    assert found(b'[{"a": 1}]\n[{"b": 2}]\n{"c": 3}') == [
        ({"a": 1}, 1, 1),
        ({"b": 2}, 2, 12),
        ({"c": 3}, 3, 22),
    ]


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b'[{"a": 1},', [{"a": 1}, "json_comma"]),
        (b'[{"a": 1}] oops', [{"a": 1}, "json_value"]),
        (b'[{"a": 1}, 5, null, {"b": 2}]', [{"a": 1}, *["json_not_object"] * 2, {"b": 2}]),
        (b'[{"a": 1, "a": 2}, {"b": 2}]', ["json_key_twice", {"b": 2}]),
        (b'[{"a": NaN}, {"b": 2}]', ["json_constant", {"b": 2}]),
        (b'[{"a": ' + b"1" * 5_000 + b'}, {"b": 2}]', ["json_number", {"b": 2}]),
    ],
)
def test_only_a_value_without_an_end_hides_what_follows(data: bytes, wanted: list[object]) -> None:
    assert [value for value, _, _ in found(data)] == wanted


def test_bytes_that_are_no_text_cost_their_object_alone() -> None:
    good = '{"a": "\u00e9\U0001f6a2"}\n'.encode()
    lines = found(good * 3 + b'{"a": "\xff"}\n' + good)
    assert [value for value, _, _ in lines] == [{"a": "\u00e9\U0001f6a2"}] * 3 + [
        "undecodable",
        {"a": "\u00e9\U0001f6a2"},
    ]
    assert lines[3][1:] == (4, 3 * len(good))
    array = b"[" + b",".join([good, b'{"a": "\xff"}', good]) + b"]"
    assert [type(value) for value, _, _ in found(array)] == [dict, str, dict]


def test_utf16_that_breaks_is_read_as_far_as_it_is_text() -> None:
    data = '{"a": 1}\n'.encode("utf-16") + b"\x00\xdc" + '{"a": 2}'.encode("utf-16-le")
    assert [value for value, _, _ in found(data)] == [{"a": 1}, "undecodable"]


def test_a_fault_in_a_line_has_no_more_read_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it had the rest of the file read, for each line again: minutes for a few megabytes."""
    monkeypatch.setattr(objects, "_CHUNK", 64)
    held: list[int] = []
    more = objects._Splitting._more

    def counted(self: objects._Splitting, size: int) -> bool:
        held.append(len(self._text) - self._at)
        return more(self, size)

    monkeypatch.setattr(objects._Splitting, "_more", counted)
    data = (b'{"a": 1\n' + b'{"b": 2}\n' * 20) * 50
    assert [value for value, _, _ in found(data)].count({"b": 2}) == 20 * 50
    assert max(held) < 256


def test_an_object_over_the_limit_is_refused_and_the_next_line_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(objects, "_CHUNK", 64)
    monkeypatch.setattr(objects, "LIMITS", Limits(layer_line_bytes=1_000))
    data = b'{"a": "' + b"x" * 5_000 + b'"}\n{"b": 1}'
    assert [value for value, _, _ in found(data)] == ["line_too_long", {"b": 1}]
    fits = b'{"a": "' + b"x" * 991 + b'"}'
    assert len(fits) == 1_000
    assert [len(value["a"]) for value, _, _ in found(fits) if isinstance(value, dict)] == [991]


def test_an_array_that_begins_with_a_text_is_a_value() -> None:
    data = b'["x", {"y": 1}]\n["z", {}]\n'
    values = [one.value for one in values_of(source("a.jsonl", data))]
    assert values == [["x", {"y": 1}], ["z", {}]]
    array = [one.value for one in values_of(source("a.json", b'[["x", {}], ["z", {}]]'))]
    assert array == [["x", {}], ["z", {}]]
