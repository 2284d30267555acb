from dataclasses import dataclass

import pytest

from annotations.accounts.models import User
from annotations.agreement import services
from annotations.agreement.models import AgreementRun
from annotations.assignments.models import Campaign
from annotations.corpora.models import Article
from tests import factories
from tests.agreement import layers


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
