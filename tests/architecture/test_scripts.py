"""Scripts and style sheets as they are served mean what they mean as they are written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import missing
from workbench import typescript
from workbench.node import find as find_node
from workbench.scripts import bundled_scripts, shortened
from workbench.scripts.linking import Read
from workbench.storage import BUNDLES
from workbench.styles import bundled_style, stripped_style

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "annotations" / "static"

MODULES = {
    "js/main.js": """import { far } from "./lib/far.js"
import { near as close } from "./lib/near.js"
import * as names from "./lib/names.js"
import "./lib/told.js"
import {
  Thing,
  made,
} from "./thing.js"
console.log([far, close(), names.of({ name: "it" }), made(new Thing().value), globalThis.told].join())
""",
    "js/lib/near.js": 'import { far } from "./far.js"\nexport function near() {\n'
    "  return far + 1\n}\n",
    "js/lib/far.js": "const one = 1\nexport const far = one * 40\n",
    "js/lib/names.js": "export const of = ({ name }) => name\n",
    "js/lib/told.js": 'globalThis.told = "told"\n',
    "js/thing.js": 'import { far } from "./lib/far.js"\nconst one = 2\nexport class Thing {\n'
    "  value = far + one\n}\nexport async function later() {}\nexport const made = (x) => x * one\n",
}


def node(*arguments: str) -> str:
    command = [sys.executable, "-m", "workbench.node", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def run(script: str) -> str:
    return node("--input-type=module", "-e", script)


def bundled_script(entry: str, read: Read) -> str:
    return bundled_scripts(entry, read)[entry]


def test_one_module_does_what_many_did() -> None:
    assert run(bundled_script("js/main.js", MODULES.__getitem__)) == "40,41,it,84,told"


def test_a_module_imported_twice_runs_once() -> None:
    assert bundled_script("js/main.js", MODULES.__getitem__).count("*40") == 1


def test_a_module_does_not_go_on_with_the_one_before() -> None:
    modules = {
        "a.js": 'import "./b.js"\n;[1].forEach((one) => console.log(one))\n',
        "b.js": "globalThis.told = String\n",
    }
    assert run(bundled_script("a.js", modules.__getitem__)) == "1"


@pytest.mark.parametrize(
    "line",
    [
        'export { far } from "./far.js"',
        "export default 1",
        "export let x = 1",
        "export const { x } = y",
        'import x from "y"',
        'import { x } from "y"',
        'import { near } from "./far.js"',
        'import * as x from "./far.js"\nconst y = x',
        'import * as x from "./far.js"\nx.near()',
        "const x = import(y)",
        "var x = 1",
        "switch (x) {}",
        "const x = 1 const y = 2",
        "const x = `",
        "const x = (1",
        "const x = (1]",
        "if (x",
        "const x = @y",
        "class X { static {} }",
        "new.target",
    ],
)
def test_a_form_it_does_not_know_is_refused(line: str) -> None:
    modules = {"a.js": line + "\n", "far.js": "export const far = 1\n"}
    with pytest.raises(ValueError, match=r"a\.js"):
        bundled_script("a.js", modules.__getitem__)


def test_a_circle_of_imports_is_refused() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js"\nexport const a = 1\n',
        "b.js": 'import { a } from "./a.js"\nexport const b = 1\n',
    }
    with pytest.raises(ValueError, match="circle"):
        bundled_script("a.js", modules.__getitem__)


LATER = {
    "js/main.js": 'import { count } from "./lib/count.js"\nimport { ask } from "./lib/ask.js"\n'
    "const first = count()\nask().then(({ next }) => console.log([first, next()].join()))\n",
    "js/lib/ask.js": "let coming = null\nexport const ask = () =>\n"
    '  (coming ??= import("../later.js"))\n',
    "js/lib/count.js": "let at = 0\nexport const count = () => (at += 1)\n",
    "js/lib/only.js": "export const ten = 10\n",
    "js/later.js": 'import { count } from "./lib/count.js"\nimport { ten } from "./lib/only.js"\n'
    "export const next = () => count() * ten\n",
}


def test_what_is_asked_for_later_shares_what_came_first(tmp_path: Path) -> None:
    scripts = bundled_scripts("js/main.js", LATER.__getitem__)
    for name, text in scripts.items():
        (tmp_path / Path(name).name).write_text(text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    assert node(str(tmp_path / "main.js")) == "1,20"  # one counter for both
    assert "=10" not in scripts["js/main.js"]
    assert "+=1" not in scripts["js/later.js"]


def test_what_comes_later_cannot_ask_for_more() -> None:
    modules = LATER | {"js/lib/only.js": 'export const ten = () => import("./count.js")\n'}
    with pytest.raises(ValueError, match="asks for more"):
        bundled_scripts("js/main.js", modules.__getitem__)


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("/* why */\nlet sum = 0 // of all\nsum += 1_000", "let sum=0;sum+=1000"),
        ("const one = 1\nconst two = 2\nlet three", "const one=1,two=2;let three"),
        ("if (a) b()\nelse c()\nfor (;;) break", "if(a)b();else c();for(;;)break"),
        ("{\n  f(1)\n}", "{f(1)}"),
        ("a = /** @type {any} */ (b)\nc = (d + e).f", "a=b;c=(d+e).f"),
        ("a = (b?.c).d\nnew (e())()", "a=(b?.c).d;new(e())()"),
        ("f((a, b) => ({ a }), (c) => c, [1, 2,])", "f((e,t)=>({a:e}),e=>e,[1,2])"),
        ("a = b / c / d\ne = /[/]\\/ #x/u", "a=b/c/d;e=/[/]\\/ #x/u"),
        ("a = b + +c - -d\nreturn_ in e", "a=b+ +c- -d;return_ in e"),
        ("f(`${a} ${`${b}`}  c`)", "f(`${a} ${`${b}`}  c`)"),
        ("a\n  .b()\n  ?.[c]\n;(d ?? e).f()", "a.b()?.[c];(d??e).f()"),
        ("class A {\n  [b]() {}\n  static async #c() {}\n}", "class A{[b](){}static async#e(){}}"),
        ("do f()\nwhile (a)\nwhile (b) f()", "do f();while(a);while(b)f()"),
        (
            "for (const [a, b = c] of d) f({ a, e: b, ...g })",
            "for(const[e,t=c]of d)f({a:e,e:t,...g})",
        ),
        (
            "try {\n  f()\n} catch (e) {\n  g(e)\n} finally {\n  h()\n}",
            "try{f()}catch(e){g(e)}finally{h()}",
        ),
        ("f(function* g() {\n  yield [1]\n  yield* g()\n})", "f(function*e(){yield[1];yield*e()})"),
        ("f(async (a) => await a, async function () {})", "f(async e=>await e,async function(){})"),
        (
            "class A extends B {\n  #c = 1\n  static d\n  get #e() { return #c in this }\n  async *f() {}\n}",
            "class A extends B{#e=1;static d;get#t(){return#e in this}async*f(){}}",
        ),
        ("f(class A {\n  #b = new (class {\n    #c\n  })()\n})", "f(class e{#e=new(class{#t})()})"),
        ("const f = ({ a: { b }, ...c }) => a + b(c)", "const f=({a:{b:e},...t})=>a+e(t)"),
        (
            "f({ a() {}, get b() {}, async c() {}, [d]: 1, 'e': 2 })",
            "f({a(){},get b(){},async c(){},[d]:1,'e':2})",
        ),
        ("a ? (b, c) : (d)\nthrow (e)", "a?(b,c):d;throw e"),
    ],
)
def test_what_is_written_for_people_goes_and_what_it_means_stays(written: str, served: str) -> None:
    assert shortened(written) == served + "\n"


def test_names_that_others_know_stay() -> None:
    module = "import { find } from './a.js'\nconst one = find(document)\nexport const two = one\n"
    assert shortened(module) == (
        "import{find as e}from'./a.js';const t=e(document);export const two=t\n"
    )
    assert shortened("const theme = 1\n") == "const theme=1\n"  # of a script for the whole page


def test_names_beside_each_other_are_the_same_and_never_the_browsers() -> None:
    names = ", ".join(f"name{number}" for number in range(60))
    served = shortened(f"((first) => {{\n  f(e, first, ({names}) => [{names}])\n}})(g)\n")
    assert served.startswith("(t=>{f(e,t,(") or "=>{f(e," in served
    given = served.partition(",(")[2].partition(")")[0].split(",")
    assert len(set(given)) == 60
    assert not {"e", "f", "g", "as", "do", "if", "in"} & set(given)


def compared(folder: Path, pairs: list[dict[str, str]], bundles: list[dict[str, object]]) -> str:
    """What TypeScript says of scripts as they are written and as they are served."""
    program = find_node()
    if program is None or not typescript.install(program):
        missing("no TypeScript compiler: it comes from the npm registry, once")
    (folder / "pairs.json").write_text(json.dumps({"pairs": pairs, "bundles": bundles}))
    judge = Path(__file__).with_name("meaning.mjs")
    compiler = typescript.COMPILER.parents[1] / "lib" / "typescript.js"
    return node(str(judge), str(compiler), str(folder))


def test_every_script_means_as_it_is_served_what_it_means_as_it_is_written(
    tmp_path: Path,
) -> None:
    """Each name stands for the same thing, and what is done with it is the same."""
    shutil.copytree(STATIC / "annotations" / "js", tmp_path / "annotations" / "js")
    read = lambda name: (STATIC / name).read_text(encoding="utf-8")
    pairs, bundles = [], []
    for path in sorted(STATIC.rglob("*.js")):
        name = str(path.relative_to(STATIC))
        pairs.append({"written": name, "served": f"apart/{name}"})
        put(tmp_path / "apart" / name, shortened(read(name)))
    for entry in BUNDLES:
        scripts = bundled_scripts(entry, read)
        served = {name: f"linked/{Path(entry).stem}/{name}" for name in scripts}
        for name, text in scripts.items():
            put(tmp_path / served[name], text)
        bundles.append({"entry": entry, "served": served.pop(entry), "later": served})
    said = compared(tmp_path, pairs, bundles)
    assert said == f"{len(pairs)} files and {len(bundles)} bundles mean the same"


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_style_sheet_stands_where_it_was_imported() -> None:
    sheets = {
        "css/all.css": '@import "./tokens.css";\n@import "./parts/a.css";\n.last {}\n',
        "css/tokens.css": "@layer tokens, parts;\n",
        "css/parts/a.css": '@import "../b.css";\n.a {}\n',
        "css/b.css": ".b {}\n",
    }
    whole = bundled_style("css/all.css", sheets.__getitem__)
    assert whole.split() == ["@layer", "tokens,", "parts;", ".b", "{}", ".a", "{}", ".last", "{}"]


def test_a_style_sheet_loses_its_comments_and_keeps_its_selectors() -> None:
    written = (
        "/* why */\n.a :is(b, c),\n  .d > :first-child {\n  /* x */ --e: calc(1px + 2px);\n}\n"
    )
    kept = ".a :is(b, c),.d > :first-child{--e:calc(1px + 2px)}\n"
    assert stripped_style(written) == kept
