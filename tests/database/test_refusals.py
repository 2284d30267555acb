"""What the database refuses by itself, asked in SQL, past every Python check."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from annotations.accounts.models import User
from annotations.assignments.models import Assignment
from annotations.schema.models import Label
from tests import factories
from tests.factories import TEXT

pytestmark = pytest.mark.django_db

Insert = Callable[..., None]


@pytest.fixture
def layer(annotator_a: User) -> Assignment:
    return factories.assignment(annotator_a)


@pytest.fixture
def insert_span(layer: Assignment) -> Insert:
    label = Label.objects.get(schema=layer.schema, key="ACTOR").pk

    def insert(fragments: str, text: list[str] | None, **other: object) -> None:
        values = {"label": label, "entity": None, "attributes": "{}"} | other
        run(
            """INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes,
                                 entity_id, changed_seq, removed)
               VALUES (%s, %s, %s, %s::int4[], %s::text[], %s, %s, 1, false)""",
            layer.pk,
            uuid4(),
            values["label"],
            fragments,
            text,
            values["attributes"],
            values["entity"],
        )

    return insert


def run(query: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)


def refused(act: Callable[[], None], name: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        act()
    constraint = getattr(getattr(caught.value.__cause__, "diag", None), "constraint_name", "")
    assert re.search(name, f"{caught.value} {constraint}")


def test_a_good_span_goes_in(insert_span: Insert, layer: Assignment) -> None:
    insert_span("{0,7}", ["Menteri"])
    insert_span("{0,7,8,13}", ["Menteri", "Laras"])
    assert layer.spans.count() == 2


@pytest.mark.parametrize(
    "fragments",
    ["{}", "{5}", "{7,0}", "{0,0}", "{-1,3}", "{0,7,7,9}", "{0,9,4,12}", "{0,NULL}", "{{0,7}}",
     "[0:1]={0,7}"],
)  # fmt: skip
def test_fragments_out_of_shape_are_refused(insert_span: Insert, fragments: str) -> None:
    refused(lambda: insert_span(fragments, ["Menteri"]), "span_")


def test_a_missing_fragment_list_is_refused(insert_span: Insert) -> None:
    refused(lambda: insert_span(None, ["Menteri"]), "fragments")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [["menteri"], ["Menteri "], ["Menteri", "x"], [], None])
def test_a_text_that_is_not_there_is_refused(insert_span: Insert, text: list[str] | None) -> None:
    refused(lambda: insert_span("{0,7}", text), "text")


def test_an_end_past_the_text_is_refused(insert_span: Insert) -> None:
    end = len(TEXT) + 1
    refused(lambda: insert_span(f"{{0,{end}}}", [TEXT]), "span_text")


def test_an_end_past_the_text_is_refused_among_many(layer: Assignment) -> None:
    label = Label.objects.get(schema=layer.schema, key="ACTOR").pk
    refused(
        lambda: run(
            """INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes,
                                 changed_seq, removed)
               SELECT %s, gen_random_uuid(), %s, ARRAY[0, %s + (n / 150)], ARRAY[%s], '{}', 1, false
                 FROM generate_series(1, 150) n""",
            layer.pk,
            label,
            len(TEXT),
            TEXT,
        ),
        "span_text",
    )


def test_a_label_of_another_schema_is_refused(insert_span: Insert) -> None:
    refused(lambda: insert_span("{0,7}", ["Menteri"], label=-1), "span_label")


def test_an_entity_of_another_registry_is_refused(insert_span: Insert) -> None:
    foreign = factories.entity(factories.corpus()).pk
    refused(lambda: insert_span("{0,7}", ["Menteri"], entity=foreign), "span_entity")


def test_attributes_are_an_object(insert_span: Insert) -> None:
    refused(lambda: insert_span("{0,7}", ["Menteri"], attributes="[]"), "span_attributes")


def test_a_text_cannot_be_moved_off_its_words(insert_span: Insert, layer: Assignment) -> None:
    insert_span("{0,7}", ["Menteri"])
    refused(
        lambda: run("UPDATE span SET fragments = '{1,8}' WHERE assignment_id = %s", layer.pk),
        "span_text",
    )


def test_an_assignment_cannot_hold_another_corpus_article(layer: Assignment) -> None:
    foreign = factories.article(factories.corpus(), "Teks lain.")
    refused(
        lambda: run(
            """INSERT INTO assignment (campaign_id, corpus_id, schema_id, article_id, kind, status,
                      slot, revision, span_count, relation_count, active_seconds, skip_reason)
               VALUES (%s, %s, %s, %s, 'annotator', 'waiting', 9, 0, 0, 0, 0, '')""",
            layer.campaign_id,
            layer.corpus_id,
            layer.schema_id,
            foreign.pk,
        ),
        "assignment_of_article",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operation SET op = 'x'",
        "DELETE FROM operation",
        "TRUNCATE operation",
        "UPDATE event SET verb = 'x'",
        "DELETE FROM event",
        "UPDATE article_text SET text = 'x'",
        "DELETE FROM article_text",
        "DELETE FROM span",
        "DELETE FROM assignment",
        "UPDATE assignment SET article_id = 1",
        "UPDATE label SET schema_id = 1",
        "UPDATE entity SET registry_id = 1",
        "UPDATE corpus SET registry_id = 1",
        "UPDATE schema SET spec = '{}'",
        "ALTER TABLE span DISABLE TRIGGER ALL",
        "SET session_replication_role = 'replica'",
        "DROP TABLE operation",
    ],
)
def test_the_role_of_everyday_work_may_not(statement: str) -> None:
    refused(lambda: run(statement), "permission denied|must be owner")


def test_a_text_of_another_hash_is_refused() -> None:
    article = factories.article(factories.corpus(), "Sebuah teks.")
    refused(
        lambda: run(
            """INSERT INTO article_text (article_id, text, sha256, length)
               SELECT id, 'Sebuah tekz.', sha256, length FROM article WHERE id = %s""",
            article.pk,
        ),
        "article_text",
    )


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 3), (0, 0), (2, 4), (3, 4), (4, 9), (9, 12), (0, 99)]
)
def test_a_piece_is_what_python_cuts(start: int, stop: int) -> None:
    text = "a🚢é“e\u0301"
    with connection.cursor() as cursor:
        cursor.execute("SELECT piece(%s, %s, %s)", [text, start, stop])
        assert cursor.fetchone() == (text[start:stop],)


LONG = "".join(f"{n} 🚢 é“kata” e\u0301. " for n in range(300))


@pytest.mark.parametrize("wrong", [None, 0, 57, 119])
def test_among_many_spans_of_a_long_text_one_false_word_is_found(
    annotator_a: User, wrong: int | None
) -> None:
    layer = factories.assignment(annotator_a, LONG)
    label = Label.objects.get(schema=layer.schema, key="ACTOR").pk
    fragments = [(at, at + 1 + at % 61) for at in range(0, len(LONG) - 70, len(LONG) // 122)][:120]
    texts = [LONG[start:stop] for start, stop in fragments]
    if wrong is not None:
        texts[wrong] = texts[wrong][:-1] + "☠"

    def insert() -> None:
        run(
            """INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes,
                                 changed_seq, removed)
               SELECT %s, gen_random_uuid(), %s, ARRAY[start, stop], ARRAY[words], '{}', 1, false
                 FROM unnest(%s::int[], %s::int[], %s::text[]) AS given (start, stop, words)""",
            layer.pk,
            label,
            *map(list, zip(*fragments, strict=True)),
            texts,
        )

    if wrong is None:
        insert()
        assert layer.spans.count() == 120
    else:
        refused(insert, "span_text")
