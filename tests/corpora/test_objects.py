"""Objects of a JSON file: an array, lines, a row; whatever is wrong with them; any size."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import objects
from annotations.corpora.readers.objects import objects_of
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
