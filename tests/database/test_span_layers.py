"""No span without its layer, whoever comes first, and nobody else waits for that."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections
from psycopg.errors import ActiveSqlTransaction, ForeignKeyViolation, SerializationFailure

from annotations.accounts.models import User
from annotations.assignments import services as assignments
from annotations.assignments.models import Assignment, Status
from annotations.schema.models import Label
from annotations.spans.models import Span
from annotations.spans.protocol import operate
from annotations.spans.submit import Closed, submit
from tests import factories
from tests.factories import TEXT, placed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

SPAN = """
INSERT INTO span (assignment_id, id, label_id, fragments, text, attributes, changed_seq, removed)
SELECT layer, gen_random_uuid(), %(label)s, '{0,7}', '{Menteri}', '{}', 1, false
  FROM unnest(%(layers)s::bigint[]) AS layer, generate_series(1, %(each)s)"""
DELETE = "DELETE FROM assignment WHERE id = ANY(%(layers)s)"
MANY = 101
"""More than are looked at one by one."""

Session = psycopg.Connection[Any]


@pytest.fixture
def layers(annotator_a: User) -> list[Assignment]:
    return [factories.assignment(annotator_a) for _ in range(2)]


@pytest.fixture
def names(layers: list[Assignment]) -> dict[str, Any]:
    label = Label.objects.get(schema=layers[0].schema, key="ACTOR").pk
    return {"label": label, "layers": [layer.pk for layer in layers], "each": 1}


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    """Two of the owner, who may remove layers."""
    owner = connections["owner"].get_connection_params()
    where = {name: word for name, word in owner.items() if isinstance(word, str | int)}
    opened = [psycopg.connect(**where) for _ in range(2)]  # type: ignore[arg-type]  # libpq's own words
    yield opened
    for session in opened:
        session.close()


@pytest.fixture
def meanwhile() -> Iterator[Callable[..., Future[Any]]]:
    """Does something in a thread, which must be kept waiting for now."""
    with ThreadPoolExecutor(1) as pool:

        def begin(work: Callable[..., Any], *given: Any) -> Future[Any]:
            begun = pool.submit(work, *given)
            with pytest.raises(StillWaiting):
                begun.result(0.3)
            return begun

        yield begin


def left() -> tuple[int, int]:
    return Assignment.objects.count(), Span.objects.count()


@pytest.mark.parametrize("each", [1, MANY])
def test_a_layer_that_gets_spans_is_waited_for_and_stays(
    sessions: list[Session], names: dict[str, Any], meanwhile: Any, each: int
) -> None:
    writes, removes = sessions
    writes.execute(SPAN, names | {"each": each})
    removal = meanwhile(removes.execute, DELETE, names)
    writes.commit()
    with pytest.raises(ForeignKeyViolation, match="has spans"):
        removal.result()
    removes.rollback()
    assert left() == (2, 2 * each)


@pytest.mark.parametrize("each", [1, MANY])
def test_spans_of_a_layer_that_is_being_removed_wait_and_are_refused(
    sessions: list[Session], names: dict[str, Any], meanwhile: Any, each: int
) -> None:
    writes, removes = sessions
    removes.execute(DELETE, names | {"layers": names["layers"][1:]})
    late = meanwhile(writes.execute, SPAN, names | {"each": each})
    removes.commit()
    with pytest.raises(ForeignKeyViolation, match="not there"):
        late.result()
    writes.rollback()
    assert left() == (1, 0)


def test_spans_go_in_when_the_layer_was_not_removed_after_all(
    sessions: list[Session], names: dict[str, Any], meanwhile: Any
) -> None:
    writes, removes = sessions
    removes.execute(DELETE, names)
    late = meanwhile(writes.execute, SPAN, names)
    removes.rollback()
    late.result()
    writes.commit()
    assert left() == (2, 2)


def test_a_snapshot_without_the_layers_end_gets_no_span(
    sessions: list[Session], names: dict[str, Any]
) -> None:
    writes, removes = sessions
    writes.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    writes.execute("SELECT 1 FROM assignment")
    removes.execute(DELETE, names)
    removes.commit()
    with pytest.raises(SerializationFailure):
        writes.execute(SPAN, names)
    writes.rollback()
    assert left() == (0, 0)


@pytest.mark.parametrize(
    "level", [psycopg.IsolationLevel.REPEATABLE_READ, psycopg.IsolationLevel.SERIALIZABLE]
)
@pytest.mark.parametrize("statement", [DELETE, "TRUNCATE assignment CASCADE"])
def test_no_layer_goes_by_a_snapshot_that_may_lack_its_spans(
    sessions: list[Session],
    names: dict[str, Any],
    level: psycopg.IsolationLevel,
    statement: str,
) -> None:
    writes, removes = sessions
    removes.isolation_level = level
    removes.execute("SELECT 1")
    writes.execute(SPAN, names)
    writes.commit()
    with pytest.raises(ActiveSqlTransaction, match="READ COMMITTED"):
        removes.execute(statement, names)
    removes.rollback()
    assert left() == (2, 2)


@pytest.mark.parametrize(
    "statement",
    [
        DELETE,
        "TRUNCATE assignment CASCADE",
        "UPDATE assignment SET id = id + 1000000",
        "UPDATE span SET assignment_id = %(layers)s[1] WHERE assignment_id = %(layers)s[2]",
        "UPDATE span SET assignment_id = -1",
    ],
)
def test_a_span_keeps_its_layer(
    sessions: list[Session], names: dict[str, Any], statement: str
) -> None:
    sessions[0].execute(SPAN, names)
    with pytest.raises(ForeignKeyViolation, match="layer"):
        sessions[0].execute(statement.replace("%(layers)s[", "(%(layers)s::bigint[])["), names)


def test_layers_and_spans_may_go_together(sessions: list[Session], names: dict[str, Any]) -> None:
    sessions[0].execute(SPAN, names)
    sessions[0].execute("TRUNCATE assignment, span CASCADE")
    sessions[0].commit()
    assert left() == (0, 0)


@pytest.mark.parametrize("what", ["save", "submit", "skip", "reopen", "open"])
def test_a_layer_that_is_being_loaded_keeps_nobody_waiting(
    sessions: list[Session],
    names: dict[str, Any],
    layers: list[Assignment],
    annotator_a: User,
    what: str,
) -> None:
    layer = layers[0]
    Assignment.objects.filter(pk=layer.pk).update(status=Status.LOADING, load_job=uuid4())
    sessions[0].execute(SPAN, names)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    try:
        if what == "save":
            asked = json.dumps({"base": 0, "operations": [placed(TEXT, "Menteri")]}).encode()
            assert operate(layer.pk, asked, by=annotator_a).status == 409
        elif what == "submit":
            with pytest.raises(Closed):
                submit(layer.pk, base=0, by=annotator_a, also=lambda _: ())
        elif what == "open":
            assert assignments.open_own(layer, annotator_a).status == Status.LOADING
        else:
            act = {"skip": assignments.skip, "reopen": assignments.reopen}[what]
            with pytest.raises(assignments.Impossible):
                act(layer, reason="x", by=annotator_a)
    finally:
        connection.close()
