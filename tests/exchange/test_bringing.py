"""Annotations of another tool, from the upload to layers: looked into, decided, loaded, told."""

import json
import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import msgspec
import pytest

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article, Corpus
from annotations.corpora.uploads import kept_until, report_path, suffice, upload_path
from annotations.exchange import annotated_handlers as handlers
from annotations.exchange.drawing import everything
from annotations.exchange.mapping import Decisions, Named, proposed
from annotations.exchange.surveying import Survey
from annotations.jobs import services as jobs
from annotations.jobs.models import Job
from annotations.jobs.running import Cancelled, execute
from annotations.registry.models import Entity
from annotations.schema import spec as specs
from annotations.schema.models import Schema
from annotations.spans.models import Relation, Remark, Span
from tests import factories
from tests.exchange import qda_projects
from tests.exchange.qda_projects import Coded

pytestmark = pytest.mark.django_db

DATA = Path(os.environ.get("KUTIP_DATA", "/nowhere")) / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason="KUTIP_DATA does not lead to real data")

TEXT = "Sari 🚢 menolak: “Kami,” katanya, “tidak akan mundur.” Warga setuju.\n"
ANN = (
    "T1\tPER 0 4\tSari\nT2\tSAYS 16 23;33 53\t“Kami,” “tidak akan mundur.”\nA1\tKind T2 direct\n"
    "R1\tby Arg1:T2 Arg2:T1\t\nN1\tReference T1 Wikidata:Q42\tSari Wulan\n"
    "#1\tAnnotatorNotes T2\tterpisah\n"
)
BRAT = {
    "siti/a.txt": TEXT,
    "siti/a.ann": ANN,
    "bayu/a.txt": TEXT,
    "bayu/a.ann": "T1\tPER 0 4\tSari\n",
}


def uploaded(files: dict[str, str | bytes]) -> list[dict[str, str]]:
    """The files in one archive, as a person uploads a folder."""
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    upload = uuid4()
    path = upload_path(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.getvalue())
    return [{"id": str(upload), "name": "all.zip"}]


def looked(corpus: Corpus, files: dict[str, str | bytes]) -> Job:
    args: dict[str, object] = {"corpus": corpus.pk, "files": uploaded(files)}
    return jobs.run_here(handlers.SURVEY, args, by=None)


def found(look: Job) -> Survey:
    assert look.state == "done", look.error
    return msgspec.convert((look.result or {})["survey"], Survey)


def arguments(corpus: Corpus, look: Job, decisions: Decisions, **into: object) -> dict[str, object]:
    into = into or {"name": "Lama", "slug": "lama", "base": ""}
    args: dict[str, object] = {"corpus": corpus.pk, "files": look.args["files"]}
    return args | {"survey": str(look.pk), "decisions": msgspec.to_builtins(decisions), **into}


def brought(corpus: Corpus, look: Job, decisions: Decisions, **into: object) -> dict[str, Any]:
    args = arguments(corpus, look, decisions, **into)
    job = jobs.run_here(handlers.BRING, args, by=None)
    assert job.state == "done", job.error
    return job.result or {}


def layers(campaign: str = "lama") -> dict[str, list[tuple[str, list[list[int]]]]]:
    """Label and fragments of every span, by annotator."""
    return {
        one.annotator.username: [
            (span.label.key, list(span.fragments))
            for span in Span.objects.filter(assignment=one)
            .select_related("label")
            .order_by("fragments")
        ]
        for one in Assignment.objects.filter(
            campaign__slug=campaign, status="submitted"
        ).select_related("annotator")
        if one.annotator
    }


def test_a_survey_says_what_is_there_and_loads_nothing() -> None:
    corpus = factories.corpus()
    survey = found(looked(corpus, BRAT))
    assert (survey.articles, survey.texts, survey.layers) == (1, 2, 2)
    assert (survey.spans, survey.relations) == (3, 1)
    assert {name: one.count for name, one in survey.labels.items()} == {"PER": 2, "SAYS": 1}
    assert survey.labels["SAYS"].example == "“Kami,” … “tidak akan mundur.”"
    assert survey.labels["SAYS"].attributes["Kind"].values == {"direct": 1}
    assert survey.labels["PER"].references == 1
    assert [(e.source, e.target, e.count) for e in survey.types["by"].ends] == [("SAYS", "PER", 1)]
    assert {name: one.spans for name, one in survey.people.items()} == {"siti": 2, "bayu": 1}
    assert not Article.objects.exists()


