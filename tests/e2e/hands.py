"""An analyst at the desk with a keyboard and nothing else, who counts every key.

They see where the word cursor stands and what is selected, as anyone does on the screen: that is all
that is read of the page.
"""

from typing import Any

from playwright.sync_api import Page

FINER = ("paragraph", "sentence", "word", "character")
KEYS = {
    "paragraph": ("Control+ArrowDown", "Control+ArrowUp"),
    "sentence": ("Control+ArrowRight", "Control+ArrowLeft"),
    "word": ("ArrowRight", "ArrowLeft"),
    "character": ("Alt+ArrowRight", "Alt+ArrowLeft"),
}
EXTEND = {
    "sentence": ("Control+Shift+ArrowRight", "Control+Shift+ArrowLeft"),
    "word": ("Shift+ArrowRight", "Shift+ArrowLeft"),
    "character": ("Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"),
}
LABELS = {"ACTOR": "1", "QUOTE": "2", "CUE": "3", "STANCE": "4", "TARGET": "5"}
MOST_STEPS = 400
NEAR = 60
"""So far away, in code points, one goes by words rather than by sentences and back."""


class Hands:
    """`pressed` counts the keys; a key with modifiers is one."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1

    def write(self, words: str) -> None:
        self._page.keyboard.type(words)
        self.pressed += len(words)

    def mark(self, label: str, *fragments: tuple[int, int]) -> None:
        """Label these stretches as one span, which is selected then."""
        self._choose(*fragments[0])
        self.press(LABELS[label])
        for fragment in fragments[1:]:
            self._choose(*fragment)
            self.press("+")

    def value(self, attribute: str, value: str) -> None:
        """Give the selected span this value, in the inspector."""
        self.press("Enter")
        for _ in range(MOST_STEPS):
            focused = self._read("document.activeElement.dataset.focus ?? ''")
            if focused.partition("=")[0] == attribute:
                break
            self.press("Tab")
        values = self._read(
            "[...document.activeElement.closest('.choices').children].map(b => b.dataset.focus)"
        )
        self.press(str(values.index(f"{attribute}={value}") + 1), "Escape")

    def link(self, label: str, start: int, role: str = "") -> None:
        """Link the selected span with the one of this label that begins here."""
        self.press("l")
        self._step_to(label, start, "desk.linking?.to")
        self.press("Enter")
        self._until(_ASKED_OR_LINKED)
        if self._page.locator("dialog[open]").count():
            for _ in range(MOST_STEPS):
                if role in self._read("document.activeElement.textContent"):
                    break
                self.press("Tab")
            self.press("Enter")
            self._until(_LINKED)

    def select(self, label: str, start: int) -> None:
        """Select a span that is there."""
        self._step_to(label, start, "desk.selected")

    def _step_to(self, label: str, start: int, what: str) -> None:
        """Go by j and k to the span of this label that begins here; of several that begin there,
        on in the direction one came from, and back when that led beyond."""
        seen: set[tuple[str, int]] = set()
        for _ in range(MOST_STEPS):
            now = self._read(f"(({_SPAN})({what}))")
            if now == [label, start]:
                return
            at = (now[0], now[1]) if now else ("", -1)
            here_again = at[1] == start and at in seen
            seen.add(at)
            self.press("k" if at[1] > start or here_again else "j")
        raise AssertionError(f"{label} {start} was not reached")

    def entity(self, name: str, kind: str = "") -> None:
        """Link the selected span to an entity: one that is there, or a new one of this kind."""
        self.press("n" if kind else "@")
        if kind:
            option = self._page.get_by_role("option", name=kind)
        else:
            self.write(name)
            option = self._page.get_by_role("option", name=name)
        option.first.wait_for()
        for _ in range(MOST_STEPS):
            chosen = self._page.locator("[role=option][aria-selected=true]")
            if chosen.count() and (kind or name) in chosen.first.inner_text():
                break
            self.press("ArrowDown")
        self.press("Enter")
        self._until("desk.span?.entity")
        if self._read("document.activeElement.tagName") != "ARTICLE":
            self.press("Escape")

    # where things are ---------------------------------------------------------------------------

    def _choose(self, start: int, end: int) -> None:
        """The word cursor covers exactly this."""
        if self._at() is None:
            self.press("w")
        self._go(start)
        self._extend(end)

    def _go(self, start: int) -> None:
        near = abs(self._where()[0] - start) < NEAR
        for unit in FINER[2:] if near else FINER:
            forth, back = KEYS[unit]
            self._approach(start, forth, back, 0)
            if unit == "sentence" and self._where()[0] != start:
                self.press("Home")
        assert self._where()[0] == start, (self._where(), start)

    def _extend(self, end: int) -> None:
        start, stands = self._where()
        if stands > end:  # inside a word: from its first character on
            self.press("Alt+ArrowLeft", "Alt+ArrowRight")
        for unit, (forth, back) in EXTEND.items():
            if unit == "sentence" and end - start < 60:
                continue
            self._approach(end, forth, back, 1)
        assert self._where() == [start, end], (self._where(), start, end)

    def _approach(self, wanted: int, forth: str, back: str, side: int) -> None:
        """Press one way as long as it leads nearer and not beyond; a step too far is taken back."""
        for _ in range(MOST_STEPS):
            before = self._where()
            if before[side] == wanted:
                return
            key, other = (forth, back) if before[side] < wanted else (back, forth)
            self.press(key)
            after = self._where()
            if after == before:
                return
            beyond = (after[side] > wanted) == (key == forth) and after[side] != wanted
            if beyond and "Alt" not in key:  # by characters one goes back all the way
                self.press(other)
                return

    def _where(self) -> list[int]:
        at = self._at()
        assert at is not None
        return at

    def _at(self) -> list[int] | None:
        found: list[int] | None = self._read("desk.text.target")
        return found

    def _until(self, expression: str) -> None:
        """As long as a person takes to lift the finger, and longer."""
        for _ in range(MOST_STEPS):
            if self._read(expression):
                return
            self._page.wait_for_timeout(10)
        raise AssertionError(f"never: {expression}")

    def _read(self, expression: str) -> Any:
        return self._page.evaluate(
            f"(() => {{ const desk = document.querySelector('label-desk'); return {expression} }})()"
        )


_SPAN = """id => {
  const span = desk.session.span(id)
  return span ? [span.label, span.fragments[0][0]] : null
}"""
_LINKED = "!desk.linking && !document.querySelector('dialog[open]')"
_ASKED_OR_LINKED = f"document.querySelector('dialog[open]') || ({_LINKED})"
