"""The demonstration force on a real server, once for each database, and a real Chromium in front of it."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from npt.settings import ROOT
from npt.web import assets
from tests.browser.visitor import Visitor
from tests.conftest import Backend, missing
from tests.posting import Mailbox, free_port, mail_server

HERE = Path(__file__).parent
PASSWORD = "lantern orchard 57 kettle"
FEATURES_OFF = (
    # Three pop-ups of the address bar, which nobody sees here: each new window would draw them in a process of its own.
    "WebUIOmniboxPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright turns off by itself. Chromium hears only the last list it is given.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
    # axe is new to each page and soon done: what is spent on making its code fast or on tidying is never paid back.
    "--js-flags=--no-turbofan --min-semi-space-size=64 --max-semi-space-size=128",
    "--lang=en-GB",
)
LONGEST_START = 120


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker for each database, so that its site starts once. First, because xdist reads the groups after."""
    for item in items:
        if HERE in item.path.parents and isinstance(item, pytest.Function):
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group(f"browser-{item.callspec.params['backend']}"))


@dataclass(frozen=True)
class Site:
    """A served demonstration force."""

    address: str
    database: str
    sign_ins: dict[str, str]
    free: list[str]
    """People of the sergeant's team with nothing logged lately. A test that logs somebody takes them out."""
    covered: list[str]
    """The same of the team the sergeant covers, those on duty now first: at least one of them is."""
    url: str
    """Its database, for a server that is set up otherwise."""


@pytest.fixture(scope="package")
def site(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration force, served by a process of its own as a force serves it."""
    if shutil.which("chromium") is None:
        missing("there is no Chromium on this machine")
    assets.build(ROOT)
    url = backend.fresh_copy()
    loading = [sys.executable, "-m", "tests.browser.demonstration", url, PASSWORD]
    loaded = subprocess.run(loading, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert loaded.returncode == 0, loaded.stderr
    known = json.loads(loaded.stdout.splitlines()[-1])
    port = free_port()
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as said, Served(url, port, said.fileno()):
        wait_for(port, log)
        yield Site(f"http://127.0.0.1:{port}", backend.name, known["sign_ins"], known["free"], known["covered"], url)
    backend.drop(url)
    assert '"level": "error"' not in log.read_text(), log.read_text()


class Served:
    """``npt serve`` for as long as the block lasts. ``settings`` are those it is given besides."""

    def __init__(self, url: str, port: int, log: int, **settings: str) -> None:
        self.command = [sys.executable, "-c", "from npt.cli import main; main()", "serve", "--port", str(port)]
        self.log = log
        self.environment = {
            **os.environ,
            "NPT_DATABASE_URL": url,
            "NPT_SECRET_KEY": "k" * 32,
            "NPT_BASE_URL": f"http://127.0.0.1:{port}",
            "NPT_FORCE_NAME": "Cambridgeshire demonstration force",
            **settings,
        }

    def __enter__(self) -> None:
        self.running = subprocess.Popen(
            self.command, env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )

    def __exit__(self, *_: object) -> None:
        self.running.terminate()
        self.running.wait(timeout=30)


def wait_for(port: int, log: Path) -> None:
    """Wait until a server answers."""
    for _ in range(LONGEST_START * 10):
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            status = connection.getresponse().status
            connection.close()
            if status == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not answer in {LONGEST_START} seconds: {log.read_text()}")


@dataclass(frozen=True)
class PostingSite:
    """The same force, served by a process that sends emails, and the mail server they arrive at."""

    address: str
    mailbox: Mailbox


@pytest.fixture
def posting_site(site: Site, tmp_path: Path) -> Iterator[PostingSite]:
    """The same force, served by a process that sends emails."""
    port, log = free_port(), tmp_path / "log"
    with mail_server() as box, log.open("w") as said:
        told = {"NPT_SMTP_URL": f"smtp://localhost:{box.server.port}", "NPT_MAIL_FROM": box.server.sender}
        with Served(site.url, port, said.fileno(), **told):
            wait_for(port, log)
            yield PostingSite(f"http://127.0.0.1:{port}", box)
    assert '"level": "error"' not in log.read_text(), log.read_text()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without its housekeeping."""
    program = shutil.which("chromium")
    if program is None:
        missing("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        yield browser
        browser.close()


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    """Make a visitor: nobody yet, or signed in as a role of the demonstration. None may leave a complaint behind."""
    made: list[Visitor] = []

    def come(role: str | None = None, *, javascript: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=site.address,
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=javascript,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(10_000)
        visitor = Visitor(context, f"{site.database}-{role or 'visitor'}{'' if javascript else '-plain'}")
        made.append(visitor)
        if role is not None:
            visitor.sign_in(site.sign_ins[role], PASSWORD)
        return visitor

    yield come
    complaints = [complaint for visitor in made for complaint in visitor.complaints]
    for visitor in made:
        visitor.leave()
    assert not complaints
