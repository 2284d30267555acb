"""REFI-QDA project exchange: texts, codes and coders; what no layer holds; what strangers send."""

from contextlib import ExitStack
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from annotations.corpora.readers import kinds
from annotations.corpora.readers.drafts import LineRefusal
from annotations.exchange.formats import qda, qda_layers
from annotations.exchange.formats.annotated import Annotated, Found, TaggedLayer
from annotations.exchange.formats.detecting import detect
from tests.exchange.foreign import layer, read, said, sources, spans
from tests.exchange.qda_projects import BAYU, SITI, SPACE, Coded, Source, Written, content, packed

TEXT = "Sari 🚢 menolak.\nWarga setuju."
SARI = Coded(0, 4, ["c1"], name="Sari")
NESTED = (
    '<Code guid="c0" name="Pihak" isCodable="false">'
    '<Code guid="C1" name="ACTOR" isCodable="true" color="#ff0000"/></Code>'
    '<Code guid="c2" name="Lain" isCodable="true">'
    '<Code guid="c3" name="Sama" isCodable="true"/></Code>'
    '<Code guid="c4" name="Sama" isCodable="true"/>'
)


def found(project: Written) -> list[Found]:
    return list(qda.read(sources({"p.qdpx": project.qdpx()})))


def one(project: Written) -> tuple[Annotated, list[tuple[str, bool]]]:
    """The one article, and what was said of it."""
    [only] = read(qda.read, {"p.qdpx": project.qdpx()})
    return only, [(code, kept) for code, _, kept in said([only])]


def refused(project: Written | bytes | dict[str, str | bytes]) -> list[str]:
    data = project.qdpx() if isinstance(project, Written) else project
    data = packed(data) if isinstance(data, dict) else data
    told = list(qda.read(sources({"p.qdpx": data})))
    assert all(isinstance(it, LineRefusal) for it in told), told
    return [code for code, _, _ in said(told)]


def by(annotator: str, article: Annotated) -> TaggedLayer:
    return next(made for made in article.layers if made.annotator == annotator)


# --- what is read -----------------------------------------------------------------------------


def test_a_coding_is_a_span_of_who_made_it() -> None:
    project = Written([Source(TEXT, [SARI, Coded(7, 14, ["c1"])])])
    made = layer(qda.read, {"p.qdpx": project.qdpx()})
    assert made.annotator == "siti"
    assert spans(made, TEXT) == [("ACTOR", ["Sari"]), ("ACTOR", ["menolak"])]


def test_a_text_may_lie_in_a_file_whatever_the_case_of_its_folder() -> None:
    project = Written([Source(data=TEXT.encode(), selections=[SARI], guid="A0")])
    article, told = one(project)
    assert (article.draft.text, article.draft.title, told) == (TEXT, "Aksi", [])
    files = {
        name.replace("Sources/A0", "sources/a0"): data for name, data in project.files().items()
    }
    assert read(qda.read, {"p.qdpx": packed(files)})[0].draft.text == TEXT


def test_each_user_is_a_layer_and_braces_and_case_of_ids_do_not_matter() -> None:
    theirs = Coded(7, 14, ["C1"], user=f"{{{BAYU.lower()}}}")
    article, told = one(Written([Source(TEXT, [SARI, theirs])], codes=NESTED.replace("C1", "{c1}")))
    assert {made.annotator: spans(made, TEXT) for made in article.layers} == {
        "siti": [("ACTOR", ["Sari"])],
        "bayu": [("ACTOR", ["menolak"])],
    }
    assert told == [("qda_beside", False)]


def test_two_users_of_one_name_are_one_layer() -> None:
    users = {SITI: "siti", BAYU: "siti"}
    article, _ = one(Written([Source(TEXT, [SARI, Coded(7, 14, ["c1"], BAYU)])], users=users))
    assert [len(made.spans) for made in article.layers] == [2]


def test_a_coding_of_nobody_known_is_of_the_project() -> None:
    article, _ = one(Written([Source(TEXT, [Coded(0, 4, ["c1"], user="")])], users={}))
    assert [made.annotator for made in article.layers] == ["qda"]


