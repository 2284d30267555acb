"""Whom the registry knows in a text, and who is never linked by a machine."""

import pytest

from tests.suggest.reading import found, name, words

LARAS = name("Laras Prabasari")


def actors(text: str, *names: object, language: str = "id") -> list[tuple[str | None, bool]]:
    rows = found(text, language, *names, label="ACTOR")  # type: ignore[arg-type]  # names
    return [(words(text, one), one.entity is not None) for one in rows]


def test_the_longest_name_counts() -> None:
    text = "Komisi Selat Gandring dan Komisi Selat bertemu."
    names = [
        name("Komisi Selat Gandring", type="organisation"),
        name("Komisi Selat", "Komisi Selat Gandring", kind="short", type="organisation"),
    ]
    assert actors(text, *names) == [("Komisi Selat Gandring", True), ("Komisi Selat", True)]


def test_only_whole_words_count() -> None:
    assert actors("Inasi, Inang dan Kina pergi.", name("Ina")) == []


def test_accents_case_and_quotation_marks_are_folded_and_offsets_stay_exact() -> None:
    text = "🚢 ZOE\u0308 MARCHETAL, Zoe Marchetal; Pilots’ Guild."
    names = [name("Zoë Marchetal"), name("Pilots' Guild", type="organisation")]
    assert actors(text, *names) == [
        ("ZOE\u0308 MARCHETAL", True),
        ("Zoe Marchetal", True),
        ("Pilots’ Guild", True),
    ]


def test_an_abbreviation_is_no_small_word() -> None:
    us = name("AS", "Amerika", kind="abbreviation", type="country")
    assert actors("as soon as AS came", us, language="en") == [("AS", True)]


def test_a_word_in_lower_case_is_nobodys_first_name() -> None:
    assert actors("Adil itu adil.", name("Adil")) == [("Adil", True)]


def test_a_title_belongs_to_the_name_behind_it() -> None:
    text = "Menteri Perhubungan Laras Prabasari datang."
    role = name("Menteri Perhubungan", "Laras Prabasari", kind="role")
    expected = [("Menteri Perhubungan Laras Prabasari", True)]
    assert actors(text, LARAS, role) == actors(text, LARAS) == expected


def test_a_country_before_a_name_does_not_belong_to_it() -> None:
    text = "Mitranya dari Velmora Laras Prabasari datang."
    country = name("Velmora", type="country")
    assert actors(text, LARAS, country) == [("Velmora", True), ("Laras Prabasari", True)]


@pytest.mark.parametrize("kind", ["metonym", "role"])
def test_metonyms_and_roles_are_offered_and_never_linked(kind: str) -> None:
    row = name("Istana Cempaka", "Kantor Presiden", kind=kind, type="government")
    assert actors("Kemarin Istana Cempaka diam.", row) == [("Istana Cempaka", False)]


def test_a_name_of_two_is_offered_and_not_linked() -> None:
    two = [name("Kim", "Kim Satu", kind="short"), name("Kim", "Kim Dua", kind="short")]
    assert actors("Kemarin Kim datang.", *two) == [("Kim", False)]


def test_a_name_that_is_also_a_metonym_of_the_same_entity_is_sure() -> None:
    both = [name("Sagara", type="media"), name("Sagara", "Sagara", kind="metonym", type="media")]
    assert actors("Kemarin Sagara menulis.", *both) == [("Sagara", True)]


def test_a_place_in_the_name_of_another_thing_is_no_actor() -> None:
    city = name("Karangwulan", "Pemerintah", kind="metonym", type="government")
    text = "Kapal di Pelabuhan Karangwulan menunggu Karangwulan."
    assert actors(text, city) == [("Karangwulan", False)]
    assert found(text, "id", city, label="ACTOR")[0].fragments == ((40, 51),)


def test_a_dateline_is_no_actor() -> None:
    city = name("Karangwulan", "Pemerintah", kind="metonym", type="government")
    assert actors("KARANGWULAN – Kapal itu tiba.", city) == []


def test_what_stands_in_brackets_behind_a_name_belongs_to_it() -> None:
    text = "Kemarin Perusahaan Penyeberangan Samudrana (PPS) diam."
    pps = name("PPS", "Perusahaan", kind="abbreviation", type="organisation")
    assert actors(text) == [("Perusahaan Penyeberangan Samudrana (PPS)", False)]
    assert actors(text, pps) == [("Perusahaan Penyeberangan Samudrana (PPS)", True)]
    assert actors("Kemarin Ina Wati (42) diam.", name("Ina Wati")) == [("Ina Wati", True)]


def test_a_title_with_an_unknown_name_is_offered() -> None:
    assert actors("Kemarin Bupati Siwi Harjamukti datang.") == [("Bupati Siwi Harjamukti", False)]


def test_a_concept_is_no_actor() -> None:
    assert actors("Impor beras naik.", name("Impor beras", type="concept")) == []


def test_pronouns_are_no_actors_of_their_own() -> None:
    assert actors("Ia datang, dia pergi, mereka diam.") == []


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("国連は会議を開いた。", "国連"),
        ("قال وزير الري أمس", "وزير الري"),
        ("ที่กรุงเทพฯมีฝน", "กรุงเทพ"),
    ],
)
def test_names_are_found_in_scripts_without_capitals_or_spaces(text: str, entity: str) -> None:
    assert actors(text, name(entity, type="organisation"), language="ja") == [(entity, True)]


@pytest.mark.parametrize(("words_", "found_"), [(24, True), (25, False)])
def test_a_name_of_a_great_many_words_is_not_looked_for(words_: int, found_: bool) -> None:
    """Each place of a text would cost as much as the longest name."""
    long = " ".join(f"kata{number}" for number in range(words_))
    assert bool(actors(f"Kemarin {long} datang.", name(long))) is found_
