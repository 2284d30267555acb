"""A choice in words, for lists, data cards and methods."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from annotations.exchange.choices.record import Articles, Choice, Kind


def sentences(choice: Choice) -> list[str]:
    """What of a choice is not as by default, in the active language; [] where all is."""
    return [*_articles(choice.articles), *_layers(choice), *_content(choice), *_form(choice)]


def _articles(asked: Articles) -> Iterator[str]:
    told = {
        _("words: %(value)s"): asked.words,
        _("title: %(value)s"): asked.title,
        _("outlet: %(value)s"): asked.source,
        _("author: %(value)s"): asked.author,
        _("language: %(value)s"): asked.language,
        _("from %(value)s"): asked.since and asked.since.isoformat(),
        _("to %(value)s"): asked.until and asked.until.isoformat(),
        _("tag: %(value)s"): asked.tag,
        _("story: %(value)s"): asked.cluster,
        _("labelling: %(value)s"): asked.state,
    }
    parts = [words % {"value": value} for words, value in told.items() if value]
    if parts:
        yield _("Only articles with %(what)s.") % {"what": ", ".join(parts)}


def _layers(choice: Choice) -> Iterator[str]:
    if choice.layers != Choice().layers:
        yield _("Layers: %(which)s.") % {"which": ", ".join(map(kind_name, choice.layers))}
    if choice.annotators:
        count = len(choice.annotators)
        yield _("Of %(count)s chosen annotators.") % {"count": count}
    if choice.include_open:
        yield _("Layers not submitted are there as they stood.")


def kind_name(kind: Kind) -> str:
    """What a kind of layers is called, in the active language."""
    return {
        "annotators": _("each annotator"),
        "gold": _("gold"),
        "majority": _("majority"),
        "union": _("union"),
    }[kind]


def _content(choice: Choice) -> Iterator[str]:
    for words, names in (
        (_("Only the labels %(names)s."), choice.labels),
        (_("Only the attributes %(names)s."), choice.attributes),
        (_("Only the relations %(names)s."), choice.relations),
    ):
        if names is not None:
            yield words % {"names": _joined(names)}
    if not choice.text:
        yield _("Without texts: their hashes and the offsets only.")
    if choice.pseudonyms:
        yield _("Annotators have pseudonyms.")


def _form(choice: Choice) -> Iterator[str]:
    if split := choice.split:
        yield _(
            "Parted into train, dev and test (%(train)s, %(dev)s, %(test)s percent, seed %(seed)s);"
            " articles of one story stay together."
        ) % {"train": split.train, "dev": split.dev, "test": split.test, "seed": split.seed}
    if choice.offsets:
        units = {"utf16": _("UTF-16 units"), "bytes": _("UTF-8 bytes")}
        yield _("Offsets also in %(units)s.") % {
            "units": _joined([units[u] for u in choice.offsets])
        }


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names) or _("(none)")
