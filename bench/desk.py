"""The desk in real Chromium, at four sizes, beside a plain page with the same text.

When text and the spans in sight are there, on a first visit and for the next article, and when the
server's first byte is; the longest task while opening; what adding, moving and removing one span costs
the main thread, script and all; from key to paint, and the work in it; the heap of scripts; and what
scripts and styles weigh.
Run: `.venv/bin/python -m bench desk`
"""

import gzip
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import brotli
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from bench.page import layer_over
from bench.serving import Site, set_up_django, site
from workbench.browser import find

SIZES = (  # characters, spans, in paragraphs
    (3_000, 20, True),
    (20_000, 400, True),
    (100_000, 2_000, True),
    (100_000, 2_000, False),
    (1_000_000, 10_000, True),
)
ROUNDS = 9  # of a plain page and a desk in turns: what else the machine does meets both
EDITS = 15
WATCH = """
window.longTasks = []
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((e) => e.duration)))
  .observe({ type: "longtask", buffered: true })
new PerformanceObserver((list) => {
  const painted = list.getEntriesByName("first-contentful-paint")[0]?.startTime
  if (painted === undefined) return
  const find = (selector, from, tell) => {
    const look = (at) => document.querySelector(selector) ? tell(at) : requestAnimationFrame(look)
    look(from)
  }
  window.shownAt = painted
  if (!document.querySelector("label-desk")) return
  window.shownAt = undefined
  find("article mark", painted, (at) => (window.shownAt = at))
  find("label-desk[data-ready]", painted, (at) => (window.readyAt = at))
}).observe({ type: "paint", buffered: true })
"""
INSIDE = re.compile(r'<(?:style|script) nonce="[^"]+">(.*?)</(?:style|script)>', re.DOTALL)
SETTLED = 3000  # milliseconds: nothing asks the page before, that would cost it time
PLAIN = 1000  # the same of a page that has no scripts
EDIT = """async (count) => {
  const desk = document.querySelector("label-desk")
  const { session } = desk
  const settled = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  const middle = Math.floor(session.article.length / 2)
  const times = { add: [], move: [], remove: [] }
  const timed = async (name, work) => {
    const begun = performance.now()
    work()
    await Promise.resolve() // what follows within the task
    document.body.getBoundingClientRect() // and the layout
    times[name].push(performance.now() - begun)
    await settled()
  }
  for (let i = 0; i < count; i += 1) {
    const at = middle + i * 40
    let id
    await timed("add", () => (id = session.place("ACTOR", [at, at + 9])))
    const how = { side: 1, step: 1, unit: "word" }
    await timed("move", () => session.resize(session.span(id), how))
    await timed("remove", () => session.remove(session.span(id)))
  }
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]))
}"""
KEYS = """
window.keyTimes = [] // from key to paint, and how much of it was work: the rest waits for the screen
let begun, handled
addEventListener("keydown", () => {
  begun = performance.now()
  requestAnimationFrame(() => {
    const drawing = performance.now()
    const [from, busy] = [begun, handled - begun]
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      const done = performance.now()
      keyTimes.push([done - from, busy + done - drawing])
    }
    port2.postMessage(0)
  })
}, true)
addEventListener("keydown", () => (handled = performance.now()))
"""
STROKES = 30


def main() -> None:
    with site() as where:
        set_up_django()
        layers = [layer_over(length, spans, paragraphs=cut) for length, spans, cut in SIZES]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=str(find(windowed=True)),
                args=["--no-sandbox", "--disable-background-networking", "--disable-quic"],
            )
            for (length, spans, cut), layer in zip(SIZES, layers, strict=True):
                print(f"{length:,} characters, {spans:,} spans{'' if cut else ', one paragraph'}")
                _size(browser, where, *layer)
            browser.close()


def _size(browser: Browser, where: Site, assignment: int, cookie: str, text: str) -> None:
    url = f"http://{where.host}:{where.port}/desk/{assignment}/"
    _warm(url, cookie)
    plain: list[float] = []
    opened: list[Opened] = []
    with _plain(text) as plain_url:
        for _ in range(ROUNDS):
            plain.append(_first_paint(browser, plain_url))
            opened.append(_open(browser, url, cookie))
    shown = [one.shown for one in opened]
    again = [one.again for one in opened]
    tasks = [one.longest for one in opened]
    usual = statistics.median(plain)
    print(
        f"  text and spans in sight after {_spread(shown)} on a first visit, {_spread(again)} for"
        f" the next article; plain page {_spread(plain)}: {statistics.median(shown) / usual:.2f}x,"
        f" {statistics.median(again) / usual:.2f}x"
    )
    print(
        f"  the server's first byte after {_spread([one.byte for one in opened])}; it answers keys"
        f" after {_spread([one.ready for one in opened])}; longest task {_spread(tasks)},"
        f" at worst {max(tasks):.0f} ms"
    )
    _work(browser, url, cookie)


