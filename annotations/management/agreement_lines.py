"""Figures of agreement as lines of a table, for the shell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotations.agreement.comparing import Comparison
from annotations.agreement.measures.bootstrap import Interval
from annotations.agreement.measures.groups import GroupF1, Two
from annotations.agreement.measures.permutation import Difference
from annotations.agreement.methods import dealings, of_two_runs
from annotations.agreement.parting import Parting
from annotations.agreement.wanted import Test, word_of

Cells = tuple[str, ...]

_TESTED = ("difference", "p", "undefined")


def aligned(rows: Sequence[Cells]) -> Iterator[str]:
    """Yield rows with their columns below one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def parts_as_lines(found: Parting) -> Iterator[str]:
    """Yield the parts of a run, and what was asked of chance."""
    head = (found.by, "value", "interval", "n", "articles", "undefined")
    rows = [
        (found.names.get(str(group.key)) or word_of(group.key), *_figure(group.f1))
        for group in found.grouped.groups
    ]
    all_of_them = ("all", *_figure(found.grouped.every))
    yield ""
    if found.rest:
        rest = [_tested(each) for each in found.rest]
        rows = [(*row, *its) for row, its in zip(rows, rest, strict=True)]
        yield from aligned([(*head, *_TESTED), *rows, (*all_of_them, "", "", "")])
    else:
        yield from aligned([head, *rows, all_of_them])
    if found.two and found.wanted.test:
        yield ""
        yield from aligned([*_two(found.two, found.wanted.test)])
    if found.wanted.test:
        yield from ("", " ".join(dealings(found.run, parts=len(found.rest))))


def changes_as_lines(found: Comparison) -> Iterator[str]:
    """Yield the figures over all pairs that are not as in an earlier run, with what chance makes of them."""
    head = ("measure", "variant", "over", "before", "after", *_TESTED)
    rows = [
        (*figure_words(each.of), _value(each.before), _value(each.after), *_tested(each.tested))
        for each in found.figures
        if not each.of["pair"]
    ]
    yield from ("", f"Against run {found.before.pk}:", *aligned([head, *rows]))
    if twice := found.twice:
        out = [len(keys) for keys in (twice.only_before, twice.only_after, twice.gone)]
        yield from ("", of_two_runs(articles=twice.shared, seed=twice.seed))
        yield (
            f"Articles left out: {out[0]} of the earlier run alone, {out[1]} of this one alone,"
            f" {out[2]} whose text is gone."
        )


def figure_words(row: Mapping[str, Any]) -> Cells:
    """Return what a line of the results is a figure of."""
    what = " ".join(each for each in (row["label"], row["attribute"]) if each)
    over = f"{what}, {row['matched']} spans" if row["matched"] else what or "all labels"
    return row["measure"], row["variant"], over


def _value(row: Mapping[str, Any] | None) -> str:
    return "" if row is None or row["value"] is None else f"{row['value']:.3f}"


def _two(two: Two, test: Test) -> Iterator[Cells]:
    yield ("part", "value", "interval", "n", "articles", "undefined")
    yield (test.first, *_figure(two.first))
    yield (test.second or "all others", *_figure(two.second))
    value, p, undefined = _tested(two.difference)
    yield ("difference", value, _interval(two.interval), "", f"p {p}" if p else "", undefined)


def _figure(found: GroupF1) -> Cells:
    return (
        "" if found.value is None else f"{found.value:.3f}",
        _interval(found.interval),
        str(found.n),
        str(found.articles),
        found.undefined or "",
    )


def _interval(found: Interval | None) -> str:
    return f"{found.low:.3f} to {found.high:.3f}" if found else ""


def _tested(found: Difference | None) -> Cells:
    if found is None:
        return "", "", ""
    if found.value is None or found.of_any is None:
        return "", "", found.undefined or ""
    return f"{found.value:+.3f}", f"{found.of_any:.3f}", ""
