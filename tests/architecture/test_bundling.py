"""Modules and style sheets put together mean what they meant apart."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbench.bundling import Read, bundled_scripts, bundled_style

MODULES = {
    "js/main.js": """import { far, near as close } from "./lib/near.js"
import * as names from "./lib/names.js"
import "./lib/told.js"
import {
  Thing,
  made,
} from "./thing.js"
console.log([far, close(), names.of(Thing), made(new Thing().value), globalThis.told].join())
""",
    "js/lib/near.js": 'import { far } from "./far.js"\nexport function near() {\n  return far + 1\n}\n'
    'export { far } from "./far.js"\n',
    "js/lib/far.js": "const one = 1\nexport const far = one * 40\n",
    "js/lib/names.js": "export const of = ({ name }) => name\n",
    "js/lib/told.js": 'globalThis.told = "told"\n',
    "js/thing.js": 'import { far } from "./lib/far.js"\nconst one = 2\nexport class Thing {\n'
    "  value = far + one\n}\nexport async function later() {}\nexport const made = (x) => x * one\n",
}


def bundled_script(entry: str, read: Read) -> str:
    return bundled_scripts(entry, read)[entry]


def run(script: str) -> str:
    node = [sys.executable, "-m", "workbench.node", "--input-type=module", "-e", script]
    return subprocess.run(node, capture_output=True, text=True, check=True).stdout.strip()


def without_reexports() -> Mapping[str, str]:
    reexport = 'export { far } from "./far.js"\n'
    near = MODULES["js/lib/near.js"].replace(reexport, "")
    main = MODULES["js/main.js"].replace("{ far, near as close }", "{ near as close }")
    main = 'import { far } from "./lib/far.js"\n' + main
    return MODULES | {"js/lib/near.js": near, "js/main.js": main}


def test_one_module_does_what_many_did() -> None:
    read = without_reexports().__getitem__
    assert run(bundled_script("js/main.js", read)) == "40,41,Thing,84,told"


def test_a_module_imported_twice_runs_once() -> None:
    script = bundled_script("js/main.js", without_reexports().__getitem__)
    assert script.count("one * 40") == 1


@pytest.mark.parametrize(
    "line",
    [
        'export { far } from "./far.js"',
        "export default 1",
        "export let x = 1",
        'import x from "y"',
        'const x = await import("./far.js")',
    ],
)
def test_a_form_it_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="cannot put together"):
        bundled_script(
            "a.js", {"a.js": line + "\n", "far.js": "export const far = 1\n"}.__getitem__
        )


def test_a_circle_of_imports_is_refused() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js"\nexport const a = 1\n',
        "b.js": 'import { a } from "./a.js"\nexport const b = 1\n',
    }
    with pytest.raises(ValueError, match="circle"):
        bundled_script("a.js", modules.__getitem__)


def test_every_script_of_the_desk_can_be_put_together(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2] / "annotations" / "static"
    scripts = bundled_scripts("annotations/js/main.js", lambda name: (root / name).read_text())
    assert list(scripts) == ["annotations/js/main.js", "annotations/js/later.js"]
    for name, script in scripts.items():
        whole = tmp_path / Path(name).with_suffix(".mjs").name
        whole.write_text(script)
        check = [sys.executable, "-m", "workbench.node", "--check", str(whole)]
        assert subprocess.run(check, capture_output=True, check=False).returncode == 0
        assert 'from "./' not in script.replace('import("', "")


def test_what_is_asked_for_later_shares_what_came_first(tmp_path: Path) -> None:
    modules = {
        "js/main.js": 'import { count } from "./lib/count.js"\nimport { ask } from "./lib/ask.js"\n'
        "const first = count()\nask().then(({ next }) => console.log([first, next()].join()))\n",
        "js/lib/ask.js": "let coming = null\nexport const ask = () =>\n"
        '  (coming ??= import("../later.js"))\n',
        "js/lib/count.js": "let at = 0\nexport const count = () => (at += 1)\n",
        "js/lib/only.js": "export const ten = 10\n",
        "js/later.js": 'import { count } from "./lib/count.js"\nimport { ten } from "./lib/only.js"\n'
        "export const next = () => count() * ten\n",
    }
    scripts = bundled_scripts("js/main.js", modules.__getitem__)
    for name, text in scripts.items():
        (tmp_path / Path(name).name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    node = [sys.executable, "-m", "workbench.node", str(tmp_path / "main.js")]
    said = subprocess.run(node, capture_output=True, text=True, check=True).stdout.strip()
    assert said == "1,20"  # one counter for both
    assert "ten = 10" not in scripts["js/main.js"]
    assert "at += 1" not in scripts["js/later.js"]


def test_a_style_sheet_stands_where_it_was_imported() -> None:
    sheets = {
        "css/all.css": '@import "./tokens.css";\n@import "./parts/a.css";\n.last {}\n',
        "css/tokens.css": "@layer tokens, parts;\n",
        "css/parts/a.css": '@import "../b.css";\n.a {}\n',
        "css/b.css": ".b {}\n",
    }
    whole = bundled_style("css/all.css", sheets.__getitem__)
    assert whole.split() == ["@layer", "tokens,", "parts;", ".b", "{}", ".a", "{}", ".last", "{}"]
