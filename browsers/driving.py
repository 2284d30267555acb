"""A browser, driven as the WebDriver standard says, and a person who sits before it."""

import base64
import contextlib
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

SECONDS = 20
"""How long a page may take to do what is waited for."""

WIDTH, HEIGHT = 1280, 900
_KEYS = {
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Delete": "\ue017",
}
T = TypeVar("T")


class NoBrowser(RuntimeError):
    """This browser is not installed here, or does not start."""


class Failed(RuntimeError):
    """The browser did not do what it was told, or the page what was waited for."""


class Browser(ABC):
    """One window of a browser of its own, without any history."""

    name: str
    version: str

    @abstractmethod
    def command(self, verb: str, **parameters: Any) -> Any:
        """What a command of the standard answers."""

    @abstractmethod
    def close(self) -> None:
        """The browser is gone, and its profile."""

    def open(self, url: str) -> None:
        self.command("navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function returns; it finds its arguments in `arguments`."""
        return self.command("execute", script=script, args=list(arguments))

    def picture(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.command("screenshot")))


class Person:
    """What a person does before a browser, and sees there."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.see = browser.run

    # --- keys

    def press(self, *keys: str) -> None:
        """Keys one after the other; "Shift+a" holds the first meanwhile, "ArrowRight*3" three times."""
        for key in keys:
            name, _, times = key.partition("*")
            for _ in range(int(times or 1)):
                self._perform(_key_source(name))

    def write(self, words: str) -> None:
        for letter in words:
            self.press(letter)

    # --- the mouse

    def click(self, selector: str, text: str = "") -> None:
        """The first shown element of a selector, whose text holds these words."""
        element = self.wait(lambda: self._shown(selector, text), f"{selector} {text}".strip())
        self.click_at(element[0], element[1])

    def click_at(self, x: int, y: int, times: int = 1) -> None:
        pressed = [_DOWN, _UP] * times
        self._perform(_pointer_source([_move(x, y), *pressed]))

    def drag(self, start: Sequence[int], end: Sequence[int], held: str = "") -> None:
        """From one point to another, in a few steps, as a hand does."""
        (x, y), (to_x, to_y) = start, end
        steps = [_move(x + (to_x - x) * n // 4, y + (to_y - y) * n // 4) for n in range(1, 5)]
        acts = [_move(x, y), _DOWN, *steps, _UP]
        if not held:
            self._perform(_pointer_source(acts))
            return
        waiting: list[dict[str, Any]] = [{"type": "pause"}] * len(acts)
        keys = [{"type": "keyDown", "value": _KEYS[held]}, *waiting]
        self._perform(
            {"type": "key", "id": "keys", "actions": [*keys, {**keys[0], "type": "keyUp"}]},
            _pointer_source([{"type": "pause"}, *acts]),
        )

    # --- waiting

    def until(self, expression: str, *arguments: Any) -> Any:
        """What an expression is, once it is anything."""
        return self.wait(lambda: self.see(f"return {expression}", *arguments), expression)

    def wait(self, look: Callable[[], T], what: str) -> T:
        end = time.monotonic() + SECONDS
        while not (seen := look()):
            if time.monotonic() > end:
                raise Failed(f"waited in vain for: {what}")
            time.sleep(0.05)
        return seen

    def _shown(self, selector: str, text: str) -> list[int] | None:
        """Where the middle of an element is, brought into sight."""
        middle: list[int] | None = self.see(_MIDDLE, selector, text)
        return middle

    def _perform(self, *sources: dict[str, Any]) -> None:
        self.browser.command("actions", actions=list(sources))


_MIDDLE = """
const [selector, text] = arguments
const one = [...document.querySelectorAll(selector)].find(
  (one) => one.textContent.includes(text) && one.getClientRects().length)
if (!one) return null
one.scrollIntoView({ block: "nearest" })
const { left, top, width, height } = one.getBoundingClientRect()
return [Math.round(left + width / 2), Math.round(top + height / 2)]
"""

_DOWN = {"type": "pointerDown", "button": 0}
_UP = {"type": "pointerUp", "button": 0}


def _move(x: int, y: int) -> dict[str, Any]:
    return {"type": "pointerMove", "x": x, "y": y, "duration": 20, "origin": "viewport"}


def _pointer_source(acts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "pointer",
        "id": "mouse",
        "parameters": {"pointerType": "mouse"},
        "actions": acts,
    }


def _key_source(name: str) -> dict[str, Any]:
    *held, key = name.split("+") if len(name) > 1 else [name]
    values = [_KEYS.get(one, one) for one in (*held, key)]
    down = [{"type": "keyDown", "value": value} for value in values]
    up = [{"type": "keyUp", "value": value} for value in reversed(values)]
    return {"type": "key", "id": "keys", "actions": down + up}


def end(process: "subprocess.Popen[bytes]") -> None:
    """The program and all that it began are gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
