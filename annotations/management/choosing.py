"""What goes into an export, as options of a command."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from annotations.exchange.choices.asking import BadChoice, choice_of
from annotations.exchange.choices.record import KINDS, PARTS, UNITS, Choice

_ARTICLES = ("words", "title", "source", "author", "language", "since", "until", "tag", "state")
_NAMES = {
    "annotators": "only this annotator's layers",
    "labels": "only this label",
    "attributes": "only this attribute",
    "relations": "only this relation",
}


def add_choice(parser: CommandParser) -> None:
    """The command takes what may be chosen, as one document or option by option."""
    group = parser.add_argument_group("what goes in")
    group.add_argument("--choice", metavar="FILE", help="a document of the choice; “-” for stdin")
    group.add_argument(
        "--include-open",
        action="store_true",
        help="also layers that are open, reopened or skipped, as they stand",
    )
    for name in _ARTICLES:
        group.add_argument(f"--{name}", help="of articles, as in the list of the corpus")
    group.add_argument("--cluster", type=int, help="of articles: the key of a story")
    group.add_argument(
        *("--layer", "--layers"), action="append", choices=KINDS, dest="layers", help="repeat it"
    )
    for name, words in _NAMES.items():
        group.add_argument(f"--{name[:-1]}", action="append", dest=name, help=f"{words}; repeat it")
    group.add_argument("--no-text", action="store_true", help="hashes and offsets only")
    group.add_argument("--pseudonyms", action="store_true", help="annotators without their names")
    group.add_argument(
        "--split",
        metavar="TRAIN/DEV/TEST",
        help="percent, such as 80/10/10; parts without a story in common",
    )
    group.add_argument("--seed", type=int, help="of the split")
    group.add_argument(
        "--offsets", action="append", choices=UNITS, help="beside code points; repeat it"
    )
    group.add_argument("--licence", help="what the data card says of it")


def choice_from(options: dict[str, Any]) -> Choice:
    """The choice that the options say; they go before what a document says. What cannot be read is
    a CommandError."""
    document = _document(options["choice"])
    articles = {name: options[name] for name in (*_ARTICLES, "cluster") if options[name]}
    if articles:
        document["articles"] = {**document.get("articles", {}), **articles}
    for name in ("layers", *_NAMES, "offsets", "licence"):
        if options[name]:
            document[name] = options[name]
    for name in ("include_open", "pseudonyms"):
        if options[name]:
            document[name] = True
    if options["no_text"]:
        document["text"] = False
    if options["split"]:
        document["split"] = _split(options["split"], options["seed"])
    try:
        return choice_of(document)
    except BadChoice as refused:
        raise CommandError(str(refused)) from refused


def _document(file: str | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        said = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text())
    except OSError as error:
        raise CommandError(f"“{file}” cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"“{file}” is no JSON.") from error
    if not isinstance(said, dict) or not isinstance(said.get("articles", {}), dict):
        raise CommandError(f"“{file}” holds no choice.")
    return said


def _split(said: str, seed: int | None) -> dict[str, int]:
    shares = said.split("/")
    if len(shares) != len(PARTS) or not all(s.isascii() and s.isdigit() for s in shares):
        raise CommandError(f"“{said}” is no split such as 80/10/10.")
    split: dict[str, int] = dict(zip(PARTS, map(int, shares), strict=True))
    return split if seed is None else {**split, "seed": seed}
