"""Takes the pictures of docs/guide/annotations.md: every case is loaded through the screens.

What is loaded is not ours (see the README of KUTIP_DATA): of press texts only pages are taken that
show counts and single names, no sentences. Run: `KUTIP_DATA=... .venv/bin/python -m bench.pictures`
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from bench.serving import ROOT, Site, set_up_django, site
from workbench.browser import find

IMAGES = ROOT / "docs" / "images"
PORT = 8921
HEIGHTS = {"report": 470, "losses": 640}
WIDE = {"width": 1280, "height": 1000}


@dataclass(frozen=True, slots=True)
class Case:
    """A folder of KUTIP_DATA and its files, the corpus that takes them, and the pages shown."""

    slug: str
    name: str
    language: str
    folder: str
    pattern: str
    shown: tuple[str, ...]


CASES = (
    Case("brat", "Four annotators", "es", "brat-four-annotators", "*/*.*", ("survey", "report")),
    Case(
        "webanno",
        "WebAnno TSV",
        "en",
        "webanno-tsv3-suite",
        "*/*.tsv",
        ("survey", "losses", "report"),
    ),
    Case("uima", "UIMA XMI", "en", "webanno-tsv3-suite", "*/*.xmi", ("report",)),
    Case("litbank", "LitBank", "en", "litbank-entities", "*/*.*", ("survey", "report")),
    Case("ner", "Indonesian news", "id", "id-ner-news", "*.txt", ("report",)),
)


def main() -> None:
    data = Path(os.environ.get("KUTIP_DATA", "")) / "data"
    if not data.is_dir():
        sys.exit("KUTIP_DATA does not lead to real data")
    with site(PORT) as running, tempfile.TemporaryDirectory() as folder:
        set_up_django()
        with pages(running) as page_of:
            shown = page_of("sari")
            for case in CASES:
                _take(shown, case, _packed(data / case.folder, case.pattern, Path(folder)))


def _packed(root: Path, pattern: str, to: Path) -> Path:
    """The files in one archive, as a person uploads a folder."""
    path = to / f"{root.name}.zip"
    with ZipFile(path, "w") as archive:
        for file in sorted(root.glob(pattern)):
            archive.write(file, file.relative_to(root))
    return path


@contextmanager
def pages(running: Site) -> Iterator[Callable[[str], Any]]:
    """Pages of a browser, by who is signed in; the manager "sari" is made."""
    from playwright.sync_api import sync_playwright

    from annotations.accounts.models import User

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    manager, _ = User.objects.get_or_create(username="sari", defaults={"role": "manager"})
    manager.set_password("pictures")
    manager.save()
    url = f"http://{running.host}:{running.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(windowed=True), args=["--no-sandbox"]
        )

        def page_of(username: str) -> Any:
            context = browser.new_context(base_url=url, viewport=WIDE, reduced_motion="reduce")
            context.add_cookies([_session(User.objects.get(username=username), url)])
            return context.new_page()

        yield page_of
        browser.close()


def _session(user: Any, url: str) -> Any:
    """The cookie of who is signed in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="annotations.accounts.backends.Backend")
    return {"name": "session", "value": client.cookies["session"].value, "url": url}


def _take(page: Any, case: Case, archive: Path) -> None:
    from annotations.accounts.models import User
    from annotations.corpora.services import create_corpus

    create_corpus(
        case.slug, name=case.name, language=case.language, by=User.objects.get(username="sari")
    )
    shoot = _shooter(page, case)
    page.goto(f"/corpora/{case.slug}/annotations/")
    page.set_input_files("#annotated-files", archive)
    page.get_by_role("button", name=re.compile("Look into")).click()
    page.locator("main form .button-primary").wait_for(timeout=120_000)
    page.locator("#id_name").fill(case.name)
    page.evaluate("document.activeElement.blur()")
    shoot("survey")
    page.evaluate("document.querySelector('#losses-title')?.scrollIntoView()")
    shoot("losses")
    page.locator("main form .button-primary").click()
    page.get_by_role("link", name="To the campaign").wait_for(timeout=300_000)
    shoot("report")


def _shooter(page: Any, case: Case) -> Callable[[str], None]:
    def shoot(what: str) -> None:
        print(f"{case.slug}: {what}", flush=True)
        if what in case.shown:
            height = HEIGHTS.get(what, WIDE["height"])
            part = {"x": 0, "y": 0, "width": WIDE["width"], "height": height}
            page.screenshot(path=IMAGES / f"annotations-{case.slug}-{what}.png", clip=part)

    return shoot


if __name__ == "__main__":
    main()
