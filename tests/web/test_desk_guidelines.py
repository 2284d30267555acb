"""The guidelines beside the article, in the language of whoever reads."""

from typing import Any

import pytest

from annotations.accounts.models import User
from annotations.schema.services import register
from annotations.schema.spec import builtin_document
from annotations.web.desk.presenters import _guides, _labels
from tests import factories
from tests.web.test_opening import unfolded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "version", "label", "value"),
    [
        ("en", "Attribution 1.0", "Guideline: Quote", "Word for word"),
        ("id", "Atribusi 1.0", "Kutipan", "Kata demi kata"),
    ],
)
def test_labels_and_values_are_explained_with_the_version_of_the_schema(
    signed_in: Any, annotator_a: User, language: str, version: str, label: str, value: str
) -> None:
    assignment = factories.assignment(annotator_a)
    page = signed_in(annotator_a).get(
        f"/desk/{assignment.pk}/", headers={"Accept-Language": language}
    )
    html = unfolded(page.getvalue().decode())
    for words in (version, label, value, 'data-of="QUOTE.type"', 'data-value="true"'):
        assert words in html


def test_the_guideline_of_a_loaded_schema_brings_no_markup_of_its_own() -> None:
    document = {**builtin_document(), "key": "tamu", "labels": [hostile()], "relations": []}
    schema = register(document).pk
    html = _labels(schema, "en", editable=True) + _guides(schema, "en")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html.replace("[x](javascript:alert(1))", "")


def hostile() -> dict[str, object]:
    words = "<script>alert(1)</script> [x](javascript:alert(1))"
    names = {"name": {"en": "<b>X</b>"}, "guideline": {"en": words}}
    return {"key": "X", "shortcut": "1", "letter": "X", "colour": "actor", "line": "solid"} | names
