"""The index of models, for Django. Code imports from the rooms."""

from annotations.accounts.models import ApiToken, SignInLink, User
from annotations.adjudication.models import ArticleStanding, DecisionCount, StandingChange
from annotations.agreement.models import (
    AgreementArticle,
    AgreementColumns,
    AgreementKey,
    AgreementPair,
    AgreementRun,
    AgreementState,
    AgreementSum,
)
from annotations.assignments.models import Assignment, Campaign, CampaignAnnotator
from annotations.conversation.models import Message
from annotations.corpora.models import (
    Article,
    ArticleAppearance,
    ArticleTag,
    ArticleText,
    Corpus,
    Membership,
    Tag,
)
from annotations.corpora.searching.models import (
    ArticleCluster,
    ArticleSearch,
    ArticleSignature,
    CorpusFacet,
    CorpusSummary,
)
from annotations.exchange.models import Export
from annotations.history.models import Event
from annotations.jobs.models import Job
from annotations.registry.models import (
    Alias,
    Distinction,
    Duplicate,
    Entity,
    EntityLink,
    NameKeys,
    Registry,
)
from annotations.schema.models import Label, RelationType, Schema
from annotations.spans.models import EntityUse, Operation, Relation, Remark, Span, UseCount

__all__ = [
    "AgreementArticle",
    "AgreementColumns",
    "AgreementKey",
    "AgreementPair",
    "AgreementRun",
    "AgreementState",
    "AgreementSum",
    "Alias",
    "ApiToken",
    "Article",
    "ArticleAppearance",
    "ArticleCluster",
    "ArticleSearch",
    "ArticleSignature",
    "ArticleStanding",
    "ArticleTag",
    "ArticleText",
    "Assignment",
    "Campaign",
    "CampaignAnnotator",
    "Corpus",
    "CorpusFacet",
    "CorpusSummary",
    "DecisionCount",
    "Distinction",
    "Duplicate",
    "Entity",
    "EntityLink",
    "EntityUse",
    "Event",
    "Export",
    "Job",
    "Label",
    "Membership",
    "Message",
    "NameKeys",
    "Operation",
    "Registry",
    "Relation",
    "RelationType",
    "Remark",
    "Schema",
    "SignInLink",
    "Span",
    "StandingChange",
    "Tag",
    "UseCount",
    "User",
]
