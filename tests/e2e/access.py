"""What axe finds wrong with a page."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def violations(page: Page) -> list[str]:
    """What axe finds wrong, best practice included, each with its first element."""
    page.evaluate(axe())
    results: dict[str, Any] = page.evaluate("axe.run({ preload: false })")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in results["violations"]]
