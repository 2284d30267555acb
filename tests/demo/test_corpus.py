import re
import unicodedata
from collections import Counter
from datetime import datetime
from itertools import pairwise

import pytest

from annotations.demo.corpus import articles, entities
from annotations.demo.records import DemoArticle, DemoEntity
from annotations.registry.models import AliasKind, EntityType
from tests.demo.phenomena import IN_A_LAYER, IN_THE_TEXT, shown

LABELLED = [article for article in articles() if article.layers]

every_article = pytest.mark.parametrize("article", articles(), ids=lambda one: one.external_id)


def test_there_are_eighteen_indonesian_and_eight_english_articles() -> None:
    assert Counter(one.language for one in articles()) == {"id": 18, "en": 8}


def test_eight_indonesian_and_four_english_articles_have_two_layers() -> None:
    assert Counter(one.language for one in LABELLED) == {"id": 8, "en": 4}
    assert all(set(one.layers) == {"a", "b"} for one in LABELLED)


def test_no_two_articles_share_an_id_an_address_or_a_text() -> None:
    for field in ("external_id", "url", "text", "title"):
        assert len({getattr(one, field) for one in articles()}) == len(articles())


@every_article
def test_an_article_has_the_length_of_a_news_item(article: DemoArticle) -> None:
    assert 150 <= len(article.text.split()) <= 600


@every_article
def test_an_article_names_an_invented_outlet_at_an_address_of_nobody(article: DemoArticle) -> None:
    assert re.match(r"https://[a-z]+\.example/[a-z/-]+$", article.url)
    assert article.source
    assert article.author


@every_article
def test_an_article_is_published_in_2025_or_2026(article: DemoArticle) -> None:
    published = datetime.fromisoformat(article.published)
    assert published.tzinfo is not None
    assert published.year in (2025, 2026)


@every_article
def test_a_text_is_paragraphs_and_nothing_else(article: DemoArticle) -> None:
    for paragraph in article.text.split("\n\n"):
        assert paragraph == paragraph.strip()
        assert not set(paragraph) & set("\n\t`[]")


@every_article
def test_a_quotation_left_open_is_reopened_by_the_next_paragraph(article: DemoArticle) -> None:
    paragraphs = article.text.split("\n\n")
    for paragraph, following in pairwise([*paragraphs, ""]):
        assert paragraph.count("“") == paragraph.count("”") or following.startswith("“")
        assert paragraph.count("«") == paragraph.count("»")
        assert paragraph.count('"') % 2 == 0


@every_article
def test_an_article_shows_the_phenomena_it_declares_and_no_other(article: DemoArticle) -> None:
    assert article.phenomena == shown(article)


def test_every_phenomenon_occurs_more_than_once() -> None:
    counted = Counter(name for one in articles() for name in one.phenomena)
    assert set(counted) == {*IN_A_LAYER, *IN_THE_TEXT}
    assert min(counted.values()) >= 2


def test_at_least_four_articles_have_an_emoji() -> None:
    assert sum("emoji" in one.phenomena for one in articles()) >= 4


def test_the_same_corpus_is_compiled_every_time() -> None:
    first = articles()
    articles.cache_clear()
    assert articles() == first


def test_every_entity_has_its_own_name_and_id() -> None:
    assert len({one.id for one in entities()}) == len(entities())
    assert len({one.name for one in entities()}) == len(entities())


@pytest.mark.parametrize("entity", entities(), ids=lambda one: one.key)
def test_an_entity_is_of_a_known_type_with_aliases_of_known_kinds(entity: DemoEntity) -> None:
    assert entity.type in EntityType.values
    assert {alias.kind for alias in entity.aliases} <= set(AliasKind.values)


@pytest.mark.parametrize("entity", entities(), ids=lambda one: one.key)
def test_an_alias_says_something_new(entity: DemoEntity) -> None:
    texts = [entity.name, *(alias.text for alias in entity.aliases)]
    assert len({unicodedata.normalize("NFC", text) for text in texts}) == len(texts)


def test_the_registry_has_metonyms_abbreviations_and_dated_roles() -> None:
    aliases = [alias for entity in entities() for alias in entity.aliases]
    kinds = Counter(alias.kind for alias in aliases)
    assert kinds["metonym"] >= 5
    assert kinds["abbreviation"] >= 5
    assert any(alias.kind == "role" and alias.valid_from for alias in aliases)
