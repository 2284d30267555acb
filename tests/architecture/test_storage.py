"""Static files under hashed names: what a module imports is hashed too."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workbench.scripts import shortened

ROOT = Path(__file__).resolve().parents[2]
JS = ROOT / "annotations" / "static" / "annotations" / "js"

PARSE = """
const { readFileSync } = require("node:fs")
const { SourceTextModule } = require("node:vm")
for (const file of process.argv.slice(1)) new SourceTextModule(readFileSync(file, "utf8"), { identifier: file })
"""

MAIN = 'import { near } from "./lib/near.js"\nimport "./lib/far.js"\nexport const found = near\n'
NEAR = 'import { far } from "./far.js"\nexport const near = far\n'
FAR = "export const far = 1\n"


@pytest.fixture
def everything_collected(tmp_path: Path, settings: Any) -> Any:
    """Collects three small modules, and every real static file, into a folder."""
    source, target = tmp_path / "source", tmp_path / "target"
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = target
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "workbench.storage.ModuleStorage"}
    }

    def collect(far: str = FAR) -> Path:
        folder = source / "annotations" / "js" / "trial"
        (folder / "lib").mkdir(parents=True, exist_ok=True)
        (folder / "main.js").write_text(MAIN)
        (folder / "lib" / "near.js").write_text(NEAR)
        (folder / "lib" / "far.js").write_text(far)
        # all again: what changed within the same second would pass for unchanged
        call_command("collectstatic", "--noinput", "--clear", verbosity=0)
        return target / "annotations" / "js" / "trial"

    return collect


@pytest.fixture
def collected(everything_collected: Any, settings: Any) -> Any:
    """Collects the three small modules alone: to pack all real files takes seconds each time."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return everything_collected


def newest(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"{name}.*.js"), key=lambda path: path.stat().st_mtime_ns)
    return found[-1]


def test_imports_name_the_hashed_file(everything_collected: Any) -> None:
    folder = everything_collected()
    assert newest(folder.parent, "main").exists()
    near = newest(folder / "lib", "near")
    assert f'from "./lib/{near.name}"' in newest(folder, "main").read_text()
    assert re.search(r'from "\./far\.[0-9a-f]{12}\.js"', near.read_text())


def test_a_change_far_down_changes_the_names_all_the_way_up(collected: Any) -> None:
    before = newest(collected(), "main").name
    assert newest(collected(FAR + "export const farther = 2\n"), "main").name != before


def test_comments_stay_in_the_sources(collected: Any) -> None:
    folder = collected("// why\n" + FAR)
    assert "why" not in newest(folder / "lib", "far").read_text()


def test_shortened_modules_still_pass_their_tests(tmp_path: Path) -> None:
    """Our modules, as browsers get them, under the tests written for their sources."""
    for source in JS.rglob("*.js"):
        target = tmp_path / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(shortened(source.read_text()))
    shutil.copytree(ROOT / "tests" / "js", tmp_path / "tests" / "js")
    shutil.copytree(ROOT / "tests" / "vectors", tmp_path / "tests" / "vectors")
    shutil.copytree(ROOT / "annotations" / "schema", tmp_path / "annotations" / "schema")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    modules = [str(module) for module in (tmp_path / "annotations").rglob("*.js")]
    parsed = _node("--experimental-vm-modules", "--eval", PARSE, *modules)
    assert parsed.returncode == 0, parsed.stderr[-3000:]
    tests = sorted(str(path) for path in (tmp_path / "tests" / "js").glob("*.test.mjs"))
    done = _node("--test", *tests)
    assert done.returncode == 0, done.stdout[-3000:]


def _node(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "workbench.node", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_import_of_nothing_is_refused(collected: Any) -> None:
    with pytest.raises((ValueError, CommandError), match="missing"):
        collected('import "./missing.js"\n')


def test_what_can_be_compressed_lies_there_in_brotli_and_gzip(collected: Any) -> None:
    folder = collected("export const far = " + repr("kutip " * 400) + "\n")
    far = newest(folder / "lib", "far")
    assert far.with_name(far.name + ".br").exists()
    assert far.with_name(far.name + ".gz").exists()
