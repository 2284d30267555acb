"""The data card of an export: what a person needs to know before using the file, in Markdown; and
the methods as a paragraph that can stand in a paper, in English and Indonesian."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from annotations.agreement.models import AgreementRun
from annotations.exchange.choices.hiding import Hiding
from annotations.exchange.choices.record import Choice, read
from annotations.exchange.choices.telling import sentences
from annotations.exchange.models import Export

Json = dict[str, Any]

_LANGUAGES = ("en", "id")
_OUTLETS = 20
_MEASURES = ("span_f1", "u_alpha")
_UNKNOWN = "not known"

_LIMITS = (
    "No layer is hidden or merged unless the choice says so: where annotators differ, they differ here too.",
    "Layers of kind `gold` are an adjudicator's. Layers of kind `majority` and `union` are computed.",
    "Agreement is that measured last before this file was made, and need not be that of what was chosen.",
    "Languages, outlets and dates are those given when the articles were loaded; nobody checked them.",
    "An article may tell the same story as another: use the splits, or the stories, before you train.",
    "Notes are quoted as they were written, and may name people.",
)


def known_of(export: Export) -> dict[str, object]:
    """What the rooms below know of the campaign and belongs into the manifest: the figures of its
    newest measured agreement. To be called within the snapshot."""
    # not by agreement.queries: whoever exports needs no numpy, and none of its memory
    runs = AgreementRun.objects.filter(campaign=export.campaign, finished_at__isnull=False)
    run = runs.order_by("-pk").first()
    return {"agreement": _figures(run) if run else None}


def _figures(run: AgreementRun) -> Json:
    return {
        "run": run.pk,
        "measured_at": run.finished_at and run.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "articles": run.layers.get("articles"),
        "include_open": run.include_open,
        "results": [
            {
                key: row[key]
                for key in ("measure", "variant", "label", "value", "interval", "sd", "n")
            }
            for row in run.results
            if row["measure"] in _MEASURES and row["pair"] is None and row["attribute"] is None
        ],
    }


def card(whole: Json, hiding: Hiding) -> str:
    """The data card of the whole manifest. Annotators stand in it under pseudonyms, also where the
    file names them: a card is passed on."""
    with override("en"):
        return "\n".join(_card(whole, hiding))


def _card(whole: Json, hiding: Hiding) -> Iterator[str]:
    choice = read(whole.get("choice", {}))
    yield f"# {_inline(whole['campaign']['name'])}"
    yield ""
    yield from (f"- **{name}**: {value}" for name, value in _facts(whole, choice).items())
    yield ""
    if told := sentences(choice):
        yield from ("## What was chosen", "", *(f"- {_inline(each)}" for each in told), "")
    yield from ("## What it holds", "")
    yield from _table("Label", "Spans", whole["labels"])
    yield from _table("Relation", "Relations", whole["relations"])
    yield from _table("Layers", "Number", whole["kinds"])
    yield from _table("Annotator", "Layers", _hidden(whole["annotators"], choice, hiding))
    yield from _table("Language", "Articles", whole.get("languages", {}))
    yield from _table("Outlet", "Articles", _first(whole.get("sources", {}), _OUTLETS))
    yield from _table("Part", "Articles", whole.get("split", {}))
    yield from _agreement(whole.get("agreement"))
    yield from ("## Offsets", "", *_offsets(choice), "")
    yield from ("## Known limits", "", *(f"- {limit}" for limit in _LIMITS), "")
    yield from ("## Licence", "", _licence(choice), "")
    yield from ("## Methods", "")
    for language in _LANGUAGES:
        with override(language):
            yield from (" ".join(_methods(whole, choice)), "")


def _facts(whole: Json, choice: Choice) -> dict[str, str]:
    counts, file, campaign, corpus = (
        whole[key] for key in ("counts", "file", "campaign", "corpus")
    )
    schema, software = whole["schema"], whole["software"]
    layers = "every layer, also those not submitted" if choice.include_open else "submitted layers"
    facts = {
        "File": f"`{file['name']}`, {file['bytes']:,} bytes, {file['lines']:,} lines",
        "Format": f"`{whole['format']}`",
        "SHA-256": f"`{file['sha256']}`",
        "Made": f"{whole['created_at']} by {software['name']} {software['version']}",
        "Campaign": f"{_inline(campaign['name'])} (`{campaign['slug']}`, {campaign['status']})",
        "Corpus": f"{_inline(corpus['name'])} (`{corpus['slug']}`, {corpus['language']})",
        "Schema": f"`{schema['key']}@{schema['version']}`",
        "Holds": layers,
        "Articles": f"{counts['articles']:,}, of which {counts['articles_with_layers']:,} have layers",
        "Published": _days(whole) or _UNKNOWN,
        "Outlets": f"{whole.get('source_count', 0):,}",
        "Text": f"{counts['code_points']:,} code points",
        "Layers": f"{counts['layers']:,}",
        "Spans": f"{counts['spans']:,} with {counts['fragments']:,} fragments",
        "Relations": f"{counts['relations']:,}",
        "Entities": f"{counts['entities']:,}",
    }
    if "history" in whole:
        stands = whole["history"]
        facts["History"] = f"event {stands['event']}, {stands['operations']:,} operations"
    return facts


def _days(whole: Json) -> str:
    published = whole.get("published") or {}
    first, last = published.get("first"), published.get("last")
    return f"{first[:10]} to {last[:10]}" if first and last else ""


def _offsets(choice: Choice) -> Iterator[str]:
    if choice.text:
        yield "Each line is one article with its layers. Offsets count Unicode code points, the end is"
        yield "excluded; `text[start:end]` is what each fragment covers, and was so for every fragment"
        yield "when this file was written."
    else:
        yield "Each line is one article with its layers, without its text. Offsets count Unicode code"
        yield "points of the text whose SHA-256 stands with the article, the end is excluded; every"
        yield "fragment was compared with the text when this file was written."
    if choice.offsets:
        also = ", ".join(f"`fragments_{unit}`" for unit in choice.offsets)
        yield f"The same offsets in other units: {also}."


def _licence(choice: Choice) -> str:
    if choice.licence:
        return _inline(choice.licence)
    return (
        "None was stated. The texts belong to those who published them; ask them before you pass"
        " the texts on."
    )


def _agreement(measured: Json | None) -> Iterator[str]:
    yield from ("## Agreement", "")
    rows = measured["results"] if measured else []
    if not measured or not rows:
        yield from ("It was not measured before this file was made.", "")
        return
    yield f"Measured {measured['measured_at']} over {measured['articles'] or 0:,} articles."
    yield ""
    yield "| Measure | Label | Value | Interval |"
    yield "|---|---|---:|---|"
    for row in rows:
        label = _inline(row["label"]) if row["label"] else "all"
        value = "undefined" if row["value"] is None else f"{row['value']:.3f}"
        yield f"| {_inline(_measure(row))} | {label} | {value} | {_interval(row['interval'])} |"
    yield ""


def _measure(row: Json) -> str:
    name = {"span_f1": "Span F1", "u_alpha": "u-alpha"}[row["measure"]]
    return f"{name}, {row['variant']}" if row["variant"] else name


def _interval(interval: Mapping[str, Any] | None) -> str:
    if interval is None:
        return "none"
    return f"{interval['low']:.3f} to {interval['high']:.3f} ({interval['level']:.0%})"


def _methods(whole: Json, choice: Choice) -> Iterator[str]:
    counts, schema = whole["counts"], whole["schema"]
    people = whole.get("people", len(whole["annotators"]))
    yield _(
        "The data are a snapshot of the campaign “%(campaign)s” over the corpus “%(corpus)s”, taken on"
        " %(day)s with %(software)s."
    ) % {
        "campaign": _inline(whole["campaign"]["name"]),
        "corpus": _inline(whole["corpus"]["name"]),
        "day": whole["created_at"][:10],
        "software": f"{whole['software']['name']} {whole['software']['version']}",
    }
    yield _(
        "It holds %(articles)s articles with %(layers)s layers by %(people)s people: %(spans)s spans and"
        " %(relations)s relations under the schema %(schema)s."
    ) % {
        **{key: _number(counts[key]) for key in ("articles", "layers", "spans", "relations")},
        "people": _number(people),
        "schema": f"{schema['key']}@{schema['version']}",
    }
    yield _("Annotators did not see one another's work.")
    yield from map(_inline, sentences(choice))
    if {"majority", "union"} & set(choice.layers):
        yield _(
            "A span of the majority is what more than half of the layers cover of spans of one label that"
            " share more than half of what they cover together; the union holds every span once."
        )
    if choice.text:
        yield _("Every span was compared with its text when the file was written.")
    yield from _figure_sentences((whole.get("agreement") or {}).get("results", ()))
    yield _("The file has the SHA-256 %(sum)s.") % {"sum": whole["file"]["sha256"]}


def _figure_sentences(rows: Sequence[Json]) -> Iterator[str]:
    for row in rows:
        if row["measure"] == "span_f1" and row["label"] is None and row["value"] is not None:
            value = number_format(round(row["value"], 3), 3)  # by itself it cuts off
            if row["variant"] == "exact":
                yield _("The mean span F1 of two annotators was %(value)s for exact matches.") % {
                    "value": value
                }
            elif row["variant"] == "overlap":
                yield _("For overlapping matches it was %(value)s.") % {"value": value}


def _number(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _hidden(annotators: Mapping[str, int], choice: Choice, hiding: Hiding) -> dict[str, int]:
    if choice.pseudonyms:
        return dict(annotators)
    return {hiding.name(name): count for name, count in annotators.items()}


def _first(counted: Mapping[str, int], most: int) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most])


def _table(what: str, number: str, counted: Mapping[str, int]) -> Iterable[str]:
    if not counted:
        return ()
    rows = _first(counted, len(counted)).items()
    lines = (f"| {_inline(name) or _UNKNOWN} | {count:,} |" for name, count in rows)
    return (f"| {what} | {number} |", "|---|---:|", *lines, "")


def _inline(text: str) -> str:
    """Text that means nothing to Markdown, on one line."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#|!~" else c for c in " ".join(text.split()))
