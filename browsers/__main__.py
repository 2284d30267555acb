"""`make browsers`: Firefox and WebKit, the engine of Safari, do a whole job (`job.py`).

They are those of the system: on Debian `apt-get install firefox-esr webkit2gtk-driver xvfb`. Kutip
runs in a folder of its own meanwhile. What the browsers saw last is kept as pictures under
.local/browsers. The exit status is 0 where all went right.
"""

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from browsers.driving import Browser, Failed, NoBrowser, Person
from browsers.firefox import Firefox
from browsers.job import ENTITY, NOTE, RELATIONS, SPANS, TEXT, work
from browsers.webkit import WebKit
from tests.product import Product, product

PICTURES = Path(__file__).resolve().parents[1] / ".local" / "browsers"
BROWSERS: dict[str, type[Browser]] = {"firefox": Firefox, "webkit": WebKit}


def main(names: Iterable[str]) -> int:
    """Print a line for each browser; the exit status."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = list(names) or list(BROWSERS)
    right = True
    with product("--no-demo", port=8951) as running:
        links = _prepared(running, wanted)
        for name in wanted:
            said = _tried(running, name, links[name])
            print(f"{name:<9}{said}", flush=True)
            right = right and said.endswith("right")
    return 0 if right else 1


def _prepared(running: Product, names: list[str]) -> dict[str, str]:
    """A campaign over two articles, and for each browser the sign-in link of its own annotator."""
    for number in (1, 2):
        (running.state / f"{number}.txt").write_text(f"{TEXT}\n{number}\n")
    links = {}
    for name in names:
        told = running.manage("create_user", name, "--role", "annotator")
        links[name] = f"http://127.0.0.1:{running.port}{_path(told)}"
    files = [str(running.state / f"{number}.txt") for number in (1, 2)]
    running.manage("load_articles", "pelabuhan", *files, "--create")
    crew = ["--annotators", ",".join(names), "--overlap", str(len(names))]
    running.manage("create_campaign", "coba", "--corpus", "pelabuhan", *crew, "--no-suggestions")
    return links


def _path(told: str) -> str:
    found = re.search(r"/sign-in/link/\S+", told)
    if not found:
        raise RuntimeError(f"no sign-in link in: {told}")
    return found[0]


def _tried(running: Product, name: str, link: str) -> str:
    """How the job went, in a line that ends with "right" where all of it did."""
    try:
        browser = BROWSERS[name]()
    except NoBrowser as fault:
        return f"could not be tried: {fault}"
    steps: list[str] = []
    try:
        steps.extend(work(Person(browser), link))  # keeps those before a fault
        wrong = _wrong(running, name)
    except Failed as fault:
        wrong = [f"{steps[-1] if steps else 'the beginning'}: {fault}"]
    finally:
        browser.picture(PICTURES / f"{name}.png")
        browser.close()
    return f"{browser.name} {browser.version}: {'; '.join(map(str, wrong)) or 'right'}"


def _wrong(running: Product, name: str) -> list[str]:
    """What the export has otherwise than it was labelled."""
    file = running.state / f"{name}.jsonl"
    running.manage("export", "coba", "-o", str(file))
    layers = [
        (layer, {one["id"]: one["name"] for one in line["entities"]})
        for line in map(json.loads, file.read_text().splitlines())
        for layer in line["layers"]
        if layer["annotator"] == name
    ]
    if len(layers) != 1:
        return [f"{len(layers)} layers were submitted"]
    return list(_differences(*layers[0]))


def _differences(layer: dict[str, Any], names: dict[str, str]) -> Iterable[str]:
    spans = {span["id"]: span for span in layer["spans"]}
    label_of = {key: span["label"] for key, span in spans.items()}
    found: dict[str, tuple[object, object]] = {
        "spans": (SPANS, {(one["label"], " … ".join(one["text"])) for one in spans.values()}),
        "relations": (
            RELATIONS,
            {
                (one["type"], label_of[one["from"]["span"]], label_of[one["to"]["span"]])
                for one in layer["relations"]
            },
        ),
        "entities": ({ENTITY}, {names[one["entity"]] for one in spans.values() if one["entity"]}),
        "notes": ({NOTE}, {note["text"] for one in spans.values() for note in one["notes"]}),
    }
    for what, (wanted, had) in found.items():
        if wanted != had:
            yield f"{what} are {had}, not {wanted}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
