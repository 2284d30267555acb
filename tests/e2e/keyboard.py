"""A person at the labelling desk with a keyboard and no mouse, whose keys are counted.

Only keys change anything. What is read of the page is what a person sees there: where the word
cursor stands, what is selected, what a list offers, what has the focus.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

LABELS = {"ACTOR": "1", "QUOTE": "2", "CUE": "3", "STANCE": "4", "TARGET": "5"}
POLARITIES = {"favor": "+", "against": "-", "neutral": "0"}
WITH_SHIFT = frozenset('~!@#$%^&*()_+{}|:"<>?')
MODIFIERS = frozenset({"Alt", "Control", "Shift"})
SAFE_IN_QUERIES = "!'()*"
A_MOMENT = 40
"""In milliseconds: what the page needs to show what has arrived."""
PATIENCE = 200
"""So many presses, or moments of waiting, are too many: the person would have given up."""


class Keyboard:
    """Counts like a strict secretary: every character written is a key, a capital and a sign such
    as @ also a Shift, and a modifier is counted anew unless the key before it held it already.
    Nothing is ever pasted."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: frozenset[str] = frozenset()
        self.count = 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other; "ArrowRight*3" three times."""
        for key in keys:
            name, _, times = key.partition("*")
            for _ in range(int(times or 1)):
                self._page.keyboard.press(name)
                self._counted(name)

    def write(self, words: str) -> None:
        self._page.keyboard.type(words)
        for character in words:
            self._counted(f"Shift+{character}" if character.isupper() else character)

    def _counted(self, key: str) -> None:
        *modifiers, name = key.split("+") if len(key) > 1 else [key]
        held = MODIFIERS & {*modifiers, *(["Shift"] if name in WITH_SHIFT else [])}
        self.count += 1 + len(held - self._held)
        self._held = held


class Analyst:
    """Labels an open article, in the words of the trade."""

    def __init__(self, page: Page) -> None:
        self.keys = Keyboard(page)
        self.keys_of: dict[str, int] = {}
        self._page = page

    @contextmanager
    def at_work_on(self, case: str) -> Iterator[None]:
        """What is pressed meanwhile is counted as this case's."""
        before = self.keys.count
        yield
        self.keys_of[case] = self.keys_of.get(case, 0) + self.keys.count - before

    # --- coming and going

    def come_to_the_article(self) -> None:
        self._press_until("Tab", lambda: self._read("document.activeElement.tagName") == "ARTICLE")

    def submit(self) -> None:
        """Submit, whatever is only worth a look, and stay to read what was done."""
        self.keys.press("Control+Enter")
        self._answer("Submit")
        self._until("document.activeElement.textContent.includes('Next article')")
        self._answer("Stay here")

    # --- spans

    def accept(self, label: str, start: int) -> None:
        """Accept what the machine suggests here, with the cue and the speaker of a quote."""
        here = [label, start]
        self._press_until(".", lambda: self._place_of("desk.assisting.suggesting.current") == here)
        self.keys.press("a")

    def select(self, label: str, start: int) -> None:
        """Go to a span that is there already, whichever way is shorter."""
        steps = self._steps("desk.selected", label, start)
        self.keys.press(*["j" if steps > 0 else "k"] * abs(steps))
        self._expect_selected(label, start)

    def mark(
        self,
        label: str,
        start: int,
        end: int,
        *,
        begin: tuple[str, ...] = ("w",),
        to: tuple[str, ...] = (),
    ) -> None:
        """Put the word cursor on these code points and label them. It starts behind the span that
        is selected, or as `begin` says; it walks by words, and reaches the end as `to` says."""
        self.keys.press(*begin)
        if to:
            self._walk(0, start)
            self.keys.press(*to)
        elif self._cursor()[1] >= end:
            self._walk(1, end)
            self._press_until("Shift+ArrowLeft", lambda: self._cursor()[0] <= start)
        else:
            self._walk(0, start)
            self._press_until("Shift+ArrowRight", lambda: self._cursor()[1] >= end)
        if self._cursor() != [start, end]:
            raise AssertionError(f"the cursor stands on {self._cursor()}, not {[start, end]}")
        self.keys.press(LABELS[label])
        self._expect_selected(label, start)

    def trim_start(self, start: int) -> None:
        """The selected span begins later, word by word."""
        self._press_until("]", lambda: self._read("desk.span.fragments[0][0]") >= start)

    # --- values

    def set(self, **values: str) -> None:
        """Give the selected span these values, in the order of the inspector. What it has already
        stays; the first attribute alone is cycled by one key where that is quicker."""
        wanted = {name: value for name, value in values.items() if not self._has(name, value)}
        if not wanted:
            return
        cycles = self._cycles_to(wanted)
        if 0 < cycles <= len(("Enter", "digit", "Escape")):
            self.keys.press(f"m*{cycles}")
        else:
            self._choose_in_inspector(wanted)
        missed = [name for name, value in values.items() if not self._has(name, value)]
        if missed:
            raise AssertionError(f"{missed} were not set")

    def lean(self, polarity: str) -> None:
        """The selected stance is for, against, or neutral."""
        self.keys.press(POLARITIES[polarity])

    def flag_with_note(self, words: str) -> None:
        """Unsure, and why. Esc keeps the note as Enter does, and comes back to the article."""
        self.keys.press("f", "c")
        self.keys.write(words)
        self.keys.press("Escape")

    # --- relations

    def link(self, label: str, start: int, role: str = "") -> None:
        """Join the selected span with that one; `role` where several are possible."""
        self.keys.press("l")
        steps = self._steps("desk.linking?.to", label, start, among="desk.linking.fits(one.id)")
        self.keys.press(*["j" if steps > 0 else "k"] * abs(steps))
        self._offered(label, start)
        self._finish_link(role)

    def relay_article_by(self, start: int) -> None:
        """The whole article comes via this actor: with nothing selected, its roles are in reach."""
        self.keys.press("Escape")
        self._press_until("Tab", partial(self._is_at, "link-VIA"))
        self.keys.press("Enter")
        self._press_until("j", lambda: self._place_of("desk.linking?.to") == ["ACTOR", start])
        self._finish_link("")

    def _finish_link(self, role: str) -> None:
        self.keys.press("Enter")
        self._until("document.querySelector('dialog[open]') || !desk.linking")
        if role:
            self._answer(f"— {role} →")
        self._until("!desk.linking && !document.querySelector('dialog[open]')")

    # --- the registry

    def means(self, name: str, *, written: str = "") -> None:
        """The selected span means somebody who is known. Names are found by the words of the span
        themselves; for a pronoun one writes some letters."""
        self._look_up(written)
        self._take(lambda option: option.startswith(name))
        self._until("desk.span.entity && document.activeElement.tagName === 'ARTICLE'")

    def means_new(self, kind: str, *, name: str = "", remember: bool = False) -> None:
        """The selected span means somebody new: named as the text says, or by `name`, and then
        maybe remembered by the words of the text as well."""
        if name:
            self._look_up(name)
            self._take(lambda option: option.startswith("+") and f"\u2068{name}\u2069" in option)
        else:
            self.keys.press("n")
        self._take(lambda option: option == kind, remember=remember)
        self._until("desk.span.entity && document.activeElement.tagName === 'ARTICLE'")

    def offers(self) -> list[str]:
        """The names that the open list of the registry shows."""
        options: list[str] = self._read(
            "[...document.querySelectorAll('.picker-pop:not([hidden]) [role=option]')]"
            ".map(option => option.textContent)"
        )
        return options

    def _look_up(self, words: str) -> None:
        """Open the registry and write, and wait until it shows what it knows of these words."""
        asked = f"?q={quote(words, safe=SAFE_IN_QUERIES)}"
        with self._page.expect_response(
            lambda response: response.url.endswith(asked) if words else "?q=" in response.url
        ):
            self.keys.press("@")
            self.keys.write(words)
        self._page.wait_for_timeout(A_MOMENT)

    def _take(self, is_meant: Callable[[str], bool], *, remember: bool = False) -> None:
        """Go to an option of the open list, whichever way is shorter, and choose it; `remember`:
        with the tick that keeps the words of the text as an alias."""
        self._wait(lambda: any(map(is_meant, self.offers())))
        options = self.offers()
        wanted = next(number for number, one in enumerate(options) if is_meant(one))
        at: int = self._read(
            "[...document.querySelectorAll('.picker-pop:not([hidden]) [role=option]')]"
            ".findIndex(option => option.ariaSelected === 'true')"
        )
        down = wanted - at  # from none, the first is one step down
        up = len(options) - wanted + max(at, 0)
        self.keys.press(f"ArrowDown*{down}" if down <= up else f"ArrowUp*{up}")
        if remember:
            self._press_until(
                "Tab", lambda: self._read("document.activeElement.type === 'checkbox'")
            )
            self.keys.press(" ")
        self.keys.press("Enter")

    # --- what a person sees, and how the fingers follow

    def _walk(self, side: int, wanted: int) -> None:
        """Word by word until the cursor begins (0) or ends (1) there."""
        key = "ArrowRight" if self._cursor()[side] < wanted else "ArrowLeft"
        self._press_until(key, lambda: self._cursor()[side] == wanted)

    def _choose_in_inspector(self, values: dict[str, str]) -> None:
        self.keys.press("Enter")
        for name, value in values.items():
            self._press_until("Tab", partial(self._is_at, f"{name}="))
            self.keys.press(str(self._choices().index(f"{name}={value}") + 1))
        self.keys.press("Escape")

    def _cycles_to(self, values: dict[str, str]) -> int:
        """How often M leads to this one value; 0 when it does not."""
        first = "desk.schema.label(desk.span.label).attributes[0]"
        [name, *more] = values
        if more or self._read(f"{first}.key") != name:
            return 0
        known: list[str] = self._read(f"desk.schema.valuesOf({first})")
        now = self._value(name)
        return max(known.index(values[name]) - (known.index(now) if now else -1), 0)

    def _has(self, name: str, value: str) -> bool:
        return self._value(name) == value

    def _value(self, name: str) -> str:
        value: str = self._read(f"String(desk.span.attributes.{name} ?? '')")
        return value

    def _choices(self) -> list[str]:
        names: list[str] = self._read(
            "[...document.activeElement.closest('.choices').children].map(b => b.dataset.focus)"
        )
        return names

    def _answer(self, words: str) -> None:
        """Give a dialog this answer; what stands ready is taken by Enter alone."""
        self._until("document.querySelector('dialog[open]')")
        focused = "document.activeElement.textContent"
        buttons: list[str] = self._read(
            "[...document.querySelectorAll('dialog[open] form button')].map(b => b.textContent)"
        )
        at = buttons.index(self._read(focused))
        to = next(number for number, one in enumerate(buttons) if words in one)
        self.keys.press(*["Tab" if to > at else "Shift+Tab"] * abs(to - at))
        if words not in self._read(focused):
            raise AssertionError(f"{words} was not reached")
        self.keys.press("Enter")

    def _steps(self, where: str, label: str, start: int, among: str = "true") -> int:
        """How many spans on (or, negative, back) from one to another in reading order."""
        steps: int | None = self._read(
            f"""(() => {{
              const order = desk.session.inOrder.filter(one => one.id === ({where}) || {among})
              const to = order.findIndex(
                ({{ label, fragments }}) => label === "{label}" && fragments[0][0] === {start})
              const at = order.findIndex(({{ id }}) => id === ({where}))
              return to < 0 || at < 0 ? null : to - at
            }})()"""
        )
        if steps is None:
            raise AssertionError(f"no way to {label} {start}")
        return steps

    def _expect_selected(self, label: str, start: int) -> None:
        if self._place_of("desk.selected") != [label, start]:
            raise AssertionError(f"{self._place_of('desk.selected')}, not {label} {start}")

    def _offered(self, label: str, start: int) -> None:
        if self._place_of("desk.linking?.to") != [label, start]:
            raise AssertionError(f"{self._place_of('desk.linking?.to')}, not {label} {start}")

    def _place_of(self, what: str) -> list[object] | None:
        """The label and the beginning of a span, known by its id, or of a suggestion."""
        place: list[object] | None = self._read(
            f"""(found => {{
              const one = typeof found === "string" ? desk.session.span(found) : found
              return one ? [one.label, one.fragments[0][0]] : null
            }})({what})"""
        )
        return place

    def _cursor(self) -> list[int]:
        stands: list[int] = self._read("desk.text.target")
        return stands

    def _is_at(self, place: str) -> bool:
        """Whether what has the focus is called so, or begins so."""
        focused: str = self._read("document.activeElement.dataset.focus ?? ''")
        return focused.startswith(place)

    def _press_until(self, key: str, is_done: Callable[[], bool]) -> None:
        for _ in range(PATIENCE):
            if is_done():
                return
            self.keys.press(key)
        raise AssertionError(f"{key} leads nowhere")

    def _until(self, expression: str) -> None:
        self._wait(lambda: bool(self._read(expression)))

    def _wait(self, is_so: Callable[[], bool]) -> None:
        """As long as the eye waits for the page."""
        for _ in range(PATIENCE):
            if is_so():
                return
            self._page.wait_for_timeout(A_MOMENT)
        raise AssertionError("the page did not follow")

    def _read(self, expression: str) -> Any:
        return self._page.evaluate(
            f"() => {{ const desk = document.querySelector('label-desk'); return {expression} }}"
        )
