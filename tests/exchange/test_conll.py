"""CoNLL columns: every scheme of tags, documents and their texts, a real corpus."""

import os
import re
import zipfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.corpora.readers import archive
from annotations.corpora.readers.drafts import LineRefusal
from annotations.corpora.readers.sources import Source, source_at
from annotations.exchange.formats import conll
from annotations.exchange.formats.annotated import Annotated
from annotations.limits import LIMITS
from tests.exchange.foreign import layer, read, said, sources, spans

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data" / "id-ner-news"

Told = list[tuple[str, int, bool]]


def rows(tags: str, words: str = "Sari Wulan di Ampel .") -> str:
    pairs = zip(words.split(), tags.split(), strict=True)
    return "".join(f"{word} X {tag}\n" for word, tag in pairs)


def found(file: str | bytes, name: str = "a.conll") -> tuple[list[str], list[list[str]], Told]:
    """The texts, the words of their spans, and what is said."""
    given = list(conll.read(sources({name: file})))
    articles = [one for one in given if isinstance(one, Annotated)]
    marked = [[words for _, [words] in spans(o.layers[0], o.draft.text)] for o in articles]
    return [one.draft.text for one in articles], marked, said(given)


@pytest.mark.parametrize(
    ("tags", "wanted"),
    [
        ("B-PER I-PER O B-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("I-PER I-PER O I-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("B-PER B-PER O S-LOC O", [["Sari"], ["Wulan"], ["Ampel"]]),
        ("B-PER E-PER O S-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("B-PER L-PER O U-LOC O", [["Sari Wulan"], ["Ampel"]]),
        ("B-PER I-PER E-PER S-PER O", [["Sari Wulan di"], ["Ampel"]]),
        ("I-PER I-LOC I-LOC B-LOC I-LOC", [["Sari"], ["Wulan di"], ["Ampel ."]]),
        ("B-KARYA-SENI I-KARYA-SENI O O O", [["Sari Wulan"]]),
        ("O O O O O", []),
    ],
)
def test_tags_of_every_scheme(tags: str, wanted: list[list[str]]) -> None:
    one = layer(conll.read, {"siti/a.conll": rows(tags)})
    assert one.annotator == "siti"
    assert [words for _, words in spans(one, "Sari Wulan di Ampel .\n")] == wanted


@pytest.mark.parametrize(
    ("tags", "wanted", "line"),
    [
        ("B-PER O I-LOC I-LOC O", ["Sari", "di Ampel"], 3),
        ("B-PER I-LOC O O O", ["Sari", "Wulan"], 2),
        ("B-PER O E-LOC O O", ["Sari", "di"], 3),
        ("S-PER I-PER E-PER O O", ["Sari", "Wulan di"], 2),
        ("B-PER E-PER E-PER O O", ["Sari Wulan", "di"], 3),
    ],
)
def test_tags_that_cannot_follow_begin_a_span(tags: str, wanted: list[str], line: int) -> None:
    _, [marked], losses = found(rows(tags))
    assert marked == wanted
    assert losses == [("conll_sequence", line, True)]


def test_a_sentence_starts_anew() -> None:
    _, [marked], losses = found("Sari B-PER\n\nWulan I-PER\n")
    assert (marked, losses) == (["Sari", "Wulan"], [("conll_sequence", 3, True)])


@pytest.mark.parametrize("tag", ["PER", "B-", "B", "b-PER", "X-PER", "B-A\0", "_", "B-\u00a0"])
def test_what_is_no_tag_marks_nothing_and_is_named(tag: str) -> None:
    texts, [marked], losses = found(f"Sari\t{tag}\npergi\tO\nWarga\tB-PER\n")
    assert (texts, marked) == (["Sari pergi Warga\n"], ["Warga"])
    assert losses == [("conll_tag", 1, False)]


# --- columns ----------------------------------------------------------------------------------


def test_a_header_names_the_columns() -> None:
    header = "Sentence\tWord\tNER\tPOS\n1\tSari\tB-PER\tN\n1\tpergi\tO\tV\n"
    assert found(header) == (["Sari pergi\n"], [["Sari"]], [])
    assert found("token tag\nSari B-PER\n") == (["Sari\n"], [["Sari"]], [])


def test_global_columns_name_the_columns() -> None:
    file = "# global.columns = ID FORM X:NE MISC\n1\tSari\tB-PER\t_\n2\tdan\t_\t_\n3\tia\t_\t_\n"
    assert found(file) == (["Sari dan ia\n"], [["Sari"]], [])
    other = "# global.columns = FORM X:DEP MISC\nSari\tx\tB-PER\npergi\tO\n"
    assert found(other) == (["Sari pergi\n"], [["Sari"]], [])


def test_columns_are_parted_by_tabs_or_spaces() -> None:
    assert found("New York\tX\tB-LOC\nkota \t\tO\t\n")[:2] == (["New York kota\n"], [["New York"]])
    assert found("Rp\u00a05   B-UANG\n\u3000x O\n") == (
        ["Rp\u00a05 \u3000x\n"],
        [["Rp\u00a05"]],
        [],
    )
    assert found("Sari  B-PER \nia \t O\n") == (["Sari ia\n"], [["Sari"]], [])


def test_a_line_without_its_columns_is_named() -> None:
    texts, _, losses = found("Sari B-PER\nalone\nIa O\n")
    assert (texts, losses) == (["Sari Ia\n"], [("conll_line", 2, False)])
    texts, [marked], losses = found("Sari N B-PER\n10 000 N B-NUM\nIa O\n")
    assert (texts, marked) == (["Sari 10 Ia\n"], ["Sari", "10"])
    assert losses == [("conll_columns", 2, True), ("conll_columns", 3, True)]
    _, _, losses = found("Sari\tB-PER\n\tO\nIa\tO\nia O\n")
    assert losses == [("conll_line", 2, False), ("conll_line", 4, False)]


def test_a_hash_is_a_word_where_it_has_a_tag() -> None:
    file = "# tentang Sari\n# sent_id = 1\nSari\tB-PER\n#\tO\n#Ampel\tB-TAG\n"
    assert found(file) == (["Sari # #Ampel\n"], [["Sari", "#Ampel"]], [])
    assert found("# O\nSari B-PER\n# B-X\n# tentang O dan B-PER\n") == (
        ["# Sari #\n"],
        [["Sari", "#"]],
        [],
    )


@pytest.mark.parametrize(
    "file",
    ["", "\n\n", "This is a corpus\nof some words O\nin a file\n", "alone\nalone\n", "%PDF-1.7\n"],
)
def test_a_file_without_tags_is_refused(file: str) -> None:
    assert found(file, "README.txt") == ([], [], [("conll_no_tags", 0, False)])


# --- documents --------------------------------------------------------------------------------


def test_sentences_are_lines_and_documents_articles() -> None:
    file = "-DOCSTART- O\n\nSari\tB-PER\n.\tO\n\nIa\tO\n\n-DOCSTART- -X- O\n\nBayu\tB-PER\n"
    given = read(conll.read, {"a.conll": file})
    assert [(one.draft.title, one.draft.text) for one in given] == [
        ("a", "Sari .\nIa\n"),
        ("a (2)", "Bayu\n"),
    ]
    assert [one.layers[0].annotator for one in given] == ["conll", "conll"]
    assert [one.draft.encoding for one in given] == ["utf-8", "utf-8"]
    assert [one.draft.place.line for one in given] == [1, 8]
    assert [loss for one in given for loss in one.losses] == []


def test_a_document_begins_without_a_blank_line_too() -> None:
    file = "Sari B-PER\n# newdoc id = d 2 \nBayu B-PER\n-DOCSTART-\nIa O\n# newdoc\nKami O\n"
    given = read(conll.read, {"a.conll": file})
    assert [(one.draft.text, one.draft.external_id) for one in given] == [
        ("Sari\n", None),
        ("Bayu\n", "d 2"),
        ("Ia\n", None),
        ("Kami\n", None),
    ]


def test_an_id_that_can_be_none_costs_no_document() -> None:
    [one] = read(conll.read, {"a.conll": f"# newdoc id = {'x' * 300}\nSari B-PER\n"})
    assert one.draft.external_id is None
    assert one.draft.metadata["external_id"] == "x" * 300
    assert said([one]) == [("field_too_long", 1, True)]


def test_a_document_of_which_nothing_can_be_read_is_refused() -> None:
    file = "# newdoc\n# newdoc\nSari B-PER\n# newdoc\nalone\n\n# newdoc\nIa O\nIa\0 O\n"
    texts, _, losses = found(file)
    assert texts == ["Sari\n"]
    assert losses == [("conll_empty", 4, False), ("character_nul", 7, False)]


def test_the_text_itself_where_the_tokens_stand_in_it() -> None:
    file = (
        "# newdoc id = d7\n# text = Sari, 🚢 pergi!\nSari\tB-PER\n,\tO\n🚢\tB-X\npergi\tO\n!\tO\n"
    )
    [one] = read(conll.read, {"a.conllu": file})
    assert (one.draft.external_id, one.draft.text) == ("d7", "Sari, 🚢 pergi!\n")
    assert spans(one.layers[0], one.draft.text) == [("PER", ["Sari"]), ("X", ["🚢"])]
    assert one.losses == []


@pytest.mark.parametrize("text", ["Bayu pergi", "Sari pergi lagi", "Sari ia pergi", "Sari"])
def test_a_text_that_the_tokens_do_not_make_is_given_up(text: str) -> None:
    file = f"# text = {text}\nSari B-PER\npergi O\n\nIa O\n"
    assert found(file) == (["Sari pergi\nIa\n"], [["Sari"]], [("conll_text", 2, True)])


def test_each_text_is_that_of_the_next_sentence() -> None:
    file = "# text = Sari!\nSari B-PER\n! O\n# text = Bayu?\n\nBayu B-PER\n? O\n\nIa O\n. O\n"
    assert found(file)[:2] == (["Sari!\nBayu?\nIa .\n"], [["Sari", "Bayu"]])


def test_a_long_file_without_documents_is_cut_between_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert conll.LONGEST == 100_000 < LIMITS.article_code_points
    monkeypatch.setattr(conll, "LONGEST", 1_000)
    sentence = "".join(f"kata{number} O\n" for number in range(10)) + "Sari B-PER\n\n"
    given = read(conll.read, {"a.conll": sentence * 100})
    assert len(given) == 7
    assert all(len(one.draft.text) <= 1_000 for one in given)
    assert [one.draft.title for one in given[:2]] == ["a", "a (2)"]
    assert given[1].draft.place.line == given[0].draft.text.count("\n") * 12 + 1
    assert sum(len(one.layers[0].spans) for one in given) == 100
    [whole] = read(conll.read, {"a.conll": "-DOCSTART- O\n\n" + sentence * 100})
    assert len(whole.layers[0].spans) == 100


def test_a_bad_line_is_named_with_the_article_it_was_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conll, "LONGEST", 10)
    given = read(conll.read, {"a.conll": "alone\nSari O\nia O\n\nBayu O\nsingle\npergi O\n\n"})
    assert [one.draft.text for one in given] == ["Sari ia\n", "Bayu pergi\n"]
    assert [[loss.place.line for loss in one.losses] for one in given] == [[1], [6]]


def test_what_is_too_long_for_an_article_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conll, "MOST", 100)
    monkeypatch.setattr(conll, "LONGEST", 100)
    long = "kata O\n" * 40
    texts, _, losses = found(f"Sari B-PER\n\n{long}\nIa O\n")
    assert (texts, losses) == (["Sari\n", "Ia\n"], [("text_too_long", 3, False)])
    texts, _, losses = found("# newdoc\n" + "kata O\n\n" * 40)
    assert (texts, losses) == ([], [("text_too_long", 1, False)])
    texts, _, losses = found(f"-DOCSTART-\n{long}-DOCSTART-\nIa O\n")
    assert (texts, losses) == (["Ia\n"], [("text_too_long", 1, False)])


