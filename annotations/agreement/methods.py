"""How a run was computed, as a paragraph that can stand in a paper: it tells of what was compared,
and of nothing that this schema has not."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from annotations.agreement.measures.bootstrap import FEW
from annotations.agreement.measures.dawid_skene import (
    LEAST_ANNOTATORS,
    LEAST_ITEMS,
    LEAST_READINGS,
)
from annotations.agreement.measures.groups import REPLICATES
from annotations.agreement.models import AgreementRun


def paragraph(run: AgreementRun) -> str:
    """Return the methods of a finished run in the active language, as one paragraph."""
    return " ".join(_sentences(run))


def paragraph_with_test(run: AgreementRun, *, parts: int) -> str:
    """Return the same with the test of parts: so many against all others, 0 where two were tested."""
    return " ".join([*_sentences(run), *dealings(run, parts=parts)])


def _sentences(run: AgreementRun) -> Iterator[str]:
    yield _material(run)
    yield _(
        "Two annotators' spans of the same label were paired one-to-one by a maximum matching,"
        " where exact pairs have the same fragments, overlapping pairs share at least one"
        " character, and iou:0.5 pairs share at least half of the characters they cover together."
    )
    yield _(
        "Span F1 sums the pairs over the articles of two annotators; over all annotators it is"
        " the mean of the pairs with the population standard deviation."
    )
    yield _(
        "Krippendorff's u-alpha (2016) compares, for each label, which characters are marked,"
        " and corrects for chance; an annotator's own overlapping spans of one label are joined"
        " for it, and a span split in two goes almost unseen."
    )
    compared = {row["measure"] for row in run.results}
    if "alpha" in compared:
        yield from _values(ordered="ac2" in compared)
    yield _steps(compared)
    if "relation_f1" in compared:
        yield _(
            "Relations are compared by F1 with both ends matched, and by the share of the same targets"
            " among matched spans for which both annotators named one."
        )
    if "entity_accuracy" in compared:
        yield _(
            "Entities are compared by their identity in the registry, where names of one entity are"
            " the same, over matched spans that both linked."
        )
    if run.depth:
        yield from _in_depth(run.depth, entities="entity_accuracy" in compared)
    yield _intervals(run.parameters)
    if run.summary["articles"] > FEW:
        yield _(
            "How often a resample has an article is a Poisson number of mean 1 that follows from the"
            " seed and the text of the article."
        )


def _material(run: AgreementRun) -> str:
    counted = (
        _("Layers not yet submitted were counted as they stood.")
        if run.include_open
        else _("Only submitted layers were counted.")
    )
    sentence = _(
        "Compared were the articles with at least two layers: %(articles)s of them, with"
        " %(layers)s layers by %(people)s annotators (schema %(schema)s, before adjudication)."
    ) % {
        "articles": number_format(run.summary["articles"], force_grouping=True),
        "layers": number_format(run.summary["layers"], force_grouping=True),
        "people": run.summary["annotators"],
        "schema": run.campaign.schema,
    }
    return f"{sentence} {counted}"


def _values(*, ordered: bool) -> Iterator[str]:
    yield _(
        "Attribute values are compared by Krippendorff's alpha over matched spans only; the"
        " coverage is the share of the label's spans that this is. What was not set, and what an"
        " annotator could not tell, is missing."
    )
    yield _(
        "Beside it stand percent agreement, Scott's pi, Cohen's kappa (over all annotators the mean of"
        " the pairs, Light 1971) and Gwet's AC1."
    )
    if ordered:
        yield _("Ordered values have ordinal alpha, too, and Gwet's AC2 with linear weights.")


def _steps(compared: Collection[str]) -> str:
    steps = [_("boundary"), _("label")]
    if "alpha" in compared:
        steps.append(_("each attribute"))
    if "relation_f1" in compared:
        steps.append(_("each relation"))
    if "entity_accuracy" in compared:
        steps.append(_("entity"))
    return _(
        "The loss of agreement is split into steps: equal spans of one label are paired first, then"
        " overlapping ones of one label, then overlapping ones of any; a pair is lost at the first"
        " step in which it differs (%(steps)s), a span without a partner at the first of all. The"
        " losses add up to 1 - F1 over all pairs taken together."
    ) % {"steps": ", ".join(steps)}


def _in_depth(found: dict[str, Any], *, entities: bool) -> Iterator[str]:
    told = found["parameters"]
    yield _(
        "Gamma (Mathet, Widlöcher & Métivier 2015) aligns all annotators' spans of an article, each from"
        " its first character to its last, with least disorder (positional and categorical, alpha 3,"
        " beta 1), and compares that with continua drawn by shifting the annotators' own layers: at"
        " least %(samples)s for an article and as many more as bring the expected disorder within"
        " %(precision)s%% (seed %(seed)s); gamma-cat and gamma-k (Mathet 2017) look at the labels of"
        " aligned spans. Disorders are summed over the articles."
    ) % {
        "samples": told["samples"],
        "precision": number_format(100 * told["precision"], 0),
        "seed": told["seed"],
    }
    yield _(
        "cu-alpha and (k)u-alpha (Krippendorff et al. 2016) compare the labels of characters that two"
        " annotators both marked; articles in which one annotator's spans of two labels overlap have"
        " no such figure and were left out of it."
    )
    out = found["left_out"]
    numbers = [sum(map(len, out[measure].values())) for measure in ("gamma", "cu_alpha")]
    yield _("Of %(all)s articles gamma leaves out %(gamma)s, cu-alpha %(alpha)s.") % {
        "all": number_format(found["articles"], force_grouping=True),
        "gamma": number_format(numbers[0], force_grouping=True),
        "alpha": number_format(numbers[1], force_grouping=True),
    }
    if entities:
        yield _(
            "B-cubed (Bagga & Baldwin 1998) asks whether two annotators hold the same mentions for one"
            " entity."
        )
    yield _(
        "Annotators' reliability is estimated from the aligned spans by the models of Dawid and Skene"
        " (1979) and MACE (Hovy et al. 2013), where there are at least %(people)s annotators and %(items)s"
        " spans that two of them read; an annotator has figures with at least %(readings)s spans."
    ) % {"people": LEAST_ANNOTATORS, "items": LEAST_ITEMS, "readings": LEAST_READINGS}


def dealings(run: AgreementRun, *, parts: int) -> Iterator[str]:
    """Yield how parts were tested: so many against all others, 0 where two were."""
    yield _(
        "Whether F1 of two parts of the campaign differs by more than chance was asked by a permutation"
        " test (Davison & Hinkley 1997, section 4.3), two-sided: whole articles were dealt to the parts"
        " anew %(replicates)s times, each part keeping its number of articles (seed %(seed)s); of an article in several"
        " parts, what it adds to each changed places."
    ) % {
        "replicates": number_format(REPLICATES, force_grouping=True),
        "seed": run.parameters["seed"],
    }
    if parts:
        yield _(
            "%(parts)s parts were each tested against all others; p is how often chance makes any of"
            " them as unlike, in standard errors (single-step maxT, Westfall & Young 1993)."
        ) % {"parts": parts}


def of_two_runs(*, articles: int, seed: int) -> str:
    """Return how two runs were told apart, on so many articles that both have."""
    return _(
        "Whether the figures of two runs differ by more than chance was asked by a permutation test (Davison &"
        " Hinkley 1997, section 4.3), two-sided, on the %(articles)s articles that both have: %(replicates)s"
        " times, what the annotators had marked in an article for one run and for the other changed places or"
        " did not, by the fall of a coin (seed %(seed)s). p is how often chance makes any of the figures over all"
        " pairs as unlike, in standard errors (single-step maxT, Westfall & Young 1993)."
    ) % {
        "articles": number_format(articles, force_grouping=True),
        "replicates": number_format(REPLICATES, force_grouping=True),
        "seed": seed,
    }


def _intervals(parameters: dict[str, Any]) -> str:
    return _(
        "Intervals hold the middle %(level)s%% of %(replicates)s resamples of whole articles"
        " (percentile bootstrap, seed %(seed)s)."
    ) % {
        "level": number_format(parameters["level"] * 100, 0),
        "replicates": number_format(parameters["replicates"], force_grouping=True),
        "seed": parameters["seed"],
    }
