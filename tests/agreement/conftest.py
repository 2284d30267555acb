from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from annotations.accounts.models import User
from annotations.agreement import kept, pieces, services
from annotations.agreement.measures import bootstrap
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article
from tests import factories
from tests.agreement import layers

OUTLETS = ("Kompas", "Tempo", "")


@dataclass
class Study:
    """A running campaign of two annotators over three articles."""

    campaign: Campaign
    articles: list[Article]
    annotator_a: User
    annotator_b: User

    def lay(self, at: int, who: User, *marks: layers.Mark):
        return layers.lay(self.campaign, self.articles[at], who, *marks)

    def run(self, *, include_open: bool = False) -> AgreementRun:
        run = services.begin(self.campaign, include_open=include_open)
        services.compute(run, lambda done, total, message: None)
        return run


@pytest.fixture
def study(annotator_a: User, annotator_b: User) -> Study:
    corpus = factories.corpus()
    articles = [layers.article(corpus, external_id=f"a{at}") for at in range(3)]
    campaign = factories.campaign(corpus, [annotator_a, annotator_b], slug="kampanye")
    return Study(campaign, articles, annotator_a, annotator_b)


@pytest.fixture
def many(annotator_a: User, annotator_b: User, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Twelve articles labelled by both, six of them by a third; of three loads; taken for many, and every
    sum and column for worth keeping."""
    monkeypatch.setattr(bootstrap, "FEW", 0)
    monkeypatch.setattr(kept, "WORTHWHILE", 1)
    monkeypatch.setattr(kept, "PAIRS", 3)
    monkeypatch.setattr(pieces, "WORTHWHILE", 1)
    monkeypatch.setattr(pieces, "PAIRS", 5)
    monkeypatch.setattr(services, "REPLICATES", 50)
    corpus = factories.corpus()
    third = User.objects.create(username="aaa", role="annotator")  # before the others by name
    rows: list[Article] = []
    for at in range(12):
        loaded = datetime(2026, 1, 1 + at // 5, tzinfo=UTC)
        # the tenth is a correction of the second
        more = {"source": OUTLETS[at % 3], "previous": rows[1] if at == 9 else None}
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda loaded=loaded: loaded)
            rows.append(layers.article(corpus, **more))
    campaign = factories.campaign(corpus, [annotator_a, annotator_b, third])
    for at, row in enumerate(rows):
        layers.lay(
            campaign,
            row,
            annotator_a,
            layers.mark("QUOTE", (0, 9 + at)),
            layers.mark("ACTOR", (0, 4)),
        )
        layers.lay(
            campaign, row, annotator_b, layers.mark("QUOTE", (0, 9)), layers.mark("CUE", (30, 33))
        )
        if at % 2:
            layers.lay(
                campaign,
                row,
                third,
                layers.mark("QUOTE", (0, 9)),
                layers.mark("ACTOR", (0, 4 + at)),
            )
    return Study(campaign, rows, annotator_a, annotator_b)