def test_a_document_names_so_many_bad_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conll, "MOST_LOSSES", 2)
    _, _, losses = found("Sari O\n" * 9 + "alone\n" * 5)
    assert losses == [
        ("conll_line", 10, False),
        ("conll_line", 11, False),
        ("conll_more", 12, False),
    ]


# --- bytes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_the_encoding_is_detected(encoding: str) -> None:
    file = "Säri B-PER\r\npergi O\r\n\r\nDüne B-LOC\r\n".encode(encoding)
    assert found(file) == (["Säri pergi\nDüne\n"], [["Säri", "Düne"]], [])


def test_a_line_in_another_encoding_costs_itself() -> None:
    file = "Säri B-PER\nDüne B-LOC\n".encode() + b"S\xe9ri B-PER\nia O\n"
    texts, _, losses = found(file)
    assert (texts, losses) == (["Säri Düne ia\n"], [("undecodable", 3, False)])


def test_a_damaged_member_of_an_archive_is_named() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("siti/a.conll", "Sari B-PER\nRUSAK O\n")
        made.writestr("siti/b.conll", "Ia O\n")
    broken = data.getvalue().replace(b"RUSAK", b"rusak")
    source = Source("x.zip", len(broken), lambda: BytesIO(broken))
    with ExitStack() as stack:
        members = [one for one in archive.members(source, stack) if isinstance(one, Source)]
        given = list(conll.read(members))
    assert [type(one).__name__ for one in given] == ["LineRefusal", "Annotated"]
    assert said(given) == [("zip_damaged", 0, False)]


