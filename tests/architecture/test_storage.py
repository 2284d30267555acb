"""Static files under hashed names: what a module imports is hashed too."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

MAIN = 'import { far } from "./lib/near.js"\nimport "./lib/far.js"\nexport const found = far\n'
NEAR = 'export { far } from "./far.js"\n'
FAR = "export const far = 1\n"


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Any:
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
        call_command("collectstatic", "--noinput", verbosity=0)
        return target / "annotations" / "js" / "trial"

    return collect


def newest(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"{name}.*.js"), key=lambda path: path.stat().st_mtime_ns)
    return found[-1]


def test_imports_name_the_hashed_file(collected: Any) -> None:
    folder = collected()
    near = newest(folder / "lib", "near")
    assert f'from "./lib/{near.name}"' in newest(folder, "main").read_text()
    assert re.search(r'from "\./far\.[0-9a-f]{12}\.js"', near.read_text())


def test_a_change_far_down_changes_the_names_all_the_way_up(collected: Any) -> None:
    before = newest(collected(), "main").name
    assert newest(collected(FAR + "// changed\n"), "main").name != before


def test_an_import_of_nothing_is_refused(collected: Any) -> None:
    with pytest.raises((ValueError, CommandError), match="missing"):
        collected('import "./missing.js"\n')


def test_what_can_be_compressed_lies_there_in_brotli_and_gzip(collected: Any) -> None:
    folder = collected("export const far = " + repr("kutip " * 400) + "\n")
    far = newest(folder / "lib", "far")
    assert far.with_name(far.name + ".br").exists()
    assert far.with_name(far.name + ".gz").exists()
