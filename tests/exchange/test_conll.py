"""CoNLL columns: every scheme of tags, documents and their texts, a real corpus."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers.sources import source_at
from annotations.exchange.formats import conll
from annotations.exchange.formats.annotated import Annotated
from tests.exchange.foreign import layer, read, said, sources, spans

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "id-ner-news"


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("B-PER I-PER O B-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("I-PER I-PER O I-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("B-PER B-PER O S-LOC O", [["Sari"], ["Wulan"], ["Ampel"]]),
        ("B-PER E-PER O S-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("B-PER L-PER O U-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("I-PER I-LOC I-LOC B-LOC I-LOC", [["Sari"], ["Wulan di"], ["Ampel ."]]),
        ("O O O O O", []),
    ],
)
def test_tags_of_every_scheme(tags: str, wanted: list[list[str]]) -> None:
    words = ["Sari", "Wulan", "di", "Ampel", "."]
    rows = "".join(f"{word} X {tag}\n" for word, tag in zip(words, tags.split(), strict=True))
    found = layer(conll.read, {"siti/a.conll": rows})
    assert found.annotator == "siti"
    assert [words for _, words in spans(found, "Sari Wulan di Ampel .\n")] == wanted


def test_sentences_are_lines_and_documents_articles() -> None:
    rows = "-DOCSTART- O\n\nSari\tB-PER\n.\tO\n\nIa\tO\n\n-DOCSTART- O\n\nBayu\tB-PER\n"
    found = read(conll.read, {"a.conll": rows})
    assert [(one.draft.title, one.draft.text) for one in found] == [
        ("a", "Sari .\nIa\n"),
        ("a (2)", "Bayu\n"),
    ]
    assert [one.layers[0].annotator for one in found] == ["conll", "conll"]


def test_the_text_itself_where_the_tokens_stand_in_it() -> None:
    rows = (
        "# newdoc id = d7\n# text = Sari, 🚢 pergi!\nSari\tB-PER\n,\tO\n🚢\tB-X\npergi\tO\n!\tO\n"
    )
    [one] = read(conll.read, {"a.conllu": rows})
    assert (one.draft.external_id, one.draft.text) == ("d7", "Sari, 🚢 pergi!\n")
    assert spans(one.layers[0], one.draft.text) == [("PER", ["Sari"]), ("X", ["🚢"])]
    [other] = read(conll.read, {"a.conllu": rows.replace("# text = Sari", "# text = Bayu")})
    assert other.draft.text == "Sari , 🚢 pergi !\n"


def test_a_line_without_a_tag_is_named() -> None:
    found = list(conll.read(sources({"a.conll": "Sari B-PER\nalone\nIa O\n"})))
    assert said(found) == [("conll_line", 2, False)]
    assert isinstance(found[0], Annotated)
    assert found[0].draft.text == "Sari Ia\n"


def test_a_long_file_without_documents_is_cut_between_sentences() -> None:
    sentence = "".join(f"kata{number} O\n" for number in range(100)) + "Sari B-PER\n\n"
    found = read(conll.read, {"a.conll": sentence * 300})
    assert len(found) == 3
    assert all(len(one.draft.text) < conll.LONGEST + 2_000 for one in found)
    assert sum(len(one.layers[0].spans) for one in found) == 300


TOKENS = st.lists(
    st.tuples(st.text("ab🚢é", min_size=1, max_size=4), st.sampled_from(("O", "PER", "LOC"))),
    min_size=1,
    max_size=8,
)


@given(st.lists(TOKENS, min_size=1, max_size=4))
def test_what_is_written_is_read(sentences: list[list[tuple[str, str]]]) -> None:
    rows = "\n".join(
        "".join(f"{word}\t{'O' if tag == 'O' else f'B-{tag}'}\n" for word, tag in sentence)
        for sentence in sentences
    )
    [one] = read(conll.read, {"a.conll": rows})
    wanted = [(tag, [word]) for sentence in sentences for word, tag in sentence if tag != "O"]
    assert spans(one.layers[0], one.draft.text) == wanted


@pytest.mark.skipif(not DATA.is_dir(), reason="KUTIP_DATA does not lead to data/id-ner-news")
def test_indonesian_news_loads() -> None:
    files = sorted(DATA.glob("*.txt"))
    begun = sentences = 0
    for file in files:
        for block in file.read_text(encoding="utf-8").split("\n\n"):
            tags = [line.split()[-1] for line in block.splitlines() if line.strip()]
            sentences += bool(tags)
            begun += sum(tag.startswith("B-") for tag in tags)
    found = list(conll.read([source_at(file) for file in files]))
    articles = [one for one in found if isinstance(one, Annotated)]
    assert sum(one.draft.text.count("\n") for one in articles) == sentences == 2_340
    assert sum(len(one.layers[0].spans) for one in articles) == begun
    assert said(found) == []
