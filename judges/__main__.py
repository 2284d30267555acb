"""`make judges`: the programs that our exports are for read them, and what comes of it is a table.

Each program has an environment of its own under .local/judges, with the versions that
judges/requirements pins: they are heavy, and do not go with ours. They are given the exports of the
demo campaign, and of texts on which programs stumble (`hard.py`). The exit status is 0 where all is
right.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotations.exchange.formats import kutip
from annotations.exchange.records import Line
from annotations.exchange.writers.known import WRITERS
from annotations.exchange.writers.losses import LossReport
from annotations.exchange.writers.shape import written
from annotations.schema.spec import Spec, builtin_document, parse
from judges import hard

ROOT = Path(__file__).resolve().parent
STATE = ROOT.parent / ".local" / "judges"
JUDGES = ("cassis", "spacy", "doccano", "label_studio")
_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a program made of a format."""

    format: str
    reader: str
    right: bool
    said: str


class NoEnvironment(RuntimeError):
    """The packages of a judge cannot be had."""


def main(names: Iterable[str]) -> int:
    """Print the table; the exit status."""
    spec = parse(builtin_document())
    right = True
    with tempfile.TemporaryDirectory(prefix="kutip-judges-") as folder:
        corpora = {"demo": _demo(Path(folder)), "hard": list(hard.lines(spec))}
        for corpus, lines in corpora.items():
            written_to = Path(folder, corpus)
            written_to.mkdir()
            _write(lines, spec, written_to)
        print(f"{'format':<13}{'read by':<22}{'texts':<6}{'verdict':<8}what came of it")
        for judge in names or JUDGES:
            for corpus in corpora:
                for one in _verdicts(judge, Path(folder, corpus)):
                    verdict = "right" if one.right else "WRONG"
                    row = f"{one.format:<13}{one.reader:<22}{corpus:<6}{verdict:<8}{one.said}"
                    print(row, flush=True)
                    right = right and one.right
    return 0 if right else 1


def _demo(folder: Path) -> list[Line]:
    """The lines of the demo campaign, as the product exports them."""
    file = folder / "demo.jsonl"
    environment = {**os.environ, "KUTIP_STATE": str(STATE / "state")}
    for command in (
        ("migrate", "-v", "0"),
        ("load_demo",),
        ("export", "demo", "--include-open", "-o", str(file)),
    ):
        program = [sys.executable, "manage.py", *command]
        subprocess.run(
            program, cwd=ROOT.parent, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    with file.open("rb") as stream:
        return [kutip.read(data.rstrip(b"\n")) for data in stream]


def _write(lines: list[Line], spec: Spec, folder: Path) -> None:
    """The lines themselves, and every format of them."""
    whole = bytearray()
    for line in lines:
        kutip.write(line, whole)
    (folder / "lines.jsonl").write_bytes(whole)
    for key, writer in WRITERS.items():
        with (folder / f"{key}.{writer.extension}").open("wb") as out:
            out.writelines(written(writer, lines, spec, LossReport(key)))


def _verdicts(name: str, folder: Path) -> Iterator[Verdict]:
    """What a judge says of the files in a folder; that it cannot be asked is no verdict in favour."""
    try:
        python = _environment(name)
    except NoEnvironment as fault:
        yield Verdict("-", name, right=False, said=f"could not be asked: {fault}")
        return
    program = [python, ROOT / f"judge_{name}.py", folder]
    done = subprocess.run(
        program, capture_output=True, text=True, timeout=_MINUTES * 60, check=False
    )
    (STATE / f"{name}-{folder.name}.log").write_text(done.stderr)
    told = [line for line in done.stdout.splitlines() if line.startswith('{"format"')]
    if not told:
        yield Verdict("-", name, right=False, said=(done.stderr.strip() or "nothing")[-300:])
    yield from (Verdict(**json.loads(line)) for line in told)


def _environment(name: str) -> Path:
    """The Python of a judge; its packages are installed once, and again when the list changes.
    Raises NoEnvironment."""
    needed = ROOT / "requirements" / f"{name}.txt"
    folder = STATE / name
    python, mark = folder / "bin" / "python", folder / "installed"
    digest = hashlib.sha256(needed.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return python
    print(f"Installing the packages of {name} (once) ...", file=sys.stderr)
    venv.create(folder, clear=True, with_pip=True)
    pip = [python, "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-r", needed], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoEnvironment(done.stderr.strip().rpartition("\n")[2])
    mark.write_text(digest)
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
