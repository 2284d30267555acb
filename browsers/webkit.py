"""WebKit, Safari's engine, in GNOME's small browser, through the driver that comes with it."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from typing import Any
from urllib.error import HTTPError, URLError

from browsers.driving import HEIGHT, SECONDS, WIDTH, Browser, Failed, NoBrowser, end, free_port

_PROGRAM = "WebKitWebDriver"
_SCREEN = ("xvfb-run", "-a", "-s", f"-screen 0 {WIDTH + 200}x{HEIGHT + 200}x24")
_BARE = {
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # it shows nothing but our own pages
}
_VERBS = {
    "navigate": ("POST", "/url"),
    "execute": ("POST", "/execute/sync"),
    "actions": ("POST", "/actions"),
    "screenshot": ("GET", "/screenshot"),
}


class WebKit(Browser):
    name = "WebKitGTK"

    def __init__(self) -> None:
        for program, package in ((_PROGRAM, "webkit2gtk-driver"), ("xvfb-run", "xvfb")):
            if shutil.which(program) is None:
                raise NoBrowser(f"no {program} on PATH (on Debian: apt-get install {package})")
        self._url = f"http://127.0.0.1:{free_port()}"
        self._process = subprocess.Popen(
            [*_SCREEN, _PROGRAM, f"--port={self._url.rpartition(':')[2]}"],
            env=os.environ | _BARE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            about = self._begun()
        except NoBrowser:
            end(self._process)
            raise
        self.version = about["capabilities"]["browserVersion"]
        self._url += f"/session/{about['sessionId']}"
        self._ask("POST", "/window/rect", {"width": WIDTH, "height": HEIGHT})

    def command(self, verb: str, **parameters: Any) -> Any:
        method, path = _VERBS[verb]
        return self._ask(method, path, parameters)

    def close(self) -> None:
        end(self._process)

    def _begun(self) -> Any:
        """A session, as soon as the driver answers. Raises NoBrowser."""
        last = time.monotonic() + SECONDS
        while True:
            try:
                return self._ask("POST", "/session", {"capabilities": {}})
            except URLError as error:
                if time.monotonic() > last:
                    raise NoBrowser(f"{_PROGRAM} did not answer: {error}") from error
                time.sleep(0.2)
            except Failed as error:
                raise NoBrowser(f"{self.name} did not start: {error}") from error

    def _ask(self, method: str, path: str, parameters: dict[str, Any]) -> Any:
        data = json.dumps(parameters).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise Failed(f"{path}: {json.load(error)['value']['message']}") from error
