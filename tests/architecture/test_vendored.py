"""Whatever is not ours and no package stands in one list, with its version and its hash."""

import base64
import hashlib
import json
import lzma
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
LISTED = json.loads((ROOT / "docs" / "vendored.json").read_text(encoding="utf-8"))
STATIC = re.compile(r"\{% static '([^']+)' %\}")


def of_tests(name: str) -> bool:
    return name.startswith("tests/")


def found(name: str) -> bytes:
    return (ROOT / name if of_tests(name) else Path(str(finders.find(name)))).read_bytes()


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: entry["name"])
def test_a_listed_file_is_what_the_list_says(entry: dict[str, str]) -> None:
    content = found(entry["file"])
    assert base64.b64encode(hashlib.sha384(content).digest()).decode() == entry["sha384"]
    plain = lzma.decompress(content) if entry["file"].endswith(".xz") else content
    assert entry["version"].encode() in plain


def test_pages_load_nothing_that_is_neither_ours_nor_listed() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    loaded = {name for page in pages for name in STATIC.findall(page)}
    assert "annotations/css/kutip.css" in loaded
    foreign = {name for name in loaded if not name.startswith("annotations/")}
    assert foreign == {entry["file"] for entry in LISTED if not of_tests(entry["file"])}
    assert not [page for page in pages if re.search(r'(?:src|href)="(?:https?:)?//', page)]