def test_a_code_below_another_keeps_its_path() -> None:
    article, _ = one(Written([Source(TEXT, [SARI])], codes=NESTED))
    [span] = by("siti", article).spans.values()
    assert (span.label, span.attributes) == ("ACTOR", {"path": "Pihak › ACTOR"})


def test_codes_of_one_name_are_told_apart_by_their_paths() -> None:
    article, _ = one(Written([Source(TEXT, [Coded(0, 4, ["c3", "c4", "c2"])])], codes=NESTED))
    labels = [span.label for span in by("siti", article).spans.values()]
    assert labels == ["Lain › Sama", "Sama", "Lain"]


def test_a_text_that_nobody_coded_is_an_article_without_layers() -> None:
    article, told = one(Written([Source(TEXT)]))
    assert (article.layers, told) == ([], [])


def test_the_text_of_a_pdf_is_read_with_its_selections() -> None:
    selection = (
        '<PlainTextSelection guid="s" startPosition="0" endPosition="4" creatingUser="x">'
        '<Coding guid="d"><CodeRef targetGUID="c1"/></Coding></PlainTextSelection>'
    )
    region = (
        '<PDFSelection guid="r" page="0" firstX="0" firstY="0" secondX="1" secondY="1">'
        f'<Representation guid="z">{content("lain")}</Representation>'
        '<Coding guid="e"><CodeRef targetGUID="c1"/></Coding></PDFSelection>'
    )
    pdf = (
        f'<PDFSource guid="b" name="Laporan" path="internal://b.pdf">{region}'
        f'<Representation guid="t" name="Representation_for_b">{content(TEXT)}{selection}'
        '</Representation><Coding guid="f"/></PDFSource>'
    )
    xml = Written().xml().replace("<Sources>", f"<Sources>{pdf}")
    [article] = read(qda.read, {"p.qdpx": packed({"project.qde": xml})})
    assert (article.draft.title, spans(article.layers[0], TEXT)) == (
        "Laporan",
        [("ACTOR", ["Sari"])],
    )
    assert [loss.reason.values["what"] for loss in article.losses] == [
        "PDFSelection",
        "Coding (PDFSource)",
    ]


def test_values_of_variables_are_metadata() -> None:
    value = (
        '<Description>Dari Kompas</Description><VariableValue><VariableRef targetGUID="v1"/>'
        "<TextValue>Kompas</TextValue></VariableValue><VariableValue>"
        '<VariableRef targetGUID="v2"/><IntegerValue>3</IntegerValue></VariableValue>'
    )
    variables = '<Variables><Variable guid="V1" name="Media" typeOfVariable="Text"/></Variables>'
    article, told = one(Written([Source(TEXT, inside=value)], before=variables))
    assert article.draft.metadata == {"Media": "Kompas", "v2": "3", "Description": "Dari Kompas"}
    assert told == []


def test_a_project_that_was_unpacked_and_packed_again_is_read() -> None:
    files = Written([Source(data=TEXT.encode(), selections=[SARI])]).files()
    again = {f"all.zip/p/{name}": data for name, data in files.items()}
    [article] = read(qda.read, again)
    assert (article.draft.text, detect(sources(again))) == (TEXT, "qda")


def test_a_project_that_is_named_after_itself_is_read() -> None:
    """As ATLAS.ti does, whatever the standard says."""
    files = Written([Source(data=TEXT.encode(), selections=[SARI])]).files()
    files["Trial.qde"] = files.pop("project.qde")
    [article] = read(qda.read, {"Project.qdpx": packed(files)})
    assert len(article.layers) == 1


def test_version_1_5_of_the_namespace_is_read() -> None:
    article, _ = one(Written([Source(TEXT, [SARI])], space="urn:QDA-XML:project:1.5"))
    assert len(article.layers) == 1


# --- memos ------------------------------------------------------------------------------------

NOTES = (
    f'<Notes><Note guid="n1" name="Ragu" creatingUser="{BAYU}">{content("Siapa?")}</Note>'
    f'<Note guid="n2">{content("Tentang semuanya")}</Note></Notes>'
)


