"""A real `kezek serve` on a free loopback port, and tablets: pages of one headless Chromium.

The pages are opened at http://kezek.test, which Chromium maps to loopback: as on a hall's LAN, that is no secure
context, so nothing that browsers keep for https may be needed.
"""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

ROSTER: Final = Path(__file__).parents[2] / "appliance/roster/sample/roster.csv"
KEZEK: Final = (sys.executable, "-m", "appliance")
CHROMIUM: Final = Path("/usr/bin/chromium")
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP kezek.test 127.0.0.1",
)
TABLET: Final = (1280, 800)
PHONE: Final = (390, 844)
WATCH_POLICY: Final = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Appliance:
    """A server process over one data folder; it can be killed and started again on the same port."""

    data: Path
    port: int
    tokens: dict[str, str]
    speed: str = "1"
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://kezek.test:{self.port}"

    def start(self) -> None:
        command = [*KEZEK, "serve", "--data", str(self.data), "--port", str(self.port), "--speed", self.speed]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "serving on" in line:
                return
        pytest.fail("the server did not start: " + "".join(said))

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        if self.process:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(10)
        self.process.stderr.close()
        self.process = None

    def call(self, method: str, path: str, role: str = "supervisor", **body: Any) -> Any:
        """Do something as another client would."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        url = f"http://127.0.0.1:{self.port}/api/v1{path}"
        answer = httpx.request(method, url, headers=headers, json=body if method == "POST" else None)
        assert answer.is_success, answer.text
        return answer

    def issue(self, *services: str, **more: Any) -> list[str]:
        """Issue a visit's tickets and return their numbers."""
        visit = self.issue_visit(*services, **more)
        return [ticket["number"] for ticket in visit["tickets"]]

    def issue_visit(self, *services: str, **more: Any) -> dict[str, Any]:
        return self.call("POST", "/visits", "device", services=services, **more).json()

    def desk(self, desk: str = "К1") -> dict[str, Any]:
        return self.call("GET", f"/desks/{desk}").json()

    def facts(self, kind: str) -> list[dict[str, Any]]:
        """Return what the journal says of one kind of fact."""
        lines = self.call("GET", "/journal").text.splitlines()
        return [entry["data"] for entry in map(json.loads, lines) if entry["type"] == kind]


@dataclass
class Tablet:
    """A page, and everything wrong that the browser said about it. `expected`: what a test provokes."""

    page: Page
    appliance: Appliance
    said: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.appliance.url + path)
        return self.page

    def open_desk(self, role: str = "operator") -> Page:
        """Open the operator's page by the link that `kezek token --link` prints."""
        return self.open(f"/operator#{self.appliance.tokens[role]}")

    def listen(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.said.append(message.text)

    def check(self) -> None:
        surprises = [text for text in self.said if not any(re.search(one, text) for one in self.expected)]
        assert not surprises, surprises


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("there is no Chromium here: make setup-dev installs it, or names the line to type")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data folder with the sample roster and tokens, made once and copied for each test."""
    data = tmp_path_factory.mktemp("seed")
    (data / "kezek.toml").write_text('[server]\nhost = "127.0.0.1"\nstreams = 8\n')
    run(data, "roster", "load", str(ROSTER))
    tokens = {
        "supervisor": run(data, "token", "--role", "supervisor"),
        "operator": run(data, "token", "--role", "operator", "--desk", "К1"),
        "device": run(data, "token", "--role", "device"),
    }
    return data, tokens


def run(data: Path, *command: str) -> str:
    done = subprocess.run([*KEZEK, *command, "--data", str(data)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def appliance(seed: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Appliance]:
    data = tmp_path / "data"
    shutil.copytree(seed[0], data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    appliance = Appliance(data, port, seed[1])
    appliance.start()
    yield appliance
    appliance.stop()


NewTablet = Callable[..., Tablet]


@pytest.fixture
def new_tablet(browser: Browser, appliance: Appliance) -> Iterator[NewTablet]:
    """Return what unpacks one more tablet: `new_tablet(size, script=False)`."""
    contexts: list[BrowserContext] = []
    tablets: list[Tablet] = []

    def unpack(size: tuple[int, int] = TABLET, *, touch: bool = False, script: bool = True) -> Tablet:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, has_touch=touch, java_script_enabled=script)
        context.set_default_timeout(15_000)
        if script:
            context.add_init_script(WATCH_POLICY)
        contexts.append(context)
        tablet = Tablet(context.new_page(), appliance)
        tablet.listen()
        tablets.append(tablet)
        return tablet

    yield unpack
    for context in contexts:
        context.close()
    for tablet in tablets:
        tablet.check()


@pytest.fixture
def tablet(new_tablet: NewTablet) -> Tablet:
    return new_tablet()
