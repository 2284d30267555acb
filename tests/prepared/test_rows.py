"""A row by a SELECT that is composed once: the very thing a QuerySet would have read."""

from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model

from annotations.accounts.models import User
from annotations.assignments.models import Assignment, Campaign
from annotations.corpora.models import Article
from annotations.prepared.rows import OneRow
from annotations.web.guards import THINGS
from tests import factories

pytestmark = pytest.mark.django_db

ASSIGNMENT = THINGS["assignment"].rows
PARENTS = ("campaign", "corpus", "schema", "article")


def loaded(row: Model) -> dict[str, Any]:
    """The columns that were read."""
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.fixture
def assignment() -> Assignment:
    return factories.assignment(factories.user())


def test_a_row_is_what_a_queryset_reads(assignment: Assignment) -> None:
    rows = Assignment.objects.select_related(*PARENTS).defer("schema__spec")
    expected, found = rows.get(pk=assignment.pk), ASSIGNMENT.find(pk=assignment.pk)
    assert found is not None
    assert loaded(found) == loaded(expected)
    assert not found._state.adding
    for parent in PARENTS:
        assert loaded(getattr(found, parent)) == loaded(getattr(expected, parent))


def test_what_is_kept_as_json_is_read_as_it_was_written() -> None:
    person = factories.user()
    person.preferences = {"theme": "dark"}
    person.save()
    found = OneRow(User).find(pk=person.pk)
    assert found is not None
    assert found.preferences == {"theme": "dark"}


def test_a_row_and_its_parents_are_one_query(
    assignment: Assignment, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = ASSIGNMENT.find(pk=assignment.pk, campaign__slug=assignment.campaign.slug)
        assert found is not None
        assert {getattr(found, parent).pk for parent in PARENTS}


def test_what_was_left_out_is_read_when_it_is_asked_for(
    assignment: Assignment, django_assert_num_queries: Any
) -> None:
    found, expected = ASSIGNMENT.find(pk=assignment.pk), assignment.schema.spec
    assert found is not None
    with django_assert_num_queries(1):
        assert found.schema.spec == expected


def test_parents_of_parents_hang_on_them() -> None:
    rows = OneRow(Assignment, "campaign", "campaign__corpus", "campaign__corpus__registry")
    assignment = factories.assignment(factories.user())
    found = rows.find(pk=assignment.pk)
    assert found is not None
    assert found.campaign.corpus.registry == assignment.corpus.registry


@pytest.mark.parametrize("key", [0, -1, 10**18, 10**30])
def test_what_is_not_there_is_none(assignment: Assignment, key: int) -> None:
    assert ASSIGNMENT.find(pk=key) is None


def test_all_that_is_asked_must_be_so(assignment: Assignment) -> None:
    assert ASSIGNMENT.find(pk=assignment.pk, campaign__slug="other") is None


@pytest.mark.parametrize(
    ("model", "parent"), [(Campaign, "tag"), (Article, "previous"), (Article, "title")]
)
def test_a_parent_that_may_be_missing_is_refused(model: type[Model], parent: str) -> None:
    with pytest.raises(ValueError, match=parent):
        OneRow(model, parent).find(pk=1)


@pytest.mark.parametrize("name", THINGS)
def test_every_thing_of_a_door_can_be_asked_for(name: str) -> None:
    known = {
        "corpus": "-",
        "campaign": "-",
        **dict.fromkeys(("job", "export", "entity"), UUID(int=0)),
    }
    asked = {field: known.get(word, 0) for word, field in THINGS[name].by.items()}
    assert THINGS[name].rows.find(**asked) is None