def test_memos_of_a_selection_and_of_a_coding_stand_on_the_span() -> None:
    inside = '<Description>Yakin</Description><NoteRef targetGUID="N1"/>'
    article, told = one(Written([Source(TEXT, [Coded(0, 4, ["c1"], inside=inside)])], after=NOTES))
    [span] = by("siti", article).spans.values()
    assert span.notes == ["Yakin", "Ragu: Siapa?"]
    assert told == [("qda_beside", False)]
    assert article.losses[0].reason.values == {"what": "Note", "count": 1}


def test_a_link_from_a_note_to_a_selection_is_a_memo_and_others_are_lost() -> None:
    links = (
        '<Links><Link guid="l1" originGUID="n1" targetGUID="s0"/>'
        '<Link guid="l2" originGUID="s0" targetGUID="s1"/></Links>'
    )
    text = Source(TEXT, [SARI, Coded(7, 14, ["c1"])], inside='<NoteRef targetGUID="n2"/>')
    article, told = one(Written([text], after=NOTES + links))
    made = by("siti", article)
    assert [span.notes for span in made.spans.values()] == [["Ragu: Siapa?"], []]
    assert made.notes == ["qda: Tentang semuanya"]
    assert told == [("qda_beside", False)]


def test_a_memo_on_words_without_a_code_is_a_note_of_the_article() -> None:
    memo = Coded(7, 14, inside="<Description>Keras</Description>")
    article, told = one(Written([Source(TEXT, [SARI, memo, Coded(0, 4)])]))
    assert by("siti", article).notes == ["“menolak”: Keras"]
    assert told == [("qda_uncoded_memo", True), ("qda_uncoded", False)]


def test_a_note_that_says_itself_which_words_it_is_about_quotes_them() -> None:
    """As QualCoder writes its annotations."""
    note = (
        f'<Notes><Note guid="n1" creatingUser="{SITI}">{content("Keras")}'
        '<PlainTextSelection guid="s9" startPosition="6" endPosition="13"/></Note></Notes>'
    )
    text = Source("Warga menolak.", [SARI], inside='<NoteRef targetGUID="n1"/>')
    article, told = one(Written([text], after=note))
    assert by("siti", article).notes == ["“menolak”: Keras"]
    assert told == []


def test_a_code_of_the_whole_text_is_a_note_of_the_article() -> None:
    whole = f'<Coding guid="w" creatingUser="{SITI}"><CodeRef targetGUID="c1"/></Coding>'
    article, told = one(Written([Source(TEXT, [SARI], inside=whole)], codes=NESTED))
    assert by("siti", article).notes == ["Pihak › ACTOR"]
    assert ("qda_whole", True) in told


def test_a_memo_on_a_text_that_nobody_coded_is_lost() -> None:
    project = Written([Source(TEXT, inside='<NoteRef targetGUID="n2"/>')], after=NOTES)
    article, told = one(project)
    assert (article.layers, told) == ([], [("qda_beside", False), ("qda_memo", False)])


def test_notes_in_files_are_read_and_long_ones_do_not_multiply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(qda_layers, "MOST_NOTES", 900)
    note = '<Notes><Note guid="n1" plainTextPath="internal://n1.txt"/></Notes>'
    referring = [
        Coded(0, 4, ["c1"], inside='<NoteRef targetGUID="n1"/>', guid=f"s{n}") for n in range(9)
    ]
    files = Written([Source(TEXT, referring)], after=note).files()
    files["sources/n1.txt"] = "x" * 200
    [article] = read(qda.read, {"p.qdpx": packed(files)})
    assert sum(len(span.notes) for span in by("siti", article).spans.values()) == 2
    assert ("qda_notes", False) in [(code, kept) for code, _, kept in said([article])]


# --- what no layer holds ----------------------------------------------------------------------


