import pytest

from annotations.demo.misspelled import MisspelledError
from annotations.demo.records import DemoAlias
from annotations.demo.registry import read

LARAS = "laras | person | Laras Prabasari | Menteri\n"


def test_aliases_belong_to_the_entity_above_them() -> None:
    laras, vps = read(
        "r.txt",
        LARAS
        + "  role id Menteri Perhubungan from=2024-10-21 to=2025-01-01\n"
        + "\nvps | media | Velmora Press Service | Agency\n  abbreviation - VPS\n",
    )
    assert laras.aliases == (
        DemoAlias("Menteri Perhubungan", "role", "id", "2024-10-21", "2025-01-01"),
    )
    assert vps.aliases == (DemoAlias("VPS", "abbreviation", ""),)


def test_an_entity_has_the_same_id_every_time() -> None:
    assert read("r.txt", LARAS)[0].id == read("other.txt", LARAS)[0].id


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LARAS + LARAS, "r.txt:2: a second entity laras"),
        ("  short id Laras\n", "r.txt:1: neither an entity nor an alias"),
        (LARAS + "Laras person\n", "r.txt:2: neither an entity nor an alias"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(content: str, why: str) -> None:
    with pytest.raises(MisspelledError) as refused:
        read("r.txt", content)
    assert str(refused.value).startswith(why)
