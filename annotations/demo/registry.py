"""Reads the demo's registry file: entities, and below each, indented, its aliases.

```
laras | person | Laras Prabasari | Menteri Perhubungan Samudrana
  short id Laras
  role id Menteri Perhubungan from=2024-10-21
```
"""

import re
from uuid import NAMESPACE_URL, uuid5

from annotations.demo.misspelled import MisspelledError
from annotations.demo.records import DemoAlias, DemoEntity

_ENTITY = re.compile(r"([a-z0-9-]+) \| ([a-z_]+) \| ([^|]+?) \| ([^|]+)")
_ALIAS = re.compile(r"  ([a-z]+) ([a-z]{2,3}|-) (.+?)(?: from=([\d-]+))?(?: to=([\d-]+))?")


def read(file: str, content: str) -> tuple[DemoEntity, ...]:
    """Return the entities in the order of the file; raises MisspelledError."""
    heads: list[re.Match[str]] = []
    aliases: list[list[DemoAlias]] = []
    for number, line in enumerate(content.splitlines(), 1):
        if entity := _ENTITY.fullmatch(line):
            heads.append(_fresh(file, number, entity, heads))
            aliases.append([])
        elif (alias := _ALIAS.fullmatch(line)) and aliases:
            aliases[-1].append(_alias(alias))
        elif line.strip():
            raise MisspelledError(file, number, f"neither an entity nor an alias of one: {line}")
    return tuple(_entity(head, tuple(found)) for head, found in zip(heads, aliases, strict=True))


def _fresh(
    file: str, number: int, entity: re.Match[str], heads: list[re.Match[str]]
) -> re.Match[str]:
    if any(head[1] == entity[1] for head in heads):
        raise MisspelledError(file, number, f"a second entity {entity[1]}")
    return entity


def _alias(match: re.Match[str]) -> DemoAlias:
    kind, language, text, valid_from, valid_to = match.groups()
    return DemoAlias(text, kind, "" if language == "-" else language, valid_from, valid_to)


def _entity(head: re.Match[str], aliases: tuple[DemoAlias, ...]) -> DemoEntity:
    key, type_, name, description = head.groups()
    return DemoEntity(
        id=uuid5(NAMESPACE_URL, f"kutip:demo:entity:{key}"),
        key=key,
        name=name,
        type=type_,
        description=description,
        aliases=aliases,
    )
