"""export(import(export)) is the same bytes, into the same database or another."""

import tempfile
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.assignments.models import Campaign
from annotations.spans.models import Operation, Relation, Remark, Span
from tests import factories
from tests.exchange.kutip_lines import Drawn, article_of, campaigns, exported, load

pytestmark = pytest.mark.django_db


def empty_campaign(drawn: Drawn) -> Campaign:
    """A campaign without any work over the articles of these lines, as in another database."""
    corpus = factories.corpus()
    for line in drawn.lines:
        article_of(corpus, line)
    return factories.campaign(corpus, [factories.user(), factories.user()])


def copied(data: bytes, drawn: Drawn) -> tuple[Campaign, bytes]:
    """What comes out of a fresh campaign into which `data` was loaded."""
    campaign = empty_campaign(drawn)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "layers.jsonl")
        file.write_bytes(data)
        load(campaign, file)
    return campaign, exported(campaign)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(campaigns(merges=True))
def test_an_export_comes_back_byte_for_byte(drawn: Drawn) -> None:
    with transaction.atomic():
        campaign, first = copied(drawn.bytes(), drawn)
        assert first == drawn.bytes()
        _, second = copied(first, drawn)
        assert second == first
        check_history(campaign)
        transaction.set_rollback(True)


def check_history(campaign: Campaign) -> None:
    """Every loaded layer is the replay of its one operation, and its counts are true."""
    for layer in campaign.assignments.filter(revision__gt=0):
        operation = Operation.objects.get(assignment=layer)
        assert (operation.seq, operation.op, layer.revision) == (1, "load", 1)
        made = {(change["kind"], change["id"]) for change in operation.changes}
        spans = Span.objects.filter(assignment=layer).values_list("id", flat=True)
        relations = Relation.objects.filter(assignment=layer).values_list("id", flat=True)
        remarks = Remark.objects.filter(assignment=layer).values_list("kind", "id")
        there = {("span", str(pk)) for pk in spans} | {("relation", str(pk)) for pk in relations}
        there |= {(kind, str(pk)) for kind, pk in remarks}
        assert made == there
        assert (layer.span_count, layer.relation_count) == (len(spans), len(relations))
        assert all(change["before"] is None for change in operation.changes)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(campaigns(merges=True), st.randoms(use_true_random=False))
def test_the_order_within_a_file_changes_nothing(drawn: Drawn, chance: st.DataObject) -> None:
    lines = [dict(line) for line in drawn.lines]
    for line in lines:
        line["layers"] = [
            layer | {key: shuffled(layer[key], chance) for key in ("spans", "relations")}
            for layer in shuffled(line["layers"], chance)
        ]
        line["entities"] = shuffled(line["entities"], chance)
    with transaction.atomic():
        _, data = copied(Drawn(shuffled(lines, chance)).bytes(), drawn)
        assert data == drawn.bytes()
        transaction.set_rollback(True)


def shuffled(things: list, chance: st.DataObject) -> list:  # type: ignore[type-arg]
    return chance.sample(things, len(things))
