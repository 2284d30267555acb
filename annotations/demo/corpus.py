"""The demo corpus, compiled from the files of this package."""

from functools import cache
from importlib.resources import files

from annotations.demo import pages, registry
from annotations.demo.compiler import Sheet, compile_layer
from annotations.demo.records import DemoArticle, DemoEntity, DemoLayer

_PACKAGE = "annotations.demo"
_REGISTRY = "registry.txt"


@cache
def entities() -> tuple[DemoEntity, ...]:
    """Return the registry of the demo, in the order of its file."""
    return registry.read(_REGISTRY, files(_PACKAGE).joinpath(_REGISTRY).read_text("utf-8"))


@cache
def articles() -> tuple[DemoArticle, ...]:
    """Return every article of the demo, in the order of the file names; raises MisspelledError."""
    folder = files(_PACKAGE).joinpath("articles")
    found = sorted((entry for entry in folder.iterdir()), key=lambda entry: entry.name)
    return tuple(
        read_article(entry.name, entry.read_text("utf-8"))
        for entry in found
        if entry.name.endswith(".txt")
    )


def read_article(file: str, content: str) -> DemoArticle:
    """Return the article that one file spells, with its layers; raises MisspelledError."""
    page = pages.cut(file, content)
    fields = page.fields
    return DemoArticle(
        external_id=fields["external_id"],
        title=fields["title"],
        language=fields["language"],
        source=fields["source"],
        author=fields["author"],
        url=fields["url"],
        published=fields["published"],
        text=page.text,
        phenomena=frozenset(fields["phenomena"].split()),
        layers=_layers(file, page),
    )


def _layers(file: str, page: pages.Page) -> dict[str, DemoLayer]:
    known = {entity.key: entity.id for entity in entities()}
    layers: dict[str, DemoLayer] = {}
    for name, lines in page.sections.items():
        key = pages.ANNOTATORS[name]
        scope = f"{page.fields['external_id']}:{key}"
        layers[key] = compile_layer(Sheet(file, page.text, scope, known), lines)
    return layers