def _spread(times: Sequence[float]) -> str:
    """The median, and between what half of them lie: a frame is 16 ms."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle:.0f} ms ({low:.0f}–{high:.0f})"


def _warm(url: str, cookie: str) -> None:
    """Each worker of the server has read its templates: they do so once in their life."""
    for _ in range(8):
        with urlopen(Request(url, headers={"Cookie": cookie})) as answer:
            answer.read()


def _work(browser: Browser, url: str, cookie: str) -> None:
    """What one person does on one page."""
    context, page = _page(browser, url, cookie)
    weight = _weight_of(page)
    page.goto(url)
    page.locator("label-desk[data-ready]").wait_for()
    page.wait_for_timeout(1500)
    client = context.new_cdp_session(page)
    client.send("Performance.enable")
    client.send("HeapProfiler.enable")
    client.send("HeapProfiler.collectGarbage")
    heap = _metric(client, "JSHeapUsedSize") / 1e6
    before = _metric(client, "TaskDuration")
    edits = page.evaluate(EDIT, EDITS)
    task = (_metric(client, "TaskDuration") - before) * 1e3 / (3 * EDITS)
    words = ", ".join(f"{name} {took:.1f}" for name, took in edits.items())
    page.evaluate(KEYS)
    page.locator("article").focus()
    page.keyboard.press("w")
    for stroke in range(STROKES):
        page.keyboard.press(("ArrowRight", "1", "w")[stroke % 3])
        page.wait_for_timeout(60 + stroke)  # anywhere between two frames
    keys, busy = zip(*page.evaluate("keyTimes"), strict=True)
    print(
        f"  one span: {words} ms of script and layout, {task:.1f} ms of main thread in all;"
        f" key to paint {_spread(keys)}, of which {statistics.median(busy):.0f} are work;"
        f" heap {heap:.1f} MB"
    )
    for when, one in zip(("to open the desk", "a moment later"), weight(), strict=True):
        print(
            f"  scripts and styles {when}: {one.came / 1e3:.1f} kB as they came"
            f" ({one.brotli / 1e3:.1f} with brotli, {one.gzip / 1e3:.1f} with gzip)"
        )
    context.close()


@dataclass(slots=True)
class Weight:
    """Bytes of scripts and styles: as the server sent them, and with either packing."""

    came: int = 0
    brotli: int = 0
    gzip: int = 0

    def add(self, content: bytes, came: int | None = None) -> None:
        """What stands inside the page comes as the page does: with gzip."""
        packed = len(gzip.compress(content))
        self.came += packed if came is None else came
        self.brotli += len(brotli.compress(content))
        self.gzip += packed


def _weight_of(page: Page) -> Callable[[], tuple[Weight, Weight]]:
    """How much scripts and styles weigh, once the page has them: those that come inside it or that
    it needs to open, and those that it fetches once it is open."""
    answers: dict[str, Response] = {}
    page.on("response", lambda answer: answers.update({answer.url: answer}))

    def weight() -> tuple[Weight, Weight]:
        opening, later = Weight(), Weight()
        for url, answer in answers.items():
            kind = answer.request.resource_type
            if kind == "document":
                for part in INSIDE.findall(answer.text()):
                    opening.add(part.encode())
            elif kind in ("script", "stylesheet"):
                of = later if "/js/later." in url else opening
                of.add(answer.body(), answer.request.sizes()["responseBodySize"])
        return opening, later

    return weight


def _metric(client: Any, name: str) -> float:
    found = client.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == name))


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds until a person sees text and spans, without and with what the browser keeps of
    a first visit; and of the next article's answer the first byte, of the first visit until keys
    are answered, and its longest task."""

    shown: float
    again: float
    byte: float
    ready: float
    longest: float


def _open(browser: Browser, url: str, cookie: str) -> Opened:
    context, page = _page(browser, url, cookie)
    shown = _seen(page, url)
    ready = float(page.evaluate("readyAt"))
    longest = float(page.evaluate("Math.max(0, ...longTasks)"))
    following = context.new_page()
    again = _seen(following, url)
    byte = float(following.evaluate("performance.getEntriesByType('navigation')[0].responseStart"))
    context.close()
    return Opened(shown, again, byte, ready, longest)


def _seen(page: Page, url: str, settled: float = SETTLED) -> float:
    page.goto(url, wait_until="commit")
    page.wait_for_timeout(settled)
    return float(page.evaluate("shownAt"))


def _first_paint(browser: Browser, url: str) -> float:
    context, page = _page(browser, url, "")
    paint = _seen(page, url, PLAIN)
    context.close()
    return paint


def _page(browser: Browser, url: str, cookie: str) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    for name, _, value in (part.partition("=") for part in cookie.split("; ") if part):
        context.add_cookies([{"name": name, "value": value, "url": url}])
    return context, context.new_page()


@contextmanager
def _plain(text: str) -> Iterator[str]:
    """A page with the text in paragraphs and nothing else, at this address."""
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    body = f"<!doctype html><meta charset=utf-8><title>.</title>{paragraphs}".encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


if __name__ == "__main__":
    main()
