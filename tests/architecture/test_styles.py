"""Style sheets hold no rules for what is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "annotations" / "static" / "annotations"
HTMX = {"htmx-request"}  # what htmx itself writes
QUOTED = re.compile(r'"[^"]*"')
RULES = re.compile(r"\{[^{}]*\}")


def words_in(*paths: Path) -> set[str]:
    return {word for path in paths for word in re.findall(r"[\w-]+", path.read_text("utf-8"))}


def stem_of(name: str) -> str:
    """What stands in a template before a number or a kind: `matrix-` of `matrix-3`."""
    return name.rpartition("-")[0] + "-"


def test_every_class_that_a_style_sheet_names_is_named_where_pages_are_made() -> None:
    makers = [*(ROOT / "templates").rglob("*.html"), *(STATIC / "js").rglob("*.js")]
    makers += (ROOT / "annotations").rglob("*.py")
    known = words_in(*makers) | HTMX
    for sheet in (STATIC / "css").rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        selectors = QUOTED.sub("", RULES.sub("", text))
        named = set(re.findall(r"\.([a-z][\w-]*)", selectors))
        unknown = {name for name in named - known if stem_of(name) not in known}
        assert not unknown, sheet.name


def test_every_custom_property_is_used() -> None:
    sheets = [path.read_text("utf-8") for path in (STATIC / "css").rglob("*.css")]
    text = "".join(sheets)
    made = set(re.findall(r"(?m)^\s*(--[\w-]+):", text))
    used = set(re.findall(r"var\((--[\w-]+)", text))
    scripts = words_in(*(STATIC / "js").rglob("*.js"), *(ROOT / "templates").rglob("*.html"))
    assert made <= used | scripts, sorted(made - used - scripts)
