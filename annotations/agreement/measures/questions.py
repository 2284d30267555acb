"""What is asked of the layers of a campaign, and the form of an answer."""

from dataclasses import dataclass

from annotations.agreement.measures.alpha import Level
from annotations.agreement.measures.bootstrap import Interval, Method

Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a label whose `values`, in their order, are compared at these levels."""

    label: str
    key: str
    values: tuple[str, ...]
    levels: tuple[Level, ...] = ("nominal",)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation that may go out from spans of these labels."""

    key: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What to compute, and how sure to be: `replicates` resamples of the articles from `seed`,
    intervals by this method that hold the middle `level` of them. `entities` are the labels whose
    spans may stand for an entity."""

    labels: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    replicates: int = 1000
    seed: int = 1
    level: float = 0.95
    interval: Method = "percentile"
    relations: tuple[Kind, ...] = ()
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the results: a figure over something, or why there is none.

    `label` None is all labels, `pair` None all pairs; `attribute` may be a kind of relation. `n`
    counts units: spans of both layers for span_f1 and funnel, spans for u_alpha, relations of both
    layers for relation_f1, else compared pairs of spans; `articles` are those with any. `sd` is the
    population standard deviation over pairs; `coverage` the share of the spans (or relations) that
    could be looked at; `matched` says which matching paired them.
    """

    measure: str
    variant: str
    label: str | None = None
    attribute: str | None = None
    matched: str | None = None
    pair: Names | None = None
    value: float | None = None
    interval: Interval | None = None
    n: int = 0
    articles: int = 0
    sd: float | None = None
    coverage: float | None = None
    undefined: str | None = None
