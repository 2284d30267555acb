"""UIMA XMI: a structure of the CAS in each element, its features as attributes.

The file itself does not tell a number from the id of another structure; a TypeSystem.xml beside it
does. Without one a feature leads to structures where its name says so (`Governor`, `next`), or
where each of its values in the file is the id of a span, of an array or of a link.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from annotations.corpora.readers.drafts import Place
from annotations.corpora.readers.sources import Source
from annotations.exchange.formats.annotated import Loss, lost
from annotations.exchange.formats.uima_cas import (
    ARRAY,
    LISTS,
    Cas,
    Structure,
    is_passed_over,
    joined,
)
from annotations.exchange.formats.uima_types import Types, Xml, XmlError

ENDINGS = (".xmi",)
MOST_FEATURES = 300
"""Of one structure: the parser's work grows with the square."""
_XMI = "http://www.omg.org/XMI"
_ID = f"{{{_XMI}}}id"
_PACKAGE = re.compile(r"http:///(.*)\.ecore")
_LEADING = frozenset(("Governor", "Dependent", "next", "first", "target"))
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_OWN = ("sofa", "begin", "end")


def cas_of(source: Source, types: Types, losses: list[Loss]) -> Cas:
    """The CAS of a file; the losses name what cannot be in it. Raises UnfitError."""
    xml = Xml(source)
    cas = Cas(xml.encoding)
    raw = _Raw()
    for element in xml.elements(1):
        line = element.sourceline or 1
        place = Place(source.name, line, xml.byte(line))
        if _is_of_no_space(element):
            raise XmlError("uima_xml", place.line, place.byte)
        one = _structure(element, place)
        if one.type == "uima.cas.Sofa":
            cas.texts[one.id] = element.get("sofaString", "")
        elif one.type.startswith("uima.cas.") and not one.id:
            continue
        elif not one.id or one.id in cas.structures or len(element.attrib) > MOST_FEATURES:
            losses.append(lost(one.place, "uima_odd", structure=f"{one.name} {one.id}"[:60]))
        else:
            cas.structures[one.id] = one
            raw.take(one, element)
    raw.settle(cas, types)
    return cas


def _is_of_no_space(element: etree._Element) -> bool:
    """Whether the prefix of its name is declared nowhere: the parser says so, but later."""
    return ":" in element.tag and not element.tag.startswith("{")


def _structure(element: etree._Element, place: Place) -> Structure:
    name = etree.QName(element)
    found = _PACKAGE.fullmatch(name.namespace or "")
    package = found[1].replace("/", ".") if found else ""
    type = f"{package}.{name.localname}" if package != "uima.noNamespace" else name.localname
    begin, end = (_number(element.get(side)) for side in ("begin", "end"))
    return Structure(element.get(_ID, ""), type, place, element.get("sofa", ""), begin, end)


def _number(given: str | None) -> int | None:
    return int(given) if given and _NUMBER.fullmatch(given) else None


@dataclass(slots=True)
class _Raw:
    """Features as they are written, until all structures are known that they may lead to."""

    said: dict[tuple[str, str], list[tuple[Structure, str]]] = field(default_factory=dict)

    def take(self, one: Structure, element: etree._Element) -> None:
        """Note what the attributes and the elements inside say."""
        if one.type == ARRAY:
            one.elements = element.get("elements", "").split()
            return
        if one.type in LISTS:
            one.words = joined(
                [*element.get("elements", "").split(), *(e.text or "" for e in element)]
            )
            return
        for name, value in element.attrib.items():
            if name[0] != "{" and name not in _OWN and value:
                self.said.setdefault((one.type, name), []).append((one, value))
        lists: dict[str, list[str]] = {}
        for child in element:
            lists.setdefault(child.tag, []).append(child.text or "")
        for name, words in lists.items():
            if said := joined(words):
                one.values[name] = said

    def settle(self, cas: Cas, types: Types) -> None:
        """Each feature is a value of its structure, or leads to others."""
        for (type, name), said in self.said.items():
            leads = types.leads(type, name)
            if leads is None:
                leads = name in _LEADING or _leads(cas, (value for _, value in said))
            for one, value in said:
                if leads:
                    one.references[name] = value.split()
                else:
                    one.values[name] = value


def _leads(cas: Cas, values: Iterable[str]) -> bool:
    return all(
        all(_leads_on(cas.structures.get(id)) for id in value.split() or [""]) for value in values
    )


def _leads_on(one: Structure | None) -> bool:
    """Whether it is something that features lead to: no token, as each number may be its id."""
    if one is None:
        return False
    return one.type == ARRAY or one.type in LISTS or not is_passed_over(one.type)
