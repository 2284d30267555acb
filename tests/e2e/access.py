"""What axe finds wrong with a page."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


# All rules run; but what passed is neither described nor carried over: it was most of the time. A
# button on its way from one theme's colours to another's has neither.
RUN = """async () => {
  const moving = document.getAnimations().filter(({ effect, playState }) => playState === "running" &&
    Number.isFinite(effect.getComputedTiming().endTime));
  await Promise.allSettled(moving.map((one) => one.finished));
  return (await axe.run({ preload: false, resultTypes: ["violations"] })).violations
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong, best practice included, each with its first element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    found: list[str] = page.evaluate(RUN)
    return found
