import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from jsonschema import validate

from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign, Status
from annotations.management.commands.agreement import Command
from tests.agreement.layers import mark, set_status

# the command runs a job, whose row must be committed before it is claimed
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NUMBER = {"type": ["number", "null"]}
NAME = {"type": ["string", "null"]}
ROW = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "measure",
        "variant",
        "label",
        "attribute",
        "pair",
        "value",
        "interval",
        "matched",
    ],
    "properties": {
        "measure": {
            "enum": [
                *("span_f1", "funnel", "u_alpha"),
                *("percent", "scott_pi", "cohen_kappa", "ac1", "ac2", "alpha"),
                *("relation_f1", "target_accuracy", "entity_accuracy", "b_cubed"),
                *("gamma", "gamma_cat", "gamma_k", "cu_alpha", "ku_alpha"),
            ]
        },
        "variant": {
            "enum": [
                *("exact", "overlap", "iou:0.5", "nominal", "ordinal", "binary", "linear"),
                *("found", "boundary", "label", "value", "relation", "entity"),
                "shuffle",
            ]
        },
        "label": NAME,
        "attribute": NAME,
        "matched": {"enum": [None, "exact", "overlap"]},
        "pair": {"type": ["array", "null"], "minItems": 2, "maxItems": 2},
        "value": NUMBER,
        "interval": {
            "type": ["object", "null"],
            "required": ["low", "high", "level", "method"],
            "additionalProperties": False,
            "properties": {
                "low": {"type": "number"},
                "high": {"type": "number"},
                "level": {},
                "method": {},
            },
        },
        "n": {"type": "integer", "minimum": 0},
        "articles": {"type": "integer", "minimum": 0},
        "sd": NUMBER,
        "coverage": NUMBER,
        "undefined": NAME,
    },
}
RECORD = {
    "type": "object",
    "required": ["campaign", "schema", "parameters", "methods", "results", "layers", "excluded"],
    "properties": {
        "format": {"const": "kutip-agreement/1"},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "parameters": {"required": ["seed", "replicates", "level", "measures", "software"]},
        "methods": {"type": "string", "minLength": 100},
        "results": {"type": "array", "items": ROW, "minItems": 1},
        "layers": {"type": "array", "items": {"required": ["annotator", "revision", "sha256"]}},
        "excluded": {"type": "array", "items": {"required": ["annotator", "reason"]}},
        "depth": {
            "type": ["object", "null"],
            "required": ["parameters", "samples", "precision", "trust", "excluded"],
            "properties": {
                "parameters": {"required": ["sampler", "seed", "samples", "precision", "seconds"]},
                "excluded": {"items": {"required": ["sha256", "measure", "reason"]}},
            },
        },
    },
}


def printed(*args, **options):
    out, err = StringIO(), StringIO()
    call_command("agreement", "kampanye", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def labelled(study):
    for who in (study.annotator_a, study.annotator_b):
        study.lay(0, who, mark("QUOTE", (0, 9), type="direct"))
    return study


def test_json_is_the_whole_record_and_nothing_else_on_stdout(labelled):
    out, err = printed("--json")
    found = json.loads(out, parse_constant=pytest.fail)
    validate(found, RECORD)
    assert (found["campaign"], found["schema"]) == ("kampanye", "atribusi@1.0")
    assert "1 / 1" in err


def test_the_same_layers_print_the_same_bytes(labelled):
    first, second = (json.loads(printed("--json")[0]) for _ in range(2))
    assert json.dumps(first["results"]) == json.dumps(second["results"])
    assert first["layers"] == second["layers"]


def test_without_json_a_table_is_printed(labelled):
    out, _ = printed()
    assert re.search(r"^span_f1 +exact +QUOTE ", out, re.MULTILINE)
    assert re.search(r"^funnel +value +QUOTE type ", out, re.MULTILINE)
    assert "1.000" in out
    assert "no annotator placed such a span" in out
    assert "nan" not in out.lower().split()


def test_include_open_counts_what_is_not_submitted(labelled):
    for layer in labelled.campaign.assignments.filter(article=labelled.articles[0]):
        set_status(layer, Status.OPEN)
    assert json.loads(printed("--json")[0])["layers"] == []
    assert len(json.loads(printed("--json", "--include-open")[0])["layers"]) == 2


def test_an_unknown_campaign_is_a_clear_error(labelled):
    with pytest.raises(CommandError, match="no campaign “lain”"):
        call_command("agreement", "lain")
    assert not AgreementRun.objects.exists()


def test_a_job_that_cannot_be_done_is_a_clear_error():
    with pytest.raises(CommandError, match="not there any more"):
        Command().run(Campaign(pk=0), include_open=False)