def test_what_is_beside_the_texts_is_counted_by_what_it_is() -> None:
    beside = '<Cases><Case guid="k"/><Case guid="l"><CodeRef targetGUID="c1"/></Case></Cases>'
    after = '<Sets><Set guid="m" name="M"/></Sets><Graphs><Graph guid="g"/></Graphs>'
    media = (
        '<PictureSource guid="p"><PictureSelection guid="q" firstX="0" firstY="0" secondX="1"'
        ' secondY="1"><Coding guid="r"><CodeRef targetGUID="c1"/></Coding></PictureSelection>'
        '</PictureSource><AudioSource guid="o"><Transcript guid="t"/></AudioSource>'
        '<VideoSource guid="w"/><PDFSource guid="y"/>'
    )
    xml = Written([Source(TEXT, [SARI])], before=beside, after=after).xml()
    xml = xml.replace("<Sources>", f"<Sources>{media}")
    [article] = read(qda.read, {"p.qdpx": packed({"project.qde": xml})})
    counted = {loss.reason.values["what"]: loss.reason.values["count"] for loss in article.losses}
    assert counted == {
        "Case": 2,
        "PictureSource": 1,
        "PictureSelection": 1,
        "AudioSource": 1,
        "Transcript": 1,
        "VideoSource": 1,
        "PDFSource": 1,
        "Set": 1,
        "Graph": 1,
    }
    assert said([article])


def test_colours_definitions_and_times_are_counted() -> None:
    codes = (
        '<Code guid="c1" name="ACTOR" isCodable="true" color="#fff">'
        "<Description>Siapa yang berbuat</Description></Code>"
    )
    xml = Written([Source(TEXT, [SARI])], codes=codes).xml()
    xml = xml.replace("<Coding ", '<Coding creationDateTime="2024-01-01T00:00:00Z" ')
    [article] = read(qda.read, {"p.qdpx": packed({"project.qde": xml})})
    assert [loss.reason.values["what"] for loss in article.losses] == [
        *("color (Code)", "Description (Code)", "creationDateTime (Coding)"),
    ]


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (Coded(0, 4, ["none"]), "tagged_unlabelled"),
        (Coded(4, 0, ["c1"]), "tagged_backwards"),
        (Coded(2, 2, ["c1"]), "tagged_empty"),
        (Coded(0, 999, ["c1"]), "tagged_cut"),
        (Coded("x", 3, ["c1"]), "qda_position"),
        (Coded(-1, 3, ["c1"]), "qda_position"),
        (Coded("9" * 30, 3, ["c1"]), "qda_position"),
        (Coded(0, 4, ["c1", "c1"]), "tagged_id_twice"),
    ],
)
def test_a_coding_that_cannot_stand_is_named_with_its_line(selection: Coded, code: str) -> None:
    [article] = read(qda.read, {"p.qdpx": Written([Source(TEXT, [selection])]).qdpx()})
    assert (code, 9) in [(told, line) for told, line, _ in said([article])]


# --- texts that cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Source(path="relative://../../etc/passwd"), "qda_outside"),
        (Source(path="absolute:///etc/passwd"), "qda_outside"),
        (Source(path="file:///etc/passwd"), "qda_outside"),
        (Source(path="http://localhost/x"), "qda_outside"),
        (Source(path="internal://../../../etc/passwd"), "qda_missing"),
        (Source(path="internal:///etc/passwd"), "qda_missing"),
        (Source(path="internal://"), "qda_missing"),
        (Source(attributes=' richTextPath="internal://a0.docx"'), "qda_formatted"),
        (Source(), "qda_no_text"),
        (Source(text=" "), "text_empty"),
        (Source(data=b""), "text_empty"),
        (Source(data=b"a\x00b"), "character_nul"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_alone(source: Source, code: str) -> None:
    told = found(Written([source, Source(TEXT, [SARI], guid="a1")]))
    assert isinstance(told[0], LineRefusal)
    assert (told[0].reason.code, len(told)) == (code, 2)
    assert said(told)


def test_a_project_without_a_text_says_what_it_has_instead() -> None:
    assert refused(Written(before='<Cases><Case guid="k"/></Cases>')) == ["qda_beside", "qda_empty"]


# --- strangers --------------------------------------------------------------------------------

BOMB = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["zip_broken"]),
        (b"PK\x03\x04 nothing", ["zip_broken"]),
        ({"readme.txt": "x"}, ["qda_none"]),
        ({"project.qde": ""}, ["xml_broken"]),
        ({"project.qde": "<Project/>"}, ["qda_none"]),
        ({"project.qde": '<html xmlns="http://www.w3.org/1999/xhtml"/>'}, ["qda_none"]),
        ({"project.qde": f'<Project xmlns="{SPACE}"><Users>'}, ["xml_broken"]),
        ({"project.qde": f'{BOMB}<Project xmlns="{SPACE}">&b;</Project>'}, ["xml_doctype"]),
        ({"project.qde": f'<Project xmlns="{SPACE}"/>'}, ["qda_empty"]),
        ({"project.qde": b"\xff\xfe<\x00"}, ["xml_broken"]),
        ({"../project.qde": Written().xml()}, ["zip_name"]),
    ],
)
def test_what_is_no_project_is_refused(
    data: bytes | dict[str, str | bytes], codes: list[str]
) -> None:
    assert refused(data) == codes


