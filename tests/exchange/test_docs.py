"""What docs/jsonl.md promises is so: its example is a line, and its programs find liars."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from annotations.exchange.fitting import Fitter
from annotations.exchange.formats import kutip
from annotations.exchange.manifest import schema_document
from tests.exchange.kutip_lines import SPEC, compact, layer, line, span

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "jsonl.md").read_text(encoding="utf-8")
TEXT = "Satu\u2028dua 🚢 tiga."


def block(language: str, part: int = 0) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found[part])


def test_the_example_is_a_line() -> None:
    example = json.loads(block("json"))
    Draft202012Validator(json.loads(schema_document())).validate(example)
    [fitted] = Fitter(SPEC).line(kutip.read(compact(example))).layers
    assert len(fitted.layer.spans) == 2
    assert example["article"]["id"] == line(example["article"]["text"])["article"]["id"]


def test_every_key_is_told() -> None:
    schema = json.loads(schema_document())
    objects = [schema, *schema["$defs"].values()]
    keys = {key for each in objects for key in each.get("properties", {})}
    assert [key for key in sorted(keys) if f"`{key}`" not in PAGE and f'"{key}"' not in PAGE] == []


@pytest.mark.parametrize("language", ["python", "js"])
@pytest.mark.parametrize("honest", [True, False])
def test_its_programs_find_liars(tmp_path: Path, language: str, honest: bool) -> None:
    told = span(TEXT, "dua", "tiga") if honest else moved(span(TEXT, "tiga"))
    (tmp_path / "export.jsonl").write_bytes(compact(line(TEXT, layer("a", told))) + b"\n")
    assert run(language, tmp_path) == honest


def moved(one: dict[str, Any]) -> dict[str, Any]:
    """The span, one code point further: as a program would have it that counts UTF-16 units."""
    return one | {"fragments": [[start + 1, end + 1] for start, end in one["fragments"]]}


def run(language: str, folder: Path) -> bool:
    ending, command = {
        "python": ("py", [sys.executable]),
        "js": ("mjs", [sys.executable, "-m", "workbench.node"]),
    }[language]
    program = folder / f"program.{ending}"
    program.write_text(block(language), encoding="utf-8")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        [*command, str(program)], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode == 0
