"""The migrations that fold names anew and give them keys, on rows as they were before."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from annotations.registry.models import Alias, Entity
from annotations.registry.services import add_alias
from tests import factories

folding = import_module("annotations.migrations.0006_names_are_searched_without_accents")

pytestmark = pytest.mark.django_db


def test_names_that_were_folded_before_are_folded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "AT_ONCE", 2)
    corpus = factories.corpus()
    for name in ("Erdoğan", "Laras", "Wałęsa", "Łódź", "Kim"):
        add_alias(factories.entity(corpus, name), text=name, kind="short")
    for rows in (Entity.objects, Alias.objects):
        rows.update(folded="as it was")
    folding.fold_again(apps, SimpleNamespace(connection=connection))
    expected = {"erdogan", "laras", "walesa", "lodz", "kim"}
    assert set(Entity.objects.values_list("folded", flat=True)) == expected
    assert set(Alias.objects.values_list("search_key", flat=True)) == expected


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_a_key_is_ascii_and_parts_of_a_name_have_parts_of_its_key(folded: str) -> None:
    middle = folded[len(folded) // 3 : len(folded) - len(folded) // 3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_key(%s), search_key(%s)", [folded, middle])
        whole, part = cursor.fetchone()
    assert whole.isascii()
    assert part in whole
