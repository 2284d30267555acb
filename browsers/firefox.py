"""Firefox, through Marionette: the port on which it hears what geckodriver would tell it."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browsers.driving import HEIGHT, SECONDS, WIDTH, Browser, Failed, NoBrowser, end, free_port

NAMES = ("firefox", "firefox-esr")
_VERBS = {
    "navigate": "WebDriver:Navigate",
    "execute": "WebDriver:ExecuteScript",
    "actions": "WebDriver:PerformActions",
    "screenshot": "WebDriver:TakeScreenshot",
}
_SETTINGS = """
user_pref("marionette.port", {port});
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("intl.accept_languages", "en");
"""


class Firefox(Browser):
    name = "Firefox"

    def __init__(self) -> None:
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            raise NoBrowser("no firefox on PATH (on Debian: apt-get install firefox-esr)")
        self._profile = TemporaryDirectory(prefix="kutip-firefox-", ignore_cleanup_errors=True)
        port = free_port()
        Path(self._profile.name, "user.js").write_text(_SETTINGS.format(port=port))
        size = [f"--width={WIDTH}", f"--height={HEIGHT}"]
        options = ["--headless", "--marionette", "--no-remote"]
        self._process = subprocess.Popen(
            [program, *options, "--profile", self._profile.name, *size],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._socket = self._connected(port)
        self._read = self._socket.makefile("rb")
        self._asked = 0
        self._message()  # it greets
        about = self._ask("WebDriver:NewSession", {"strictFileInteractability": True})
        self.version = about["capabilities"]["browserVersion"]
        self._ask("WebDriver:SetWindowRect", {"width": WIDTH, "height": HEIGHT})

    def command(self, verb: str, **parameters: Any) -> Any:
        return self._ask(_VERBS[verb], parameters).get("value")

    def close(self) -> None:
        self._socket.close()
        end(self._process)
        self._profile.cleanup()

    def _connected(self, port: int) -> socket.socket:
        last = time.monotonic() + SECONDS * 3
        while time.monotonic() < last and self._process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=60)
            except OSError:
                time.sleep(0.2)
        end(self._process)
        raise NoBrowser("Firefox did not start")

    def _ask(self, name: str, parameters: dict[str, Any]) -> Any:
        self._asked += 1
        data = json.dumps([0, self._asked, name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(data), data))
        _, _, error, answer = self._message()
        if error:
            raise Failed(f"{name}: {error['message']}")
        return answer or {}

    def _message(self) -> Any:
        """A message is its length in bytes, a colon and JSON."""
        length = b""
        while (byte := self._read.read(1)) != b":":
            if not byte:
                raise Failed("Firefox has gone")
            length += byte
        return json.loads(self._read.read(int(length)))
