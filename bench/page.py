"""Opening an article at the desk: server time, bytes on the wire, and time to text and spans.

Two articles: 3,000 characters with 20 spans, 100,000 with 2,000. The browser is headless Chromium
with an empty cache each time. Run: `.venv/bin/python -m bench page`
"""

import http.client
import json
import random
import statistics
import time
import uuid
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.serving import Site, session_cookies, set_up_django, site
from workbench.browser import find

ROUNDS = 5
WORDS = "Menteri Laras menolak usul itu karena warga pesisir belum diajak bicara. “Kami,” katanya, "
PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))
LABELS = ("ACTOR", "QUOTE", "CUE", "TARGET")

PAINTED = """() => {
  const marks = document.querySelectorAll("article mark").length
  return marks > 0 && performance.now()
}"""


def main() -> None:
    with site() as where:
        set_up_django()
        for length, spans in ((3_000, 20), (100_000, 2_000)):
            assignment, cookie, _text = layer_over(length, spans)
            _server(where, assignment, cookie, f"{length:,} characters, {spans:,} spans")
            _browser(where, assignment, cookie, spans)


def _server(where: Site, assignment: int, cookie: str, what: str) -> None:
    connection = http.client.HTTPConnection(where.host, where.port)
    times, size = [], 0
    for _ in range(60):
        begun = time.perf_counter()
        connection.request("GET", f"/desk/{assignment}/", headers={"Cookie": cookie})
        answer = connection.getresponse()
        size = len(answer.read())
        times.append(time.perf_counter() - begun)
        if answer.status != 200:
            raise SystemExit(f"{answer.status} for the desk")
    cuts = statistics.quantiles(times[10:], n=20)
    print(
        f"{what}: p50 {cuts[9] * 1e3:.1f} ms, p95 {cuts[18] * 1e3:.1f} ms, {size:,} bytes of HTML"
    )


def _browser(where: Site, assignment: int, cookie: str, spans: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find(windowed=True)),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        opened = [_open(browser, where, assignment, cookie) for _ in range(ROUNDS)]
        browser.close()
    shown = statistics.median(row[0] for row in opened)
    wire = statistics.median(row[1] for row in opened)
    first = PEERS["open_seconds"]["3000" if spans <= 20 else "100000"]
    ratios = ", ".join(
        f"{seconds / shown:.1f}x sooner than {name}" for name, seconds in first.items()
    )
    print(
        f"  text and first spans after {shown * 1e3:.0f} ms (cold), {wire / 1e3:.0f} kB; {ratios}"
    )


def _open(browser: Browser, where: Site, assignment: int, cookie: str) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    pairs = [part.split("=", 1) for part in cookie.split("; ")]
    base = f"http://{where.host}:{where.port}"
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in pairs])
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    wire: list[float] = []
    client.on("Network.loadingFinished", lambda event: wire.append(event["encodedDataLength"]))
    page.goto(f"{base}/desk/{assignment}/", wait_until="commit")
    shown = page.wait_for_function(PAINTED, polling="raf").json_value()
    page.wait_for_load_state("networkidle")
    context.close()
    return float(shown) / 1e3, sum(wire)


def layer_over(length: int, spans: int, *, paragraphs: bool = True) -> tuple[int, str, str]:
    """An assignment over an article of this length with so many spans, the cookies of whose it
    is, and the text."""
    from annotations.assignments.services import claim_next
    from annotations.spans.requests import parse
    from annotations.spans.services import apply_batch
    from tests import factories

    rng = random.Random(length)
    between = "\n" if paragraphs else ""
    text = between.join([WORDS * 8] * (length // len(WORDS) // 8 + 1))[:length]
    name = f"bench{length}{between and 'p'}"
    person = factories.user(name)
    corpus = factories.corpus(name)
    factories.article(corpus, text)
    assignment = claim_next(factories.campaign(corpus, [person], slug=name), person)
    if assignment is None:
        raise SystemExit("nothing to label")
    for done in range(0, spans, 200):
        operations = [_place(rng, text) for _ in range(min(200, spans - done))]
        apply_batch(
            assignment.pk,
            parse(json.dumps({"base": done, "operations": operations}).encode()),
            by=person,
        )
    return assignment.pk, session_cookies([person])[0], text


def _place(rng: random.Random, text: str) -> dict[str, object]:
    start = rng.randrange(len(text) - 60)
    end = start + rng.randint(5, 50)
    piece = text[start:end].strip() or text[start : start + 1]
    start = text.index(piece, start)
    span = {
        "id": str(uuid.uuid4()),
        "label": rng.choice(LABELS),
        "fragments": [[start, start + len(piece)]],
        "text": [piece],
    }
    return {"id": str(uuid.uuid4()), "op": "place", "span": span}


if __name__ == "__main__":
    main()
