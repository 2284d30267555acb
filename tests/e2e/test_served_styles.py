"""Style sheets are served without what only their readers need: a browser reads the same rules."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from workbench.styles import stripped_style

pytestmark = pytest.mark.e2e

STATIC = Path(__file__).parents[2] / "annotations" / "static" / "annotations" / "css"
RULES = """text => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return [...sheet.cssRules].map((rule) => rule.cssText).join("\\n")
}"""


def test_every_style_sheet_says_as_it_is_served_what_it_says_as_it_is_written(
    browser: Browser,
) -> None:
    page = browser.new_page()
    for path in sorted(STATIC.rglob("*.css")):
        written = path.read_text(encoding="utf-8")
        rules = [page.evaluate(RULES, text) for text in (written, stripped_style(written))]
        said, served = (re.sub(r"\s*([,\n])\s*", r"\1", text) for text in rules)
        assert served == said, path.name
        assert "{" in said or "@import" in written
    page.close()