def test_other_files_are_passed_over() -> None:
    assert list(conll.read(sources({"a.png": b"\x89PNG", "LICENSE": "MIT"}))) == []


# --- what is written is read ------------------------------------------------------------------

WORD = st.text("ab🚢é\u0301\u00a0#“", min_size=1, max_size=4).filter(str.strip)
CHUNK = st.tuples(st.lists(WORD, min_size=1, max_size=3), st.sampled_from(("O", "PER", "LOC-X")))
SENTENCE = st.lists(CHUNK, min_size=1, max_size=6)
Chunk = tuple[list[str], str]
SCHEMES = {"BIO": tuple("BIIB"), "BIOES": tuple("BIES"), "BILOU": tuple("BILU")}


@given(st.lists(SENTENCE, min_size=1, max_size=4), st.sampled_from(tuple(SCHEMES)))
def test_what_is_written_is_read(sentences: list[list[Chunk]], scheme: str) -> None:
    file = "\n".join(
        "".join(
            f"{word}\t{tag}\n"
            for words, label in sentence
            for word, tag in zip(words, tags_of(len(words), label, scheme), strict=True)
        )
        for sentence in sentences
    )
    [one] = read(conll.read, {"a.conll": file})
    wanted = [(label, [" ".join(words)]) for s in sentences for words, label in s if label != "O"]
    assert spans(one.layers[0], one.draft.text) == wanted
    assert one.losses == []


