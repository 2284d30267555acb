"""The colours can be read and told apart: WCAG 2.2 contrast of every pair of roles that meet, and
the distance of the label colours, also for those who see no red or no green, in every theme."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest

from annotations.accounts.preferences import Theme

CSS = Path(__file__).resolve().parents[2] / "annotations/static/annotations/css"
THEMES = ("light", "dark", "sepia", "contrast")
LABELS = ("actor", "quote", "cue", "stance", "target")
TEXT = [
    *[(ink, ground) for ink in ("ink", "muted") for ground in ("paper", "panel")],
    *[(label, ground) for label in LABELS for ground in ("paper", "panel", f"{label}-tint")],
    *[(word, ground) for word in ("good", "warn", "bad") for ground in ("panel", f"{word}-tint")],
    *[("ink", f"{word}-tint") for word in ("good", "warn", "bad", "accent")],
    ("accent", "paper"),
    ("accent", "panel"),
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
READING = [("ink", ground) for ground in ("paper", *(f"{label}-tint" for label in LABELS))]
SHAPES = [("control", "panel"), ("control", "paper"), ("focus", "paper"), ("focus", "panel")]


def themes() -> dict[str, dict[str, str]]:
    """Every theme, whole: what one does not name it has of the light one."""
    parts = re.split(r'\[data-theme="(\w+)"\]', (CSS / "tokens.css").read_text())[1:]
    own = {name: dict(colours(css)) for name, css in zip(parts[::2], parts[1::2], strict=True)}
    return {name: own["light"] | roles for name, roles in own.items()}


def colours(css: str) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def linear(colour: str) -> list[float]:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB
EYES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}
TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)


def times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(colour: str, eyes: str) -> tuple[float, float, float]:
    """CIELAB of a colour as these eyes see it."""
    seen = [min(1.0, max(0.0, part)) for part in times(EYES[eyes], linear(colour))]
    x, y, z = (
        part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116
        for part in (a / b for a, b in zip(times(TO_XYZ, seen), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360


def difference(one: Sequence[float], other: Sequence[float]) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2, h1, h2 = math.hypot(a1, b1), math.hypot(a2, b2), hue(a1, b1), hue(a2, b2)
    turn = (h2 - h1 + 180) % 360 - 180
    bent = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma, mean = (l1 + l2) / 2, (c1 + c2) / 2, h1 + turn / 2
    weight = 1 + sum(
        share * math.cos(math.radians(times_ * mean + shift))
        for share, times_, shift in (
            (-0.17, 1, -30),
            (0.24, 2, 0),
            (0.32, 3, 6),
            (-0.20, 4, -63),
        )
    )
    by_light = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    by_chroma, by_hue = (c2 - c1) / (1 + 0.045 * chroma), bent / (1 + 0.015 * chroma * weight)
    swing = 60 * math.exp(-((((mean % 360) - 275) / 25) ** 2))
    mixed = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(math.radians(swing))
    return math.sqrt(by_light**2 + by_chroma**2 + by_hue**2 + mixed * by_chroma * by_hue)


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_the_published_one(
    one: tuple[float, ...], other: tuple[float, ...], known: float
) -> None:
    assert difference(one, other) == pytest.approx(known, abs=1e-4)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", EYES)
def test_labels_can_be_told_apart_by_colour_by_everyone(theme: str, eyes: str) -> None:
    """10 is far more than one just sees (about 2); a letter and a line style stand beside it."""
    roles = themes()[theme]
    near = {
        pair: round(difference(lab(roles[pair[0]], eyes), lab(roles[pair[1]], eyes)), 1)
        for pair in combinations(LABELS, 2)
    }
    assert {pair: distance for pair, distance in near.items() if distance < 10} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_a_key_beside_muted_words_can_be_read(theme: str, ground: str) -> None:
    """Keys stand a little back from the words around them (`.key` has an opacity of 0.85)."""
    roles = themes()[theme]
    ink, under = (bytes.fromhex(roles[role][1:]) for role in ("muted", ground))
    seen = bytes(round(0.85 * a + 0.15 * b) for a, b in zip(ink, under, strict=True))
    assert contrast(f"#{seen.hex()}", roles[ground]) >= 4.5


def test_every_theme_that_can_be_chosen_is_there() -> None:
    assert set(themes()) == set(THEMES)
    assert set(THEMES) | {"auto"} == set(get_args(Theme))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("pair", "least"),
    [(pair, 4.5) for pair in TEXT]
    + [(pair, 3) for pair in SHAPES]
    + [(pair, 7) for pair in READING],
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