def test_layers_come_in_under_a_schema_made_from_the_files() -> None:
    corpus = factories.corpus()
    look = looked(corpus, BRAT)
    result = brought(corpus, look, everything(found(look)))
    assert layers() == {
        "siti": [("PER", [0, 4]), ("SAYS", [16, 23, 33, 53])],
        "bayu": [("PER", [0, 4])],
    }
    quote = Span.objects.get(label__key="SAYS")
    assert quote.attributes == {"Kind": "direct"}
    assert Relation.objects.get().type.key == "by"
    assert Remark.objects.get(kind="note").body["text"] == "terpisah"
    linked = Span.objects.get(assignment__annotator__username="siti", label__key="PER").entity
    assert linked == Entity.objects.get(name="Sari Wulan")
    campaign = Campaign.objects.get(slug="lama")
    assert (campaign.status, campaign.overlap, campaign.suggestions) == ("running", 2, False)
    spec = specs.parse(campaign.schema.spec)
    assert [(label.key, label.entity) for label in spec.labels] == [("PER", True), ("SAYS", False)]
    assert [(r.key, r.sources, r.targets) for r in spec.relations] == [("by", ("SAYS",), ("PER",))]
    assert (result["articles"]["loaded"], result["layers"]["layers"]) == (1, 2)
    assert (result["lost"], result["left_out"]) == ({}, [])
    assert {user.username: user.is_active for user in User.objects.all()} == {
        "siti": False,
        "bayu": False,
    }


TSV = (
    "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Actor|kind\n"
    "#T_RL=webanno.custom.By|BT_webanno.custom.Actor\n\n\n#Text=Sari 🚢 menolak\n"
    "1-1\t0-4\tSari\torang\t_\t\n1-2\t5-7\t🚢\t_\t_\t\n1-3\t8-15\tmenolak\t*\t1-1\t\n"
)
XMI = (
    '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"'
    ' xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">'
    '<custom:Actor xmi:id="2" sofa="1" begin="0" end="4" kind="orang"/>'
    '<custom:Actor xmi:id="3" sofa="1" begin="8" end="15"/>'
    '<custom:By xmi:id="4" sofa="1" begin="8" end="15" Governor="2" Dependent="3"/>'
    '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" sofaString="Sari 🚢 menolak"/>'
    "</xmi:XMI>"
)
CAS = {
    "%TYPES": {},
    "%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Sari 🚢 menolak"},
        {"%ID": 2, "%TYPE": "a.Actor", "@sofa": 1, "begin": 0, "end": 4, "kind": "orang"},
        {"%ID": 3, "%TYPE": "a.Actor", "@sofa": 1, "begin": 8, "end": 15},
        {"%ID": 4, "%TYPE": "a.By", "@sofa": 1, "begin": 8, "end": 15}
        | {"@Governor": 2, "@Dependent": 3},
    ],
}


@pytest.mark.parametrize(
    ("ending", "file"), [("tsv", TSV), ("xmi", XMI), ("json", json.dumps(CAS))]
)
def test_what_inception_exports_comes_in(ending: str, file: str) -> None:
    corpus = factories.corpus()
    look = looked(corpus, {f"{name}/a.{ending}": file for name in ("siti", "bayu")})
    brought(corpus, look, everything(found(look)))
    assert layers() == {key: [("Actor", [0, 4]), ("Actor", [7, 14])] for key in ("siti", "bayu")}
    assert {tuple(span.attributes.items()) for span in Span.objects.all()} == {
        (("kind", "orang"),),
        (),
    }
    assert {relation.type.key for relation in Relation.objects.all()} == {"By"}


