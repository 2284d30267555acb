"""`manage.py load_articles`: what it prints, what it leaves, how it ends."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.corpora.models import Article, Corpus
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = b'{"text": "Sari menolak."}\n'


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "baik.jsonl").write_bytes(GOOD)
    (tmp_path / "buruk.jsonl").write_bytes(GOOD + b'{"text": 7}\n')
    return tmp_path


def test_a_corpus_is_made_and_filled(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_articles", "baru", str(files / "baik.jsonl"), "--create", "--language=ms")
    told = capsys.readouterr()
    assert told.out == "Corpus “baru”: 1 loaded, 0 there already, 0 refused.\n"
    assert told.err == "0 % read\n100 % read\n"
    assert Corpus.objects.get(slug="baru").language == "ms"


def test_a_refusal_is_named_and_ends_in_failure(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.corpus("lama")
    with pytest.raises(SystemExit) as ended:
        call_command("load_articles", "lama", str(files / "buruk.jsonl"))
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "buruk.jsonl, line 2, byte 26: “text” must hold text, not a number.",
        "Nothing was loaded into “lama”: 1 refused.",
    ]
    assert not Article.objects.exists()


def test_the_rest_is_loaded_when_asked(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.corpus("lama")
    with pytest.raises(SystemExit):
        call_command("load_articles", "lama", str(files / "buruk.jsonl"), "--skip-bad")
    assert "1 loaded, 0 there already, 1 refused" in capsys.readouterr().out
    assert Article.objects.count() == 1


def test_a_corpus_made_for_nothing_is_not_kept(files: Path) -> None:
    with pytest.raises(SystemExit):
        call_command("load_articles", "baru", str(files / "buruk.jsonl"), "--create")
    assert not Corpus.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("tiada", "baik.jsonl"), "There is no corpus “tiada”. Add --create"),
        (("lama", "tiada.txt"), "There is no file"),
        (("a b", "baik.jsonl", "--create"), "letters, digits"),
        (("new", "baik.jsonl", "--create"), "cannot be used"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    files: Path, arguments: tuple[str, ...], words: str
) -> None:
    factories.corpus("lama")
    corpus, file, *options = arguments
    with pytest.raises(CommandError, match=words):
        call_command("load_articles", corpus, str(files / file), *options)


def test_columns_and_the_order_of_dates_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.corpus("lama")
    (tmp_path / "a.csv").write_text("Kepala;Badan;Hari;Desk;x\nA;Sari pergi.;05/03/2024;Kota;y\n")
    columns = ("text=badan", "title=KEPALA", "published=Hari", "nothing=desk", "metadata=x")
    options = [f"--column={column}" for column in columns]
    call_command("load_articles", "lama", str(tmp_path / "a.csv"), *options, "--date-order=month")
    (article,) = Article.objects.select_related("body")
    assert (article.body.text, article.title, article.metadata) == ("Sari pergi.", "A", {"x": "y"})
    assert article.published is not None
    assert article.published.month == 5
    assert "1 loaded" in capsys.readouterr().out


def test_what_was_noted_of_a_file_stands_before_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.corpus("amerika", language="en-US")
    (tmp_path / "a.csv").write_text("text,body,date\na,b,03/05/2024\n")
    call_command("load_articles", "amerika", str(tmp_path / "a.csv"))
    assert capsys.readouterr().out.splitlines() == [
        "a.csv: “text” is read from the column “text”; “body” stands in the metadata.",
        (
            "a.csv: Nothing tells whether 03/05/2024 has the day or the month first: the month is taken"
            " to come first."
        ),
        "Corpus “amerika”: 1 loaded, 0 there already, 0 refused.",
    ]
    assert [one.published.month for one in Article.objects.all() if one.published] == [3]


def test_the_report_may_be_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.corpus("lama")
    with pytest.raises(SystemExit) as ended:
        call_command("load_articles", "lama", str(files / "buruk.jsonl"), "--skip-bad", "--json")
    assert ended.value.code == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["corpus"], report["loaded"], report["refused"]) == ("lama", 1, 1)
    assert report["files"][0]["encoding"] == "utf-8"
    assert report["refusals"] == [
        {
            "file": "buruk.jsonl",
            "line": 2,
            "byte": 26,
            "code": "field_type",
            "reason": "“text” must hold text, not a number.",
        }
    ]


@pytest.mark.parametrize("column", ["text", "=isi", "isi=text", "text=", "text= ", "+=x"])
def test_a_column_that_cannot_be_is_told_in_a_sentence(files: Path, column: str) -> None:
    with pytest.raises(CommandError, match="FIELD=HEADING"):
        call_command("load_articles", "lama", str(files / "baik.jsonl"), f"--column={column}")


@pytest.mark.parametrize("created", [True, False])
def test_a_dry_run_says_what_would_be_loaded_and_leaves_nothing(
    files: Path, capsys: pytest.CaptureFixture[str], created: bool
) -> None:
    options = ["--create"] if created else []
    if not created:
        factories.corpus("baru")
    with pytest.raises(SystemExit) as ended:
        call_command("load_articles", "baru", str(files / "buruk.jsonl"), "--dry-run", *options)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Corpus “baru”: 1 would be loaded, 0 there already, 1 refused."
    )
    assert not Article.objects.exists()
    assert Corpus.objects.exists() is not created


def test_a_dry_run_may_report_in_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.corpus("lama")
    call_command("load_articles", "lama", str(files / "baik.jsonl"), "--dry-run", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["dry_run"], report["loaded"], report["already"]) == (True, 1, 0)
