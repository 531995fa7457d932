"""A headless Chromium, driven over its DevTools protocol: open a page, read it, run an expression, picture it.

What does not live here: what the pages should say.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 60.0
PAGE_SECONDS = 120.0
"""Long, because the tests may share two cores with others."""
WIDTH, HEIGHT = 1600, 1000
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
"""Where pictures of pages are kept for people to look at; git ignores it."""


class Page:
    """One tab."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._asked = 0
        self.dialogs: list[str] = []
        self.ask("Page.enable")
        self.ask("Runtime.enable")
        self.size(WIDTH, HEIGHT)

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """The answer to a command of the protocol. A dialog that a script opens meanwhile is noted and closed."""
        self._asked += 1
        asked = self._asked
        self._connection.send(json.dumps({"id": asked, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._connection.recv(timeout=PAGE_SECONDS))
            if said.get("method") == "Page.javascriptDialogOpening":
                self.dialogs.append(said["params"]["message"])
                self._connection.send(
                    json.dumps({"id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}})
                )
            if said.get("id") == asked:
                assert "error" not in said, said["error"]
                result: dict[str, Any] = said["result"]
                return result

    def size(self, width: int, height: int) -> None:
        """The size of the window in pixels."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, address: str) -> None:
        """Go to an address; what it says may come later (:meth:`wait_for`)."""
        self.ask("Page.navigate", url=address)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        said = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    @property
    def text(self) -> str:
        """What a person can read on the page."""
        return str(self.value("document.body ? document.body.innerText : ''"))

    def wait_for(self, *words: str, seconds: float = PAGE_SECONDS) -> str:
        """Wait until the page says all of `words`, in any case: what it says then. Fails with what it says instead."""
        end = time.monotonic() + seconds
        while True:
            said = self.text
            missing = [word for word in words if word.lower() not in said.lower()]
            if not missing:
                return said
            assert time.monotonic() < end, f"the page never said {missing}, but: {said[:3000]}"
            time.sleep(0.3)

    def wait_until(self, expression: str, seconds: float = PAGE_SECONDS) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + seconds
        while not self.value(expression):
            assert time.monotonic() < end, f"never true: {expression}; the page says: {self.text[:3000]}"
            time.sleep(0.3)

    def click(self, words: str) -> None:
        """Click the smallest element that says exactly `words`, once there is one."""
        found = (
            "[...document.querySelectorAll('a,button,span,div')].filter(e => e.innerText?.trim() === "
            f"{json.dumps(words)}).sort((a, b) => a.innerHTML.length - b.innerHTML.length)[0]"
        )
        self.wait_until(f"!!({found})")
        self.value(f"({found}).click()")

    def picture(self, name: str) -> Path:
        """Keep what the window shows as a PNG for people to look at, and print where."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        time.sleep(1.0)  # dialogs fade in
        path = SCREENSHOTS / f"{name}.png"
        path.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))
        print(f"screenshot: {path}")
        return path


@contextmanager
def chromium(profile: Path) -> Iterator[Page]:
    """A Chromium of its own, with an empty profile in that folder. Skips the test where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no Chromium: none of {', '.join(NAMES)} on PATH (Debian: apt-get install chromium)")
    process = subprocess.Popen(
        [
            program,
            *("--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run"),
            *("--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"),
            # The pages are our own; Chromium refuses its sandbox to root, whom containers run tests as.
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        address = _address(process, profile)
        with connect(address, max_size=None, open_timeout=START_SECONDS) as connection:
            yield Page(connection)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _address(process: "subprocess.Popen[bytes]", profile: Path) -> str:
    """Where the tab listens, once Chromium has written its port down."""
    end, written = time.monotonic() + START_SECONDS, profile / "DevToolsActivePort"
    while not (written.exists() and len(written.read_text().splitlines()) == 2):
        assert process.poll() is None, f"Chromium ended with {process.returncode}"
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.1)
    port = written.read_text().split()[0]
    listed = f"http://127.0.0.1:{port}/json/list"
    while True:
        with urllib.request.urlopen(listed, timeout=START_SECONDS) as response:
            pages = [one for one in json.load(response) if one["type"] == "page"]
        if pages:
            return str(pages[0]["webSocketDebuggerUrl"])
        assert time.monotonic() < end, "Chromium opened no tab"
        time.sleep(0.1)