def test_a_project_of_refi_qda_comes_in_with_the_paths_of_its_codes() -> None:
    codes = (
        '<Code guid="c0" name="Pihak" isCodable="false">'
        '<Code guid="c1" name="ACTOR" isCodable="true"/></Code>'
    )
    sari = Coded(0, 4, ["c1"], name="Sari", inside="<Description>Yakin</Description>")
    project = qda_projects.Written([qda_projects.Source(TEXT, [sari])], codes=codes).qdpx()
    corpus = factories.corpus()
    upload = uuid4()
    upload_path(upload).parent.mkdir(parents=True, exist_ok=True)
    upload_path(upload).write_bytes(project)
    args: dict[str, object] = {
        "corpus": corpus.pk,
        "files": [{"id": str(upload), "name": "p.qdpx"}],
    }
    look = jobs.run_here(handlers.SURVEY, args, by=None)
    assert (look.result or {})["format"] == "qda"
    brought(corpus, look, everything(found(look)))
    assert layers() == {"siti": [("ACTOR", [0, 4])]}
    assert Span.objects.get().attributes == {"path": "Pihak › ACTOR"}
    assert Remark.objects.get(kind="note").body["text"] == "Yakin"


def test_under_a_schema_that_is_there_names_are_mapped_and_the_rest_is_counted() -> None:
    corpus = factories.corpus()
    look = looked(corpus, BRAT)
    decisions = Decisions(
        {"PER": Named("ACTOR"), "SAYS": Named("QUOTE", {"Kind": "type"})},
        {"by": Named("SPEAKER")},
        {"siti": "dewi"},
    )
    into = {"name": "Lama", "slug": "lama", "base": "atribusi@1.0"}
    brought(corpus, look, decisions, **into)
    assert set(layers()) == {"dewi", "bayu"}
    assert Span.objects.get(label__key="QUOTE").attributes == {"type": "direct"}
    assert Relation.objects.get().type.key == "SPEAKER"
    assert Campaign.objects.get().schema == Schema.objects.get(key="atribusi")


def test_what_was_left_out_is_told() -> None:
    corpus = factories.corpus()
    look = looked(corpus, {**BRAT, "bayu/a.ann": "T1\tPER 0 4\tSari\nT2\tPER 9 9\t\n"})
    decisions = Decisions({"SAYS": Named("CUE", {"Kind": "verb_class"})}, {"by": Named("SPEAKER")})
    result = brought(corpus, look, decisions, name="L", slug="lama", base="atribusi@1.0")
    assert sorted(map(tuple, result["left_out"])) == [
        ("ends", "by", 1),
        ("label", "PER", 2),
        ("value", "SAYS.Kind", 1),
    ]
    assert result["lost"] == {"tagged_empty": 1}
    job = Job.objects.get(kind=handlers.BRING)
    [row] = [json.loads(line) for line in report_path(job.pk).read_text().splitlines()]
    assert (row["file"], row["line"], row["code"]) == ("all.zip/bayu/a.ann", 2, "tagged_empty")


_TASK: dict[str, Any] = {"data": {"text": TEXT}, "annotations": [{"completed_by": 1, "result": []}]}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({**BRAT, "siti/b.ann": ANN}, "brat_no_text"),
        ({"a.conll": "Sari B-PER\npergi O\n", "b.conll": "x\n"}, "conll_no_tags"),
        (
            {
                "a.jsonl": json.dumps({"text": TEXT, "spans": []})
                + "\n"
                + json.dumps({"text": TEXT, "spans": [], "answer": "reject"})
            },
            "prodigy_answer",
        ),
        ({"a.json": json.dumps([_TASK, {**_TASK, "data": {"image": "x"}}])}, "studio_no_text"),
        ({**BRAT, "c.zip": b"PK"}, "zip_nested"),
    ],
)
def test_an_article_that_is_refused_is_told_and_the_others_come_in(
    files: dict[str, str | bytes], code: str
) -> None:
    corpus = factories.corpus()
    look = looked(corpus, files)
    result = brought(corpus, look, everything(found(look)))
    assert (result["articles"]["loaded"], result["lost"]) == (1, {code: 1})
    job = Job.objects.get(kind=handlers.BRING)
    [row] = map(json.loads, report_path(job.pk).read_text().splitlines())
    assert (row["code"], bool(row["reason"])) == (code, True)


