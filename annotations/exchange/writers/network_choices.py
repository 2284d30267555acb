"""What can be chosen of a network: its nodes, its ties, its time."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotations.exchange.writers.options import BadOption, Between, Wrong
from annotations.exchange.writers.stances import HOLDER, PART_OF, TOWARD, Told
from annotations.networks.duplicates import Scope
from annotations.networks.kernels import Kernel
from annotations.networks.windows import Unit


class Network(StrEnum):
    """What is tied to what."""

    ACTORS_CONCEPTS = "actors-concepts"
    ACTORS = "actors"
    CONCEPTS = "concepts"


class Ties(StrEnum):
    """What makes a tie; see `annotations.networks`."""

    SUBTRACT = "subtract"
    IGNORE = "ignore"
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    COMBINE = "combine"


class Qualifier(StrEnum):
    """What of a stance the ties are made of."""

    AGREEMENT = "agreement"
    STRENGTH = "strength"
    POLARITY = "polarity"


class Normalisation(StrEnum):
    """By what a weight is divided; see `annotations.networks`."""

    NONE = "none"
    ACTIVITY = "activity"
    PROMINENCE = "prominence"
    AVERAGE = "average"
    JACCARD = "jaccard"
    COSINE = "cosine"


class Actors(StrEnum):
    """Who counts as the actor of a stance."""

    HOLDER = "holder"
    PERSON = "person"
    ORGANISATION = "organisation"
    SOURCE = "source"
    AUTHOR = "author"


class Kept(StrEnum):
    """Whether some stances are in it."""

    KEPT = "kept"
    LEFT_OUT = "left-out"


class Layers(StrEnum):
    """Whose layers count, where an article has several."""

    GOLD_FIRST = "gold-first"
    GOLD = "gold"
    ALL = "all"


_OF_TWO = (Normalisation.ACTIVITY, Normalisation.PROMINENCE)
_OF_ONE = (Normalisation.AVERAGE, Normalisation.JACCARD, Normalisation.COSINE)


@dataclass(frozen=True, slots=True)
class Choices:
    """Refuses (BadOption) a tie or normalisation of the other kind of network, a combination that is
    divided, a kernel where it would mean nothing, and an end before the beginning."""

    network: Network = Network.ACTORS_CONCEPTS
    ties: Ties = Ties.SUBTRACT
    qualifier: Qualifier = Qualifier.AGREEMENT
    normalisation: Normalisation = Normalisation.NONE
    duplicates: Scope = Scope.DOCUMENT
    actors: Actors = Actors.HOLDER
    layers: Layers = Layers.GOLD_FIRST
    unlinked: Kept = Kept.KEPT
    hedged: Kept = Kept.LEFT_OUT
    isolates: bool = False
    since: date | None = None
    until: date | None = None
    window: Unit = Unit.NONE
    size: Annotated[int, Between(2, 10_000)] = 3
    kernel: Kernel = Kernel.NONE

    def __post_init__(self) -> None:
        if self.two_mode:
            if self.ties in (Ties.CONGRUENCE, Ties.CONFLICT):
                raise BadOption(Wrong.ONE_MODE, "ties", self.ties)
            if self.normalisation in _OF_ONE:
                raise BadOption(Wrong.ONE_MODE, "normalisation", self.normalisation)
        else:
            if self.ties is Ties.COMBINE:
                raise BadOption(Wrong.TWO_MODE, "ties", self.ties)
            if self.normalisation in _OF_TWO:
                raise BadOption(Wrong.TWO_MODE, "normalisation", self.normalisation)
        if self.ties is Ties.COMBINE and self.normalisation is not Normalisation.NONE:
            raise BadOption(Wrong.COMBINED, "normalisation", self.normalisation)
        if self.kernel is not Kernel.NONE and not self._can_be_weighed:
            raise BadOption(Wrong.KERNEL, "kernel", self.kernel)
        if self.since and self.until and self.until < self.since:
            raise BadOption(Wrong.TIME, "until", str(self.until))

    @property
    def two_mode(self) -> bool:
        return self.network is Network.ACTORS_CONCEPTS

    @property
    def timed(self) -> bool:
        """Whether moments matter once the statements are chosen."""
        return self.window is not Unit.NONE

    @property
    def _can_be_weighed(self) -> bool:
        """Whether parts of stances make sense: sums of products do, names and "nothing" do not."""
        if self.window in (Unit.NONE, Unit.EVENTS) or self.ties is Ties.COMBINE:
            return False
        ordered = self.ties is Ties.IGNORE or self.qualifier is not Qualifier.POLARITY
        return ordered and self.normalisation is Normalisation.NONE

    @property
    def told(self) -> Told:
        """What of a stance is in the network."""
        attributes = {"conditional"} if self.hedged is Kept.LEFT_OUT else set()
        if self.ties is not Ties.IGNORE:
            attributes |= {"polarity"}
            if self.qualifier is Qualifier.STRENGTH:
                attributes |= {"intensity"}
        relations = {HOLDER, TOWARD}
        if self.actors is Actors.ORGANISATION:
            relations |= {PART_OF}
        return Told(frozenset(attributes), frozenset(relations))
