"""A view of parts for programs: the same figures as the page, with what was asked for."""

from annotations.agreement.parting import as_json as parting_as_json
from annotations.agreement.results import Json
from annotations.web.agreement.parts import AnnotatorRow, PartsScreen
from annotations.web.agreement.people import Own


def as_json(screen: PartsScreen) -> Json:
    """Return a view as plain JSON: of annotators, or of the parts of a run."""
    if screen.parting:
        return parting_as_json(screen.parting)
    return {
        "by": screen.view,
        "filters": {
            one.name: next((each.value for each in one.options if each.chosen), "")
            for one in screen.filters
        },
        "annotators": [_annotator(row) for row in screen.annotators],
        "again": [_own(row) for row in screen.people.again] if screen.people else [],
        "gold": [_own(row) for row in screen.people.gold] if screen.people else [],
        "doubts": [*screen.doubts],
    }


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