def test_a_title_that_became_text_moves_every_offset() -> None:
    corpus = factories.corpus(title_in_text=True)
    look = looked(corpus, {"siti/Judul.txt": TEXT, "siti/Judul.ann": "T1\tPER 0 4\tSari\n"})
    brought(corpus, look, everything(found(look)))
    assert layers() == {"siti": [("PER", [7, 11])]}
    assert Span.objects.get().text == ["Sari"]


def test_layers_come_into_a_campaign_that_runs() -> None:
    corpus = factories.corpus()
    factories.article(corpus, TEXT)
    siti = factories.user("siti")
    campaign = factories.campaign(corpus, [siti], slug="lama")
    look = looked(corpus, BRAT)
    decisions = proposed(found(look), specs.parse(campaign.schema.spec))
    decisions.labels["PER"] = Named("ACTOR")
    result = brought(corpus, look, decisions, campaign=campaign.pk)
    assert layers() == {"siti": [("ACTOR", [0, 4])], "bayu": [("ACTOR", [0, 4])]}
    assert (result["articles"]["already"], result["layers"]["layers"]) == (2, 2)


def test_the_same_files_twice_add_nothing() -> None:
    corpus = factories.corpus()
    look = looked(corpus, BRAT)
    brought(corpus, look, everything(found(look)))
    again = looked(corpus, BRAT)
    campaign = Campaign.objects.get()
    decisions = proposed(found(again), specs.parse(campaign.schema.spec))
    result = brought(corpus, again, decisions, campaign=campaign.pk)
    assert (result["layers"]["layers"], result["layers"]["skipped_count"]) == (0, 2)
    assert (Article.objects.count(), Span.objects.count()) == (1, 3)


def test_files_at_the_top_of_an_archive_lie_in_no_folder() -> None:
    look = looked(factories.corpus(), {"a.txt": TEXT, "a.ann": ANN})
    assert list(found(look).people) == ["brat"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": "Sari pergi.\n"}, "No annotations of a kind that Kutip reads"),
        ({"a.jsonl": '{"format": "kutip/1"}\n'}, "This is kutip/1"),
    ],
)
def test_files_without_annotations_are_refused_and_removed(
    files: dict[str, str | bytes], words: str
) -> None:
    look = looked(factories.corpus(), files)
    assert look.state == "failed"
    assert words in look.error
    assert not upload_path(look.args["files"][0]["id"]).exists()


def test_a_file_with_more_labels_than_a_schema_can_have_is_refused() -> None:
    rows = "".join(f"T{number}\tL{number} 0 4\tSari\n" for number in range(300))
    look = looked(factories.corpus(), {"a.txt": TEXT, "a.ann": rows})
    assert (look.state, "more than 200 labels" in look.error) == ("failed", True)


def test_when_nothing_is_mapped_nothing_is_made() -> None:
    corpus = factories.corpus()
    look = looked(corpus, {"siti/a.txt": TEXT})
    assert look.state == "failed"
    look = looked(corpus, BRAT)
    args = arguments(corpus, look, Decisions(), name="L", slug="bad slug", base="atribusi@1.0")
    job = jobs.run_here(handlers.BRING, args, by=None)
    assert (job.state, "short name" in job.error) == ("failed", True)
    assert not Campaign.objects.exists()


