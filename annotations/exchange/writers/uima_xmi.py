"""UIMA XMI: a ZIP with a folder for each annotator, in it a file for each article, named by its id,
and `TypeSystem.xml`, which says what all of them may hold.

After "XMI CAS Serialization Reference" and "Type System" of Apache UIMA. XML 1.0: what it cannot hold
is written as U+FFFD.
"""

from collections.abc import Iterable, Iterator

from annotations.exchange.records import Line
from annotations.exchange.writers.cas import HOLDS, SOFA, Document, Structure, documents
from annotations.exchange.writers.cas_types import FROM, PACKAGES, TO, Type, Types
from annotations.exchange.writers.losses import LossReport, Part
from annotations.exchange.writers.packages import Member, zipped
from annotations.exchange.writers.shape import Writer
from annotations.exchange.writers.xml_text import known_bytes, quoted
from annotations.schema.spec import Spec

TYPES = "TypeSystem.xml"

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = "".join(
    f' xmlns:{package.rpartition(".")[2]}="http:///{package.replace(".", "/")}.ecore"'
    for package in ("uima.cas", *PACKAGES)
)


def write(lines: Iterable[Line], spec: Spec, report: LossReport) -> Iterator[bytes]:
    """A file for each layer, then the types."""
    return zipped(_members(lines, Types(spec), report))


def _members(lines: Iterable[Line], types: Types, report: LossReport) -> Iterator[Member]:
    for line, document in documents(lines, types, report):
        xml = "".join(_file(document))
        data, lost = known_bytes(xml)
        if lost:
            report.lose(Part.UNWRITABLE, line, count=lost)
        yield f"{document.name}.xmi", data
    yield TYPES, type_system(types).encode()


def _file(document: Document) -> Iterator[str]:
    yield f'{_HEAD}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{_SPACES} xmi:version="2.0">\n'
    yield '<cas:NULL xmi:id="0"/>\n'
    yield from map(_element, document.structures)
    sofa = f'xmi:id="{SOFA}" sofaNum="1" sofaID="_InitialView" mimeType="text/plain"'
    yield f"<cas:Sofa {sofa} sofaString={quoted(document.text)}/>\n"
    members = " ".join(map(str, document.ids()))
    yield f'<cas:View sofa="{SOFA}" members="{members}"/>\n</xmi:XMI>\n'


def _element(one: Structure) -> str:
    more = "".join([f" {name}={quoted(value)}" for name, value in one.values.items()])
    if one.ends:
        more += f' {FROM}="{one.ends[0]}" {TO}="{one.ends[1]}"'
    if one.place is None:
        return f'<{one.type.tag} xmi:id="{one.id}"{more}/>\n'
    start, end = one.place
    where = f'sofa="{SOFA}" begin="{start}" end="{end}"'
    return f'<{one.type.tag} xmi:id="{one.id}" {where}{more}/>\n'


def type_system(types: Iterable[Type]) -> str:
    """The description of the types."""
    inside = "".join(map(_description, types))
    return (
        f'{_HEAD}<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n'
        f"<types>\n{inside}</types>\n</typeSystemDescription>\n"
    )


def _description(one: Type) -> str:
    features = "".join(
        f"<featureDescription><name>{name}</name><description/>"
        f"<rangeTypeName>{range}</rangeTypeName></featureDescription>\n"
        for name, range in one.features.items()
    )
    return (
        f"<typeDescription><name>{one.name}</name><description/>"
        f"<supertypeName>{one.above}</supertypeName>\n<features>\n{features}</features>"
        "</typeDescription>\n"
    )


WRITER = Writer(
    key="uima-xmi",
    name="UIMA XMI",
    extension="zip",
    media_type="application/zip",
    holds=HOLDS,
    write=write,
)
