"""What stands inside the desk's page, and that the content policy lets just that run."""

import json
import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from annotations.accounts.models import User
from annotations.web import opening
from tests import factories

SHEET = "annotations/css/first.css"


def request_with_nonce() -> Any:
    request: Any = RequestFactory().get("/")
    request.csp_nonce = "einmal"
    return request


@pytest.mark.django_db
def test_the_policy_allows_the_scripts_of_this_answer_only(
    signed_in: Any, annotator_a: User
) -> None:
    assignment = factories.assignment(annotator_a)
    client = signed_in(annotator_a)
    answers = [client.get(f"/desk/{assignment.pk}/") for _ in range(2)]
    nonces = []
    for answer in answers:
        written = set(re.findall(r'nonce="([^"]+)"', answer.getvalue().decode()))
        assert len(written) == 1
        nonces += written
        policy = answer.headers["Content-Security-Policy"]
        assert f"script-src 'self' 'nonce-{nonces[-1]}'" in policy
        assert "unsafe" not in policy
    assert nonces[0] != nonces[1]
    assert "nonce" not in client.get("/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_head_comes_alone_and_the_first_frame_waits_for_what_is_in_sight(
    signed_in: Any, annotator_a: User
) -> None:
    """A frame drawn before the article is there would cost the time of two."""
    text = "\n".join(["Laras bicara di dermaga. " * 20] * 20)
    assignment = factories.assignment(annotator_a, text)
    answer = signed_in(annotator_a).get(f"/desk/{assignment.pk}/")
    begun, head, body, *_ = (part.decode() for part in answer.streaming_content)
    assert begun == "<!doctype html>"
    assert '<link rel="expect" href="#in-sight" blocking="render">' in head
    assert "<body" not in head
    blocks = re.findall(r"<p[^>]*data-start[^>]*>", body)
    assert [' id="in-sight"' in block for block in blocks] == [False] * (len(blocks) - 1) + [True]


@pytest.mark.django_db
def test_what_nobody_sees_before_they_ask_comes_behind_the_article(
    signed_in: Any, annotator_a: User
) -> None:
    """The first frame waits for every element that stands before it."""
    assignment = factories.assignment(annotator_a)
    html = signed_in(annotator_a).get(f"/desk/{assignment.pk}/").getvalue().decode()
    before, _, behind = html.partition("<article ")
    assert len(re.findall(r"<[a-z]", before.partition("<body")[2])) < 180
    assert len(re.findall(r"<[a-z]", behind)) < 120
    for words in ('<template id="guides">', '<template id="reading-questions">', 'name="theme"'):
        assert words not in html
        assert words in unfolded(behind)


def unfolded(html: str) -> str:
    """What a browser makes of what the page holds as a text."""
    text = html.partition('<script id="desk-folded" type="application/json">')[2]
    return str(json.loads(text.partition("</script>")[0]))


def test_what_is_folded_ends_no_element_of_the_page() -> None:
    words = "</script><!--<script>&amp; “Ia” "
    page = Template("{% load opening %}{% folded 'desk-folded' %}{{ words|safe }}{% endfolded %}")
    html = page.render(Context({"words": words}))
    assert html.count("<") == 2
    assert unfolded(html) == words


def test_a_script_stands_in_the_page_as_it_is_served() -> None:
    html = opening.script(request_with_nonce(), "annotations/js/opening.js")
    assert html.startswith('<script nonce="einmal">')
    assert html.count("</script>") == 1
    assert "desk-opening" in html or "opening" in html


def test_sources_are_linked_and_collected_styles_stand_in_the_page(
    settings: Any, tmp_path: Any
) -> None:
    assert opening.style(request_with_nonce(), SHEET).startswith("<link")
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "workbench.storage.ModuleStorage"}
    }
    target = tmp_path / SHEET
    target.parent.mkdir(parents=True)
    target.write_text("p{margin:0}")
    opening._collected.cache_clear()
    try:
        expected = '<style nonce="einmal">p{margin:0}</style>'
        assert opening.style(request_with_nonce(), SHEET) == expected
    finally:
        opening._collected.cache_clear()


def test_a_file_that_would_end_its_element_is_refused() -> None:
    with pytest.raises(ValueError, match="closing tag"):
        opening._inside("a</style>b")
