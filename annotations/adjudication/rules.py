"""What is settled without anybody looking: what all layers have alike, or most of them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from annotations.adjudication.records import Case, RelationVersion, SpanVersion
from annotations.spans.remarks import Decision


class Rule(StrEnum):
    """Equal: what all layers have alike. Majority: also what more than half of them have, or have
    not."""

    EQUAL = "equal"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a rule makes of a case: one of its versions, or nothing."""

    decision: Decision
    version: SpanVersion | RelationVersion | None = None
    took: int | None = None
    reason: str = ""


def decide(case: Case, rule: Rule) -> Decided | None:
    """Return what the rule makes of a case; None where it says nothing of it. Of relations only those
    layers have a say that have what they start at."""
    if case.equal:
        return Decided("equal", case.versions[0])
    if rule is Rule.EQUAL:
        return None
    voices = len(case.missing) + sum(len(version.layers) for version in case.versions)
    most = case.versions[0]
    if 2 * len(most.layers) > voices:
        return Decided("take", most, most.layers[0], str(rule))
    if 2 * len(case.missing) > voices:
        return Decided("none", reason=str(rule))
    return None
