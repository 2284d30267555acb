"""Makes a campaign over a corpus and starts it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from annotations.accounts.models import User
from annotations.assignments.models import Stories
from annotations.assignments.services import (
    Design,
    Impossible,
    Options,
    create_campaign,
    start,
)
from annotations.corpora.models import Corpus, Tag
from annotations.schema.services import UnknownSchema, find


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", help="slug of the campaign to make")
        parser.add_argument("--corpus", required=True, help="slug of the corpus")
        parser.add_argument("--annotators", required=True, help="user names, between commas")
        parser.add_argument("--overlap", type=int, default=2, help="annotators for each article")
        parser.add_argument("--schema", default="atribusi@1.0", help="KEY@VERSION")
        parser.add_argument("--name", default="", help="name for people; the slug otherwise")
        parser.add_argument("--tag", default="", help="only articles with this tag")
        parser.add_argument(
            "--stories",
            choices=Stories.values,
            default=Stories.EACH,
            help="what becomes of articles that tell much the same",
        )
        parser.add_argument("--no-suggestions", action="store_true", help="the desk offers none")
        parser.add_argument(
            "--quote-coverage",
            action="store_true",
            help="every quotation must be attributed before an article is submitted",
        )

        parser.add_argument(
            "--show-gold",
            action="store_true",
            help="annotators see how far their own submitted layers agree with the gold ones, and what "
            "was corrected, with the reasons of adjudicators",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        corpus = Corpus.objects.filter(slug=options["corpus"]).first()
        if corpus is None:
            raise CommandError(f"There is no corpus “{options['corpus']}”.")
        try:
            design = Design(
                slug=options["campaign"],
                name=options["name"],
                corpus=corpus,
                schema=find(options["schema"]),
                annotators=_people(options["annotators"]),
                overlap=options["overlap"],
                options=Options(
                    suggestions=not options["no_suggestions"],
                    quote_coverage=options["quote_coverage"],
                    stories=options["stories"],
                    gold_shown=options["show_gold"],
                ),
                tag=_tag(corpus, options["tag"]),
            )
            made = start(create_campaign(design, by=None), by=None)
        except UnknownSchema as error:
            raise CommandError(f"There is no schema “{error}”.") from error
        except Impossible as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Campaign “{design.slug}” runs with {made} assignments.")


def _tag(corpus: Corpus, name: str) -> Tag | None:
    if not name:
        return None
    tag = corpus.tags.filter(name=name).first()
    if tag is None:
        raise CommandError(f"No article of “{corpus.slug}” has the tag “{name}”.")
    return tag


def _people(names: str) -> list[User]:
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    found = {user.username: user for user in User.objects.filter(username__in=wanted)}
    if missing := [name for name in wanted if name not in found]:
        raise CommandError(f"Unknown users: {', '.join(missing)}.")
    return [found[name] for name in wanted]
