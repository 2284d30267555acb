"""Take a text down for legal reasons: it is gone for good, with every layer that quotes it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.corpora.models import Article
from annotations.exchange.store import made_folder, path_of
from annotations.exchange.taking_down import take_down


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("corpus", help="its short name")
        parser.add_argument("article", type=int, help="the number at the end of its address")
        parser.add_argument("--reason", required=True, help="kept in the history")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(
        self, *args: Any, corpus: str, article: int, reason: str, yes: bool, **options: Any
    ) -> None:
        found = Article.objects.filter(pk=article, corpus__slug=corpus).first()
        if found is None:
            raise CommandError(f"There is no article {article} in a corpus “{corpus}”.")
        if not reason.strip():
            raise CommandError("Give a reason: it is all that will be left.")
        if not yes and not self._is_sure(found):
            raise CommandError("Nothing was taken down.")
        done = take_down(found, reason=reason.strip(), by=None)
        self.stdout.write(f"{len(done.articles)} texts and {done.layers} layers are gone for good.")
        for export in done.exports:
            name = f"{export.campaign.slug}, {export.finished_at:%Y-%m-%d}"
            sha256 = bytes(export.sha256 or b"")
            for where in (path_of(sha256), made_folder(sha256)):
                self.stdout.write(f"An export may still hold the text: {name}: {where}")

    def _is_sure(self, article: Article) -> bool:
        self.stderr.write(f"“{article.title}” and all its layers will be gone for good.")
        self.stderr.write("Type yes to go on: ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip() == "yes"
