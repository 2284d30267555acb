"""Label Studio imports what Kutip writes for it: its SDK validates, its server imports, in its own
database (SQLite)."""

import json
import os
import sys
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import label_studio
from verdicts import joined, tell


def tasks(folder, lines):
    """The SDK accepts them, and the server makes of them what is in the layers."""
    with zipfile.ZipFile(folder / "label-studio.zip") as archive:
        config = archive.read("labelling-config.xml").decode()
        data = archive.read("tasks.json")
    with tempfile.TemporaryDirectory() as state:
        begin(state)
        return f"{validated(config, data)}; {imported(config, data, lines)}"


def begin(state):
    """Label Studio runs with an empty database of its own, and tells nobody."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "core.settings.label_studio",
        "BASE_DATA_DIR": state,
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
        "LOG_LEVEL": "ERROR",
    }
    sys.path.insert(0, str(Path(label_studio.__file__).parent))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def validated(config, data):
    """The SDK finds nothing wrong; it does not look at offsets, so we do."""
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(config)
    interface.validate()
    count = 0
    for task in json.loads(data):
        text = task["data"]["text"]
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation), annotation
            for region in annotation["result"]:
                if region["type"] == "labels":
                    value = region["value"]
                    assert text[value["start"] : value["end"]] == value["text"]
            count += 1
    return f"SDK accepts the configuration and {count} annotations"


def imported(config, data, lines):
    """The server makes of the file what is in the layers."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from organizations.models import Organization
    from projects.models import Project
    from rest_framework.test import APIClient
    from tasks.models import Task
    from users.models import User

    user = User.objects.create(username="judge", email="judge@example.org")
    organization = Organization.create_organization(created_by=user, title="judged")
    user.active_organization = organization
    user.save()
    project = Project.objects.create(
        title="judged", label_config=config, organization=organization, created_by=user
    )
    client = APIClient()
    client.force_authenticate(user)
    file = SimpleUploadedFile("tasks.json", data, content_type="application/json")
    answer = client.post(f"/api/projects/{project.id}/import", {"file": file}, format="multipart")
    assert answer.status_code == 201, answer.content
    found = [read(task) for task in Task.objects.filter(project=project)]
    expected = [wanted(line) for line in lines]
    assert sorted(found) == sorted(expected)
    regions = sum(len(regions) for _, layers in found for regions, _ in layers)
    return f"server imported {len(found)} tasks, {regions} regions"


def read(task):
    """The text, and of each annotation its regions and relations, as the database has them."""
    layers = []
    for annotation in task.annotations.all():
        regions = {
            one["id"]: (one["value"]["start"], one["value"]["end"], one["value"]["labels"])
            for one in annotation.result
            if one["type"] == "labels"
        }
        relations = [
            (regions[one["from_id"]], one["labels"], regions[one["to_id"]])
            for one in annotation.result
            if one["type"] == "relation"
        ]
        layers.append((sorted(regions.values()), sorted(relations)))
    return task.data["text"], sorted(layers)


def wanted(line):
    """What an article should have become: regions for fragments, relations between the first."""
    layers = []
    for layer in line["layers"]:
        first = {one["id"]: (*one["fragments"][0], [one["label"]]) for one in layer["spans"]}
        regions = [(*pair, [one["label"]]) for one in layer["spans"] for pair in one["fragments"]]
        relations = [(first[source], [kind], first[end]) for kind, source, end in joined(layer)]
        layers.append((sorted(regions), sorted(relations)))
    return line["article"]["text"], sorted(layers)


if __name__ == "__main__":
    tell({"label-studio": tasks}, f"Label Studio {version('label-studio')}")
