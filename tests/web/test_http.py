import pytest
from django.test import RequestFactory

from annotations.web.http import fragment, safe_next, wants_json

OFF_SITE = [
    "",
    "//evil.example",
    "/\\evil.example",
    "https://testserver/",
    "javascript:alert(1)",
    "evil",
    "/\n/evil.example",
]


@pytest.mark.parametrize("target", OFF_SITE)
def test_the_way_on_stays_on_the_site(target: str) -> None:
    request = RequestFactory().post("/", {"next": target})
    assert safe_next(request, "/default/") == "/default/"


def test_the_way_on_may_be_a_path_with_a_query() -> None:
    request = RequestFactory().get("/", {"next": "/corpora/?q=a"})
    assert safe_next(request) == "/corpora/?q=a"


def test_a_page_is_not_sent_as_a_fragment() -> None:
    with pytest.raises(ValueError, match="not a fragment"):
        fragment(RequestFactory().get("/"), "home/page.html")


@pytest.mark.parametrize(
    ("headers", "content_type", "wanted"),
    [
        ({"Accept": "application/json"}, "", True),
        ({"Accept": "text/html,application/json"}, "", False),
        ({}, "application/json", True),
        ({}, "", False),
    ],
)
def test_programs_are_told_from_people(
    headers: dict[str, str], content_type: str, wanted: bool
) -> None:
    request = RequestFactory().generic("POST", "/", b"{}", content_type, headers=headers)
    assert wants_json(request) is wanted
