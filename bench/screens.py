"""Takes the pictures of the guide that show articles and the registry: nothing in them is anybody's.

A list of twenty thousand generated articles, and on the demo: a load of which a part was refused, a
corrected text, a text that was taken down, an import of entities. Run: `python -m bench.screens`.
"""

import argparse
import re
from pathlib import Path
from typing import Any

from bench.articles import filled
from bench.pictures import IMAGES, pages
from bench.serving import set_up_django, site

PORT = 8922
MANY = 20_000
ROWS = """Judul;Isi;Tanggal;Koran
Kapal pertama tiba;Kapal “Lestari” tiba di Pelabuhan Karangwulan pagi ini.;13/05/2024;Warta Lembah
Harga ikan turun;Harga ikan di pasar lelang turun sepertiga.;14/05/2024;Warta Lembah
Rapat ditunda;Rapat tentang jalur melaut ditunda sepekan.;besok;Warta Lembah
Tanpa isi;;15/05/2024;Warta Lembah
"""
ENTITIES = """name,type,aliases,wikidata
Balai Lelang Karangwulan,organisation,BLK|Balai Lelang,
Rania Salsabila,person,Rania,
Bulan Sabit,planet,,
Tari Kencana,person,,252
"""


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--state", type=Path, help="keep the data in this folder, and use it again")
    with site(PORT, told.parse_args().state) as running:
        set_up_django()
        filled(MANY)
        with pages(running) as page_of:
            shown = page_of("sari")
            _join_in()
            _many(shown)
            _report(shown)
            _correction(shown)
            _takedown(shown)
            _registry(shown)


def _join_in() -> None:
    """The demo is there, and whom the pictures show manages it and the generated articles."""
    from annotations.accounts.models import User
    from annotations.corpora.models import Corpus, Membership
    from annotations.management import demo_loading

    demo_loading.load()
    sari = User.objects.get(username="sari")
    Corpus.objects.filter(slug=f"bench-{MANY}").update(name=f"{MANY:,} generated articles")
    for corpus in Corpus.objects.all():
        Membership.objects.get_or_create(corpus=corpus, user=sari, role="manager")


def _many(page: Any) -> None:
    asked = "q=ba*&source=Kabar Pesisir&since=2023-01-01&until=2024-06-30&order=newest"
    page.goto(f"/corpora/bench-{MANY}/?{asked}")
    page.locator("#found [data-announced]").wait_for()
    _shoot(page, "articles-many", 900)


def _report(page: Any) -> None:
    page.goto("/corpora/demo/load/")
    _send(page, "#library-files", "kabar.csv", ROWS)
    page.get_by_role("button", name="Look into the files").click()
    page.get_by_role("heading", name="What a load would do").wait_for()
    _shoot(page, "load-look", 900)
    page.get_by_label("Load the rest").check()
    page.get_by_role("button", name="Load these articles").click()
    page.get_by_role("heading", name="Loaded, but not all").wait_for()
    _shoot(page, "load-report", 680)


def _correction(page: Any) -> None:
    page.goto("/corpora/demo/?title=Dermaga")
    page.locator("#articles a.title").first.click()
    page.get_by_role("link", name="Correct the text").click()
    field = page.locator("textarea")
    text = field.input_value()
    first, *others = text.split("\n")
    field.fill("\n".join([first.replace("900 meter", "950 meter"), *others[:3], *others[5:]]))
    page.get_by_role("button", name="Make the new version").click()
    page.get_by_role("heading", name="The new version stands").wait_for()
    _shoot(page, "correction", 440)


def _takedown(page: Any) -> None:
    page.goto("/corpora/demo/?title=Bantah")
    page.locator("#articles a.title").first.click()
    page.get_by_role("link", name="Take down").click()
    page.get_by_label("Reason").fill("Court order 12/2026")
    page.get_by_label(re.compile("I know")).check()
    page.get_by_role("button", name="Take it down for good").click()
    page.get_by_role("heading", name="The text was taken down").wait_for()
    _shoot(page, "taken-down", 420)


def _registry(page: Any) -> None:
    from annotations.corpora.models import Corpus

    page.goto(f"/registry/{Corpus.objects.get(slug='demo').registry_id}/import/")
    _send(page, "input[type=file]", "tokoh.csv", ENTITIES)
    page.get_by_role("button", name="Look into the file").click()
    page.get_by_role("heading", name="What the file would do").wait_for()
    _shoot(page, "registry-import", 660)


def _send(page: Any, field: str, name: str, content: str) -> None:
    page.set_input_files(
        field, {"name": name, "mimeType": "text/csv", "buffer": content.encode("utf-8")}
    )


def _shoot(page: Any, name: str, height: int) -> None:
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    clip = {"x": 0, "y": 0, "width": 1280, "height": height}
    page.screenshot(path=IMAGES / f"{name}.png", clip=clip)
    print(name, flush=True)


if __name__ == "__main__":
    main()
