"""What browser tests stand on: the real dashboard as its own process on a scratch practice, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from lib.bootstrap import ROOT, House, local_now, read_settings
from lib.domain.people import Role
from lib.services import standing
from lib.services.hashing import password_hash
from lib.storage.engine import Database
from lib.storage.tables import Account, Assignment, Client, Practice, Supervision

PASSWORD = "correct horse battery staple"
THERAPIST, SUPERVISOR, ADMIN = "therapist@example.org", "supervisor@example.org", "admin@example.org"
CLIENTS = (("A-1", "Anna Muster"), ("B-2", "Boris Beispiel"), ("C-3", "Cleo Exemplum"), ("D-4", "Dora Ejemplo"))
PATIENCE_MS = 30_000  # the machine may be busy; nothing waits this long when all is well
_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@dataclass
class Dashboard:
    """The running program, its scratch folder, and its database as the test may read it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard.py"),
            "--server.port", str(self.port), "--server.headless", "true",
        ]  # fmt: skip
        log = (self.folder / "server.log").open("ab")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        for _ in range(240):
            if self.process.poll() is not None:
                break
            if _answers(f"{self.address}/_stcore/health"):
                return
            time.sleep(0.25)
        pytest.fail(f"The dashboard did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End it as a power cut would: no farewell."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=20)

    def database(self) -> Database:
        """The practice's database, opened beside the running program."""
        return House(read_settings(self.environment)).practice


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def seed_practice(database: Database, house: House) -> None:
    """A therapist with four plainly fictional clients, their supervisor, and a practice admin."""
    now = local_now()
    since = now.date() - timedelta(days=200)
    people = ((1, THERAPIST, Role.THERAPIST), (2, SUPERVISOR, Role.SUPERVISOR), (3, ADMIN, Role.PRACTICE_ADMIN))
    hashed = password_hash(PASSWORD)
    with database.writing() as session:
        session.add(Practice(id=1, name="Harbour Practice", created_at=now))
        session.add_all(
            Account(id=id_, email=email, name=email.split("@")[0].title(), roles=[role.value], password_hash=hashed,
                    created_at=now)
            for id_, email, role in people
        )  # fmt: skip
        session.add_all(
            Client(id=id_, code=code, name=name, born_on=date(1980 + id_, 1, 31), referred_on=since, created_at=now)
            for id_, (code, name) in enumerate(CLIENTS, start=1)
        )
        session.flush()
        session.add(Supervision(supervisor_id=2, therapist_id=1, starts_on=since))
        for id_ in range(1, len(CLIENTS) + 1):
            session.add(Assignment(client_id=id_, therapist_id=1, kind="owner", starts_on=since))
        session.flush()
        standing.rebuild(session, now, house.definitions)


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The real dashboard over a scratch practice, one for the tests of a file: no file leans on another's records."""
    folder = tmp_path_factory.mktemp("dashboard")
    environment = {
        **os.environ,
        "SECUREBASE_DATA": str(folder / "data"),
        "SECUREBASE_KEY_FILE": str(folder / "key" / "master.key"),
        "SECUREBASE_KEYRING": "0",
    }
    for name in ("SECUREBASE_DATABASE_URL", "SECUREBASE_KEY"):
        environment.pop(name, None)
    house = House(read_settings(environment))
    seed_practice(house.practice, house)
    house.practice.close()
    running = Dashboard(folder, free_port(), environment=environment)
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Dashboard, dict[str, int]]]:
    """The demonstration behind a running dashboard, one for all tests that only look, and its clients by code."""
    from tests.browser.demonstration_pages import demonstration_in  # it stands on this file

    running, clients = demonstration_in(tmp_path_factory.mktemp("shown"))
    running.start()
    yield running, clients
    running.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Where it is missing, tests fail under CI, and say so elsewhere."""
    executable = next((path for path in _CHROMIUM if Path(path).exists()), None) or shutil.which("chromium")
    if executable is None:
        words = "No Chromium: apt-get install chromium, or set it on the PATH."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own for each test: own cookies, own storage."""
    made = browser.new_context(viewport={"width": 1366, "height": 768})
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def sign_in(context: BrowserContext, dashboard: Dashboard, email: str = THERAPIST) -> Page:
    """A tab, signed in by the plain form, on the first page this person has."""
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{dashboard.address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_selector(".stApp")
    return page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that failed is tried once more, and the run says so: a press between two drawings of a page can
    fall beside its button, as a person's does, who presses again. What fails twice, fails."""
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells what every open page showed, and what the server logged last."""
    report = yield
    given: dict[str, Any] = getattr(item, "funcargs", {})
    if report.when == "call" and report.failed and "browser" in given:
        for page in [page for context in given["browser"].contexts for page in context.pages]:
            report.sections.append((f"The page {page.url} showed", _words_on(page)))
        if "dashboard" in given:
            log = (given["dashboard"].folder / "server.log").read_text(errors="replace")
            report.sections.append(("The server logged last", log[-3000:]))
    return report


def _words_on(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=5_000)[:6000]
    except PlaywrightError as error:
        return f"could not be read: {error}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/browser --runs 200` repeats the tests of chance as often."""
    parser.addoption("--runs", type=int, default=None, help="how often tests of chance are repeated")


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> int:
    """How often a test of chance is repeated: 8, unless told otherwise."""
    return request.config.getoption("--runs", None) or 8
