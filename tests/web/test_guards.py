"""The guards themselves, asked without a screen: what they hand on, and what they refuse."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from annotations import policy
from annotations.accounts.models import User
from annotations.corpora.models import Corpus
from annotations.web.guards import THINGS, admitted, may, may_json
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return factories.user("admin", role="admin")


def test_the_view_gets_the_thing_and_not_its_parents(admin: User) -> None:
    corpus = factories.corpus("pelabuhan")
    article = factories.article(corpus)
    words = {"corpus": "pelabuhan", "article": article.pk, "tab": "facts"}
    assert admitted(admin, policy.SEE_ARTICLE, words) == {"article": article, "tab": "facts"}


@pytest.mark.parametrize("corpus", ["other", "nowhere", "'", "%"])
def test_an_article_is_not_found_under_another_corpus(admin: User, corpus: str) -> None:
    factories.corpus("other")
    article = factories.article(factories.corpus("pelabuhan"))
    with pytest.raises(Http404):
        admitted(admin, policy.SEE_ARTICLE, {"corpus": corpus, "article": article.pk})


def test_an_assignment_is_not_found_under_another_campaign(admin: User) -> None:
    assignment, other = (factories.assignment(factories.user()) for _ in range(2))
    words = {"campaign": other.campaign.slug, "assignment": assignment.pk}
    with pytest.raises(Http404):
        admitted(admin, policy.REOPEN, words)


def test_what_is_missing_and_what_is_not_yours_answer_alike(stranger: User) -> None:
    corpus = factories.corpus("pelabuhan")
    answers = []
    for slug in (corpus.slug, "nowhere"):
        with pytest.raises(Http404) as refused:
            admitted(stranger, policy.SEE_CORPUS, {"corpus": slug})
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


def test_an_action_on_nothing_says_that_it_is_the_role(stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        admitted(stranger, policy.INVITE, {})


def test_every_action_is_on_a_thing_the_guards_can_find() -> None:
    actions = [value for value in vars(policy).values() if isinstance(value, policy.Action)]
    assert {action.on for action in actions if action.on} <= set(THINGS)
    assert len({action.name for action in actions}) == len(actions)


def view(request: HttpRequest, corpus: Corpus) -> HttpResponse:
    return HttpResponse(corpus.slug)


def asked(user: Any, **options: Any) -> HttpRequest:
    request = RequestFactory(enforce_csrf_checks=True).post("/corpora/pelabuhan/", **options)
    request.user = user
    return request


def test_a_page_of_the_signed_out_leads_to_sign_in() -> None:
    nobody = SimpleLazyObject(lambda: type("Nobody", (), {"is_authenticated": False})())
    answer = may(policy.SEE_CORPUS)(view)(asked(nobody), corpus="pelabuhan")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fcorpora%2Fpelabuhan%2F"


def test_a_program_is_told_in_json_and_in_this_order(stranger: User, admin: User) -> None:
    """Signed out before anything else, then not found, then the forged form, then the view."""
    factories.corpus("pelabuhan")
    nobody = SimpleLazyObject(lambda: type("Nobody", (), {"is_authenticated": False})())
    guarded, json = may_json(policy.SEE_CORPUS)(view), {"content_type": "application/json"}
    answers = [
        guarded(asked(user, **json), corpus="pelabuhan") for user in (nobody, stranger, admin)
    ]
    assert [answer.status_code for answer in answers] == [401, 404, 403]
    assert all(isinstance(answer, JsonResponse) for answer in answers)
