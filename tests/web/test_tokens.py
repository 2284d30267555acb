"""The colours can be read: WCAG 2.2 contrast of every pair of roles that meet, in both themes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "annotations/static/annotations/css"
LABELS = ("actor", "quote", "cue", "stance", "target")
TEXT = [
    *[(ink, ground) for ink in ("ink", "muted") for ground in ("paper", "panel")],
    *[("ink", f"{label}-tint") for label in LABELS],
    *[(label, ground) for label in LABELS for ground in ("paper", "panel", f"{label}-tint")],
    *[(word, ground) for word in ("good", "warn", "bad") for ground in ("panel", f"{word}-tint")],
    *[("ink", f"{word}-tint") for word in ("good", "warn", "bad", "accent")],
    ("accent", "paper"),
    ("accent", "panel"),
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
SHAPES = [("control", "panel"), ("control", "paper"), ("focus", "paper"), ("focus", "panel")]


def themes() -> dict[str, dict[str, str]]:
    light, dark = (CSS / "tokens.css").read_text().split('[data-theme="dark"]')
    found = {"light": dict(colours(light)), "dark": dict(colours(dark))}
    found["dark"] = found["light"] | found["dark"]
    return found


def colours(css: str) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pair", "least"), [(pair, 4.5) for pair in TEXT] + [(pair, 3) for pair in SHAPES]
)
def test_what_meets_can_be_told_apart(theme: str, pair: tuple[str, str], least: float) -> None:
    roles = themes()[theme]
    assert contrast(roles[pair[0]], roles[pair[1]]) >= least


def test_the_measure_is_the_known_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_only_the_tokens_name_colours() -> None:
    named = re.compile(r"#[0-9a-f]{3,8}\b", re.IGNORECASE)
    own = [
        CSS / "base.css",
        *sorted((CSS / "components").glob("*.css")),
        *(CSS / "screens").glob("*.css"),
    ]
    assert {
        path.name: named.findall(path.read_text()) for path in own if named.search(path.read_text())
    } == {}
