"""spaCy reads what Kutip writes for it: DocBin, JSONL and CoNLL."""

import json
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import spacy
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.training.converters import conll_ner_to_docs
from spacy.vocab import Vocab
from verdicts import layers, tell


def pieces(layer):
    return [(span["label"], *pair) for span in layer["spans"] for pair in span["fragments"]]


def docbin(folder, lines):
    """Docs are the layers, spans and all; written again by spaCy they are the same; a span
    categorizer trains on them."""
    nlp, docs = spacy.blank("id"), {}
    with tempfile.TemporaryDirectory() as unpacked:
        with zipfile.ZipFile(folder / "docbin.zip") as archive:
            archive.extractall(unpacked)
        for file in sorted(Path(unpacked).rglob("*.spacy")):
            for doc in DocBin().from_disk(file).get_docs(nlp.vocab):
                kutip = doc.user_data["kutip"]
                docs[file.parent.name, kutip["article"]["id"]] = doc
    expected = list(layers(lines))
    assert len(docs) == len(expected)
    count = 0
    for line, layer, name in expected:
        doc = docs[name, line["article"]["id"]]
        text = line["article"]["text"]
        assert doc.text == text, (doc.text, text)
        found = [(one.label_, one.start_char, one.end_char) for one in doc.spans["sc"]]
        assert found == pieces(layer), (found, pieces(layer))
        assert all(one.text == text[one.start_char : one.end_char] for one in doc.spans["sc"])
        entities = [span["entity"] or "" for span in layer["spans"] for _ in span["fragments"]]
        assert [one.kb_id_ for one in doc.spans["sc"]] == entities
        assert json.loads(json.dumps(doc.user_data["kutip"]["layer"])) == layer
        assert [token.text for token in doc] == [nlp.vocab.strings[token.orth] for token in doc]
        again = DocBin(docs=[doc], store_user_data=True).to_bytes()
        [same] = DocBin().from_bytes(again).get_docs(Vocab())
        assert [(one.label_, one.start, one.end) for one in same.spans["sc"]] == [
            (one.label_, one.start, one.end) for one in doc.spans["sc"]
        ]
        count += len(found)
    train(nlp, list(docs.values()))
    return f"read {len(docs)} docs, {count} spans; a span categorizer trains on them"


def train(nlp, docs):
    """One step of training a span categorizer."""
    nlp.add_pipe("spancat", config={"spans_key": "sc"})
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs if doc.spans["sc"]][:50]
    nlp.initialize(lambda: examples)
    losses = nlp.update(examples)
    assert losses["spancat"] >= 0


def prodigy(folder, lines):
    """Tasks are the layers, and a blank pipeline finds the spans that fit its tokens."""
    nlp, spans, aligned = spacy.blank("id"), 0, 0
    tasks = [json.loads(one) for one in (folder / "prodigy.jsonl").open("rb")]
    for task, (line, layer, name) in zip(tasks, layers(lines), strict=True):
        assert (task["text"], task["_annotator_id"]) == (line["article"]["text"], name)
        found = [(one["label"], one["start"], one["end"]) for one in task["spans"]]
        assert Counter(found) == Counter(pieces(layer))
        doc = nlp.make_doc(task["text"])
        for label, start, end in found:
            span = doc.char_span(start, end, label)
            assert span is None or span.text == task["text"][start:end]
            aligned += span is not None
            spans += 1
    return f"{len(tasks)} tasks, {spans} spans; {aligned} of them are whole tokens of blank:id"


def conll(folder, lines):
    """spaCy's converter has a token for each row and its entity."""
    tokens = ents = 0
    with zipfile.ZipFile(folder / "conll.zip") as archive:
        for name in archive.namelist():
            rows = archive.read(name).decode()
            if not rows.strip():
                continue
            tagged = [row.split("\t") for row in rows.split("\n") if row]
            docs = list(conll_ner_to_docs(rows, n_sents=0, no_print=True))
            found = [(token.text, token.ent_iob_, token.ent_type_) for doc in docs for token in doc]
            wanted = [(word, tag[0], tag[2:]) for word, tag in tagged]
            assert found == wanted, name
            tokens += len(found)
            ents += sum(iob == "B" for _, iob, _ in found)
    return f"{tokens} tokens, {ents} entities, as they are in the columns"


if __name__ == "__main__":
    judges = {"docbin": docbin, "prodigy": prodigy, "conll": conll}
    tell(judges, f"spaCy {spacy.__version__}")