def test_a_bomb_is_refused_by_what_the_directory_says() -> None:
    assert refused({"project.qde": " " * 30_000_000}) == ["zip_ratio"]


def test_a_text_that_is_a_bomb_is_refused_alone() -> None:
    project = Written([Source(data=b" " * 30_000_000), Source(TEXT, [SARI], guid="a1")])
    assert [type(it) for it in found(project)] == [LineRefusal, Annotated]


def test_a_damaged_archive_is_refused_with_a_sentence() -> None:
    data = bytearray(Written([Source(TEXT, [SARI])]).qdpx())
    data[60:90] = bytes(30)
    assert refused(bytes(data)) == ["zip_damaged"]


def test_codes_in_codes_without_end_take_no_time() -> None:
    deep = 20_000
    codes = "".join(f'<Code guid="k{n}" name="{"x" * 50}{n}">' for n in range(deep))
    codes += '<Code guid="c1" name="ACTOR"/>' + "</Code>" * deep
    many = [Coded(0, 4, ["c1"], guid=f"s{n}") for n in range(2_000)]
    article, _ = one(Written([Source(TEXT, many)], codes=codes))
    paths = {str(span.attributes["path"]) for span in by("siti", article).spans.values()}
    assert {len(path) for path in paths} == {200}


def test_what_a_name_may_not_hold_is_lost_with_its_coding() -> None:
    codes = '<Code guid="c1" name="A&#xFFFD;&#x202E;B" isCodable="true"/>'
    article, told = one(Written([Source(TEXT, [SARI])], codes=codes, users={SITI: "a\u202eb"}))
    assert (len(article.layers), told) == (1, [])


def test_a_project_inside_a_zip_is_refused_as_any_archive_in_one() -> None:
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        archive.writestr("p.qdpx", Written([Source(TEXT, [SARI])]).qdpx())
    with ExitStack() as opened:
        [told] = kinds.unpacked(sources({"a.zip": data.getvalue()}), opened)
    assert isinstance(told, LineRefusal)
    assert told.reason.code == "zip_nested"


def test_among_articles_a_project_is_not_unpacked_but_sent_where_it_belongs() -> None:
    [told] = kinds.read(sources({"p.qdpx": Written([Source(TEXT, [SARI])]).qdpx()})[0])
    assert isinstance(told, LineRefusal)
    assert told.reason.code == "annotated_kind"
    assert said([told])


def test_it_is_found_out_by_its_name() -> None:
    assert detect(sources({"P.QDPX": b""})) == "qda"


def test_quotes_in_names_do_no_harm() -> None:
    name = "a\"b'c<d>&e"
    codes = f'<Code guid="c1" name={quoteattr(name)} isCodable="true"/>'
    article, _ = one(Written([Source(TEXT, [SARI])], codes=codes))
    assert [span.label for span in by("siti", article).spans.values()] == [name]
