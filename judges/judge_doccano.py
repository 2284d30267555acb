"""doccano imports what Kutip writes for it: its own task, in its own database (SQLite)."""

import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import backend
from verdicts import joined, layers, tell


def doccano(folder, lines):
    """Its import task makes of the file what is in the layers."""
    with tempfile.TemporaryDirectory() as state:
        begin(Path(state))
        return judged(folder / "doccano.jsonl", lines)


def begin(state):
    """doccano runs with an empty database of its own."""
    sys.path.insert(0, str(Path(backend.__path__[0])))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "DATABASE_URL": f"sqlite:///{state}/doccano.db?check_same_thread=False",
        "MEDIA_ROOT": str(state / "media"),
        "SECRET_KEY": "judged",
    }
    from django.conf import settings

    settings.DJANGO_DRF_FILEPOND_UPLOAD_TMP = str(state / "uploads")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def judged(file, lines):
    from data_import.celery_tasks import import_dataset
    from django.contrib.auth import get_user_model
    from django.core.files import File
    from django_drf_filepond.models import TemporaryUpload
    from examples.models import Example
    from projects.models import ProjectType, SequenceLabelingProject

    user = get_user_model().objects.create(username="judge")
    project = SequenceLabelingProject.objects.create(
        name="judged",
        project_type=ProjectType.SEQUENCE_LABELING,
        created_by=user,
        allow_overlapping=True,
        use_relation=True,
    )
    with file.open("rb") as stream:
        TemporaryUpload.objects.create(
            upload_id="a" * 22,
            file_id="b" * 22,
            file=File(stream, file.name),
            upload_name=file.name,
            upload_type="F",
        )
    told = import_dataset(user.id, project.id, "JSONL", ["a" * 22], "RelationExtraction")
    assert told == {"error": []}, told
    found = [read(example) for example in Example.objects.filter(project=project).order_by("id")]
    expected = [wanted(line["article"]["text"], layer) for line, layer, _ in layers(lines)]
    assert sorted(found) == sorted(expected)
    spans = sum(len(spans) for _, spans, _ in found)
    relations = sum(len(relations) for _, _, relations in found)
    return f"imported {len(found)} examples, {spans} spans, {relations} relations"


def read(example):
    """The text, its spans and its relations, as the database has them."""
    place = {
        span.id: (span.start_offset, span.end_offset, span.label.text)
        for span in example.spans.all()
    }
    relations = [
        (place[one.from_id_id], one.type.text, place[one.to_id_id])
        for one in example.relations.all()
    ]
    return example.text, sorted(place.values()), sorted(relations)


def wanted(text, layer):
    """What a layer should have become: a span for each fragment, relations between the first."""
    spans = [(*pair, span["label"]) for span in layer["spans"] for pair in span["fragments"]]
    first = {span["id"]: (*span["fragments"][0], span["label"]) for span in layer["spans"]}
    relations = [(first[source], kind, first[target]) for kind, source, target in joined(layer)]
    return text, sorted(spans), sorted(relations)


if __name__ == "__main__":
    tell({"doccano": doccano}, f"doccano {version('doccano')}")