def test_a_job_that_died_after_a_step_goes_on_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = factories.corpus()
    look = looked(corpus, BRAT)
    args = arguments(corpus, look, everything(found(look)))

    def dies(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(handlers, "_load_layers", dies)
        job = jobs.run_here(handlers.BRING, args, by=None)
    assert (job.state, "campaign" in job.checkpoint) == ("queued", True)
    Job.objects.filter(pk=job.pk).update(run_after=job.created_at)
    assert execute(job.pk) is not None
    assert len(layers()) == 2
    assert (Campaign.objects.count(), Article.objects.count()) == (1, 1)


def test_a_load_that_was_stopped_behind_its_articles_goes_on_there(manager: User) -> None:
    corpus = factories.corpus()
    look = looked(corpus, BRAT)
    args = arguments(corpus, look, everything(found(look)))

    def stop(done: int, total: int | None, message: str) -> None:
        if message == "Reading the layers":
            raise Cancelled

    job = jobs.run_here(handlers.BRING, args, by=manager, progress=stop)
    assert (job.state, Article.objects.count(), layers()) == ("cancelled", 1, {})
    assert kept_until(job.args)
    assert jobs.retry(job.pk, by=manager)
    done = execute(job.pk)
    assert done is not None
    assert (done.state, done.checkpoint["articles"]["loaded"], len(layers())) == ("done", 1, 2)
    assert (Campaign.objects.count(), Article.objects.count()) == (1, 1)
    assert not suffice(job.args, {})


@real
@pytest.mark.parametrize(
    ("folder", "annotators", "articles"),
    [("brat-four-annotators", 4, 7), ("litbank-entities", 1, 100)],
)
def test_a_real_corpus_comes_in_whole(folder: str, annotators: int, articles: int) -> None:
    root = DATA / folder
    files: dict[str, str | bytes] = {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.suffix in (".txt", ".ann", ".conf") and path.parent != root
    }
    corpus = factories.corpus(language="es")
    look = looked(corpus, files)
    brought(corpus, look, everything(found(look)))
    written = sum(
        len(re.findall(rb"^T\d+\t", data if isinstance(data, bytes) else b"", re.MULTILINE))
        for name, data in files.items()
        if name.endswith(".ann")
    )
    assert Span.objects.count() == written
    assert Article.objects.count() == articles
    submitted = Assignment.objects.filter(status="submitted")
    assert submitted.values("annotator").distinct().count() == annotators
    assert submitted.count() == annotators * articles


CONLL = "# newdoc id = doc\nSari B-PER\n{} O\n\n"


def test_texts_that_share_an_id_all_come_in_and_keep_it_in_their_metadata() -> None:
    corpus = factories.corpus()
    words = ("menolak", "setuju", "menolak")
    files: dict[str, str | bytes] = {
        f"orang{number}/{number}.conll": CONLL.format(word) for number, word in enumerate(words)
    }
    look = looked(corpus, files)
    result = brought(corpus, look, everything(found(look)))
    assert (result["layers"]["layers"], result["lost"]) == (3, {})
    first, second = Article.objects.order_by("pk")
    assert (first.external_id, first.metadata) == ("doc", {})
    assert (second.external_id, second.metadata) == (None, {"id": "doc"})


@real
@pytest.mark.parametrize(
    ("name", "layers", "spans", "empty"),
    [("reference.tsv", 75, 198, 26), ("reference.xmi", 73, 192, 26)],
)
def test_the_cases_of_webanno_come_in_whole_and_what_covers_nothing_is_named(
    name: str, layers: int, spans: int, empty: int
) -> None:
    suite = DATA / "webanno-tsv3-suite"
    files: dict[str, str | bytes] = {
        str(path.relative_to(suite)): path.read_bytes() for path in suite.glob(f"*/{name}")
    }
    corpus = factories.corpus(language="en")
    look = looked(corpus, files)
    assert found(look).layers == layers
    result = brought(corpus, look, everything(found(look)))
    assert (result["layers"]["layers"], result["layers"]["spans"]) == (layers, spans)
    assert Span.objects.count() == spans
    lost = {"tagged_empty": empty, "tagged_dangling": 5, "tagged_relation_twice": 1}
    assert result["lost"] == lost


@real
def test_indonesian_news_comes_in_whole() -> None:
    folder = DATA / "id-ner-news"
    files: dict[str, str | bytes] = {path.name: path.read_bytes() for path in folder.glob("*.txt")}
    corpus = factories.corpus()
    look = looked(corpus, files)
    assert set(found(look).labels) == {"PER", "ORG", "LOC"}
    result = brought(corpus, look, everything(found(look)))
    assert (result["layers"]["layers"], result["lost"]) == (4, {})
    assert Span.objects.count() == 3_777
