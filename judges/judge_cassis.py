"""dkpro-cassis reads what Kutip writes as UIMA XMI and JSON CAS, and writes it again."""

import io
import warnings
import zipfile
from importlib.metadata import version

from cassis import load_cas_from_json, load_cas_from_xmi, load_typesystem
from verdicts import joined, layers, tell

# it calls a feature `type` otherwise in Python, and says so
warnings.filterwarnings("ignore", message="Trying to add feature")

CUSTOM = "webanno.custom."


def xmi(folder, lines):
    """Types are those beside the files."""
    with zipfile.ZipFile(folder / "uima-xmi.zip") as archive:
        types = archive.read("TypeSystem.xml")

    def load(data):
        return load_cas_from_xmi(io.BytesIO(data), load_typesystem(io.BytesIO(types)))

    return judged(folder / "uima-xmi.zip", ".xmi", load, lines)


def json(folder, lines):
    """Each file has its types."""

    def load(data):
        return load_cas_from_json(io.BytesIO(data))

    return judged(folder / "uima-json.zip", ".json", load, lines)


def judged(path, ending, load, lines):
    """Every file has the spans and relations of its layer; what cassis writes again has, too."""
    count = joins = 0
    with zipfile.ZipFile(path) as archive:
        names = {name for name in archive.namelist() if name.endswith(ending)}
        for line, layer, who in layers(lines):
            name = f"{who}/{line['article']['id']}{ending}"
            names.remove(name)
            cas = load(archive.read(name))
            same(cas, line, layer)
            again = cas.to_xmi() if ending == ".xmi" else cas.to_json()
            same(load(again.encode()), line, layer)
            count += len(layer["spans"])
            joins += len(joined(layer))
    assert not names
    return f"{count} spans, {joins} relations as they were, also when written again"


def same(cas, line, layer):
    text = line["article"]["text"]
    assert cas.sofa_string == text
    parts = {}
    for one in cas.select("kutip.Part"):
        parts.setdefault(one.Governor.xmiID, []).append(one.Dependent)
    inner = {one.xmiID for of in parts.values() for one in of}
    shown = [one for one in cas.select("uima.tcas.Annotation") if one.type.name.startswith(CUSTOM)]
    shown.sort(key=lambda one: one.xmiID)
    spans = [one for one in shown if one.xmiID not in inner and not hasattr(one, "Governor")]
    found = {}
    for one, span in zip(spans, layer["spans"], strict=True):
        pieces = [one, *parts.get(one.xmiID, [])]
        assert one.type.name == CUSTOM + span["label"]
        assert [[piece.begin, piece.end] for piece in pieces] == span["fragments"]
        assert [piece.get_covered_text() for piece in pieces] == span["text"]
        for name, value in span["attributes"].items():
            said = one["type_" if name == "type" else name]
            assert said == (value if isinstance(value, str) else str(value).lower())
        found[one.xmiID] = span["id"]
    relations = [
        (one.type.name.removeprefix(CUSTOM), found[one.Governor.xmiID], found[one.Dependent.xmiID])
        for one in shown
        if hasattr(one, "Governor")
    ]
    assert relations == joined(layer)


if __name__ == "__main__":
    tell({"uima-xmi": xmi, "uima-json": json}, f"dkpro-cassis {version('dkpro-cassis')}")
