"""Templates hold no style, no script and no handler; a page extends, a fragment does not."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
TAGS = re.compile(r"{%.*?%}|{#.*?#}|{{.*?}}", re.DOTALL)


class Faults(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name[:2] == "on"]
        data = names.get("type") == "application/json"
        self._script = tag == "script" and "src" not in names and not data
        if tag == "style":
            self.found.append("<style>")

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append(f"inline script: {data.strip()[:40]}")
            self._script = False


def source_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def ours() -> Iterator[str]:
    """Django's and allauth's templates that we override keep the names they have there."""
    return (name for name in TEMPLATES if not name.startswith(("allauth/", "account/", "django/")))


@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_inline(name: str) -> None:
    assert Faults(TAGS.sub("", source_of(name))).found == []
    assert not re.search(r"\shx-on[:=-]|javascript:", source_of(name))


@pytest.mark.parametrize("name", list(ours()))
def test_a_fragment_extends_nothing_and_a_page_something(name: str) -> None:
    is_fragment = Path(name).name.startswith("_")
    extends = "{% extends" in source_of(name)
    assert extends != is_fragment or name == "base.html"


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_stay_small(name: str) -> None:
    assert len(source_of(name).splitlines()) <= 120


def test_a_planted_fault_is_found() -> None:
    planted = '<p style="x" onclick="y"></p><script>alert(1)</script><style></style>'
    assert len(Faults(planted).found) == 4