def tags_of(count: int, label: str, scheme: str) -> list[str]:
    if label == "O":
        return ["O"] * count
    begin, inside, end, only = SCHEMES[scheme]
    marks = [only] if count == 1 else [begin, *[inside] * (count - 2), end]
    return [f"{mark}-{label}" for mark in marks]


LINE = st.text(st.sampled_from("#-BIOES \t\r=newdoctxt_\0\u00a0\ufeff"), max_size=12)


@given(st.lists(LINE, max_size=12))
def test_no_file_makes_it_fall(lines: list[str]) -> None:
    file = "\n".join(("Sari B-PER", "ia O", *lines))
    for one in conll.read(sources({"a.conll": file})):
        assert isinstance(one, Annotated | LineRefusal)
        assert said([one]) is not None


# --- a real corpus ----------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="KUTIP_DATA does not lead to data/id-ner-news")
def test_indonesian_news_loads() -> None:
    files = sorted(DATA.glob("*.txt"))
    sentences, entities = 0, 0
    for file in files:
        text = file.read_bytes().decode("utf-8").replace("\r\n", "\n")
        for block in re.split(r"\n\s*\n", text):
            tags = " ".join(line.split()[-1] for line in block.splitlines() if line.strip())
            sentences += bool(tags)
            entities += len(re.findall(r"B-(\S+)(?: I-\1)*", tags))
    given = list(conll.read([source_at(file) for file in files]))
    articles = [one for one in given if isinstance(one, Annotated)]
    assert [one.draft.title for one in articles] == ["dev", "test", "train", "train (2)"]
    assert sum(one.draft.text.count("\n") for one in articles) == sentences == 2_340
    assert sum(len(one.layers[0].spans) for one in articles) == entities == 3_777
    assert said(given) == []
