"""Where agreement is lost, step by step: bars with the numbers beside them, and one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotations.agreement.measures.doubts import of_losses
from annotations.agreement.models import AgreementRun
from annotations.schema.services import spec_of
from annotations.schema.spec import Spec
from annotations.web.agreement.doubts import sentences
from annotations.web.agreement.figures import Results, Shown
from annotations.web.agreement.naming import step_words

_ALWAYS = ("found", "boundary", "label")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step leaves (`shown`: F1 after it) and loses: spans of both layers, and the part of
    1 - F1 in percent (None where nothing is lost at all). The bar is a hundred units long, in the
    numbers of SVG: what is left, then what is lost here."""

    word: str
    shown: Shown
    lost: int
    share: float | None
    left: str
    gone: str
    whisker: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """`found`, `alike`: percent of the spans that both found, and that are alike in the end; `most`
    is the step that loses most, None where nothing is lost; `nothing` names the steps that lose
    nothing and are not shown; `doubts` are sentences."""

    spans: int
    found: float
    alike: float
    steps: Sequence[Step]
    most: Step | None
    nothing: Sequence[str]
    doubts: Sequence[str]


def funnel(
    run: AgreementRun, results: Results, label: str | None, pair: tuple[str, ...] | None = None
) -> Funnel | None:
    """Return the funnel of a label (None: of all) and a pair (None: of all pairs taken together);
    None where nothing was compared."""
    every = [*_steps(spec_of(run.campaign.schema_id), results, label, pair)]
    if not every:
        return None
    shown = [step for key, step in every if step.lost or key in _ALWAYS]
    most = max((step for _key, step in every), key=lambda step: step.lost)
    first, last = every[0][1].shown, every[-1][1].shown
    return Funnel(
        spans=first.n,
        found=100 * (first.value or 0.0),
        alike=100 * (last.value or 0.0),
        steps=shown,
        most=most if most.lost else None,
        doubts=sentences(of_losses(first.n, *_lost(every))),
        nothing=[step.word for _key, step in every if step not in shown],
    )


def _lost(steps: Sequence[tuple[str, Step]]) -> tuple[int, int]:
    """Return how many spans are lost, and how many of those to their boundaries."""
    boundaries = sum(step.lost for key, step in steps if key == "boundary")
    return sum(step.lost for _key, step in steps), boundaries


def _steps(
    spec: Spec, results: Results, label: str | None, pair: tuple[str, ...] | None
) -> Iterator[tuple[str, Step]]:
    rows = [
        (row["variant"], row["attribute"] or "", shown)
        for row, shown in results.every("funnel", label=label, pair=pair)
        if shown.value is not None
    ]
    all_lost = 1 - (rows[-1][2].value or 0.0) if rows else 0.0
    before = 1.0
    for key, detail, shown in rows:
        value = shown.value or 0.0
        lost = before - value
        whisker = None
        if shown.low is not None and shown.high is not None:
            whisker = (f"{100 * shown.low:.1f}", f"{100 * shown.high:.1f}")
        yield (
            key,
            Step(
                word=step_words(spec, key, detail),
                shown=shown,
                lost=round(lost * shown.n),
                share=100 * lost / all_lost if all_lost > 0 else None,
                left=f"{100 * value:.1f}",
                gone=f"{100 * max(lost, 0.0):.1f}",
                whisker=whisker,
            ),
        )
        before = value
