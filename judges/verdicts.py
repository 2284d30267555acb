"""What every judge tells: for each format a line of JSON with whether it is right, and what came of
it. Runs in the environments of the judges, which know nothing of Kutip."""

import json
import sys
import traceback
from pathlib import Path


def tell(judges, reader):
    """Ask the judge of each format about the files in the folder that the command line names;
    `reader` is the name and version of the program that reads them."""
    folder = Path(sys.argv[1])
    lines = [json.loads(one) for one in (folder / "lines.jsonl").open("rb")]
    for name, judge in judges.items():
        try:
            right, said = True, judge(folder, lines)
        except Exception as fault:  # noqa: BLE001 - whatever a program does is a verdict
            traceback.print_exc()
            right, said = False, f"{type(fault).__name__}: {fault}"
        told = {"format": name, "reader": reader, "right": right, "said": said[:300]}
        print(json.dumps(told), flush=True)


def layers(lines):
    """Each layer with its line, and the annotator as files name them."""
    for line in lines:
        for layer in line["layers"]:
            gold = " (gold)" if layer["kind"] == "gold" else ""
            yield line, layer, layer["annotator"] + gold


def joined(layer):
    """The relations between spans, as their type and the ids of both."""
    return [
        (one["type"], one["from"]["span"], one["to"]["span"])
        for one in layer["relations"]
        if "span" in one["from"] and "span" in one["to"]
    ]
