from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from annotations.accounts import services as accounts


class Command(BaseCommand):
    help = "Print a link for the first admin, as long as no admin has ever signed in."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            admin = accounts.first_admin()
            path = accounts.make_sign_in_link(admin, "invitation", None) if admin else ""
        if path:
            self.stdout.write(f"{settings.PUBLIC_URL.rstrip('/')}{path}")
        else:
            self.stderr.write("An admin has signed in before; no link is made.")
