"""What labels, attributes and values mean to annotators, in Markdown. Pure.

A schema version is frozen and compared word for word when it is registered, so guidelines, which
are amended as people learn, stand beside it: one file per schema key and language, for all its
versions. `# LABEL`, `## attribute` and `### value` head the words about each. A label of which no
file tells has what its schema version says of it.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from annotations.schema.spec import Label, Spec

Words = Mapping[tuple[str, ...], str]
"""Markdown by what it is about: (label,), (label, attribute) or (label, attribute, value)."""

_HEADING = re.compile(r"^(#{1,3}) +(\S+) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Guidelines:
    """The guidelines of one schema version in one language, rendered."""

    spec: Spec
    language: str

    def of_label(self, label: Label) -> str:
        """Safe HTML, "" where nothing is said."""
        own = label.guideline.get(self.language) or label.guideline.get("en", "")
        return rendered(self._said(label.key) or own)

    def of(self, *path: str) -> str:
        """Safe HTML about an attribute or a value, "" where nothing is said."""
        return rendered(self._said(*path))

    def _said(self, *path: str) -> str:
        mine, english = (written(self.spec.key, language) for language in (self.language, "en"))
        return mine.get(path) or english.get(path, "")


@functools.cache
def written(schema: str, language: str) -> Words:
    """What the files tell of a schema in a language; nothing, where there is no file."""
    folder, name = resources.files(__name__), f"{schema}.{language}.md"
    is_there = name in {file.name for file in folder.iterdir()}
    return parse((folder / name).read_text(encoding="utf-8")) if is_there else {}


def parse(text: str) -> Words:
    """The words under each heading of a guidelines file; what stands before the first is left out."""
    _, *parts = _HEADING.split(text)
    path: tuple[str, ...] = ()
    words = {}
    for marks, name, said in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        path = (*path[: len(marks) - 1], name)
        words[path] = said.strip()
    return words


@functools.lru_cache(maxsize=1_024)
def rendered(markdown: str) -> str:
    """The Markdown as HTML that holds no markup of its writer's: HTML is text, links lead only to
    the web or to mail and tell nothing of this page, there are no images and no headings."""
    return _renderer().render(markdown) if markdown else ""


class _Renderer(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return url.startswith(("https://", "http://", "mailto:"))


@functools.cache
def _renderer() -> MarkdownIt:
    renderer = _Renderer("commonmark", {"html": False})
    renderer.disable(["image", "heading", "lheading"])
    renderer.add_render_rule("link_open", _link_open)
    return renderer


def _link_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    tokens[index].attrs |= {"rel": "noopener noreferrer", "target": "_blank"}
    return self.renderToken(tokens, index, options, env)
