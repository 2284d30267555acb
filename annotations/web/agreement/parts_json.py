"""A view of parts for programs: the same figures as the page, with what was asked for."""

from annotations.agreement.measures.groups import DRAWS, GroupF1
from annotations.web.agreement.groups import GroupRow
from annotations.web.agreement.parts import AnnotatorRow, PartsScreen
from annotations.web.agreement.people import Own

Json = dict[str, object]


def as_json(screen: PartsScreen) -> Json:
    """Return a view as plain JSON: `filters` by their words in the address, "" for all."""
    return {
        "by": screen.view,
        "filters": {
            one.name: next((each.value for each in one.options if each.chosen), "")
            for one in screen.filters
        },
        "replicates": DRAWS,
        "all": _figure(screen.every) if screen.every else None,
        "groups": [_group(row) for row in screen.groups],
        "left_out": screen.left_out,
        "annotators": [_annotator(row) for row in screen.annotators],
        "again": [_own(row) for row in screen.people.again] if screen.people else [],
        "gold": [_own(row) for row in screen.people.gold] if screen.people else [],
        "doubts": [*screen.doubts],
    }


def _figure(found: GroupF1) -> Json:
    interval = found.interval
    return {
        "value": found.value,
        "interval": interval and {"low": interval.low, "high": interval.high},
        "n": found.n,
        "articles": found.articles,
        "undefined": found.undefined,
    }


def _group(row: GroupRow) -> Json:
    between = row.limits and {"low": row.limits[0], "high": row.limits[1]}
    return {"key": row.key, "limits": between, "outside": row.outside} | _figure(row.f1)


def _annotator(row: AnnotatorRow) -> Json:
    standing = row.standing
    return {
        "annotator": row.name,
        "with": {
            name: cell.f1 and cell.f1.value for name, cell in zip(row.names, row.cells, strict=True)
        },
        "rest": standing.rest.value,
        "without": standing.without.value,
        "gain": standing.gain,
        "undefined": standing.rest.undefined,
    }


def _own(row: Own) -> Json:
    return {
        "annotator": row.name,
        "value": row.f1.value,
        "n": row.f1.n,
        "articles": row.articles,
        "undefined": row.f1.undefined,
    }
