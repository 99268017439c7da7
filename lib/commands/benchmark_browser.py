"""The benchmark's browser: how long a page takes from navigation to its last change, in a real headless Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.commands.benchmark_house import BenchmarkHouse
from lib.commands.benchmark_server import Server
from lib.domain.errors import HouseError, InvalidInput

PATIENCE_MS = 120_000
_SETTLE_MS = 1_500
"""With every new tab the browser makes parts of its own window ready beside it, on the processor the page needs too. It
is no work of the page: a therapist's tab stands open."""
_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
# Notes when the document last changed, and how the page's own socket was opened, before anything of the page runs.
_WATCH = """
(() => {
  let last = 0;
  window.benchmarkLast = () => last;
  const watch = new MutationObserver(() => { last = performance.now(); });
  const whole = {subtree: true, childList: true, attributes: true, characterData: true};
  watch.observe(document, whole);
  const attach = Element.prototype.attachShadow;  // drawings and plain tables live in roots the document does not see
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    watch.observe(root, whole);
    return root;
  };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols) {
      super(url, protocols);
      if (!window.benchmarkSocket) window.benchmarkSocket = {Plain, url, protocols, first: null, own: this};
    }
    send(data) {
      const held = window.benchmarkSocket;
      if (held.own === this && held.first === null) held.first = data;
      super.send(data);
    }
  };
})();
"""
# Drawn: the script has ended, what the page is about stands on it, and nothing has changed for half a second.
_DRAWN = """
(landmark) => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || app.getAttribute('data-test-script-state') !== 'notRunning') return false;
  if (document.querySelector('[data-testid="stSkeleton"], [data-testid="stException"]')) return false;
  const main = document.querySelector('[data-testid="stMain"]');
  if (!main || !main.textContent.includes(landmark)) return false;
  const last = window.benchmarkLast();
  return performance.now() - last > 500 ? last : false;
}
"""
_MORE_SESSIONS = """
async (count) => {
  const {Plain, url, protocols, first} = window.benchmarkSocket;
  window.benchmarkSockets = [];
  for (let made = 0; made < count; made++) {
    await new Promise((done, failed) => {
      const socket = new Plain(url, protocols.slice(0, 2));
      socket.binaryType = 'arraybuffer';
      let quiet = setTimeout(() => failed(new Error('no answer')), 30000);
      socket.onmessage = () => { clearTimeout(quiet); quiet = setTimeout(done, 300); };
      socket.onerror = () => failed(new Error('the socket was refused'));
      socket.onopen = () => socket.send(first);
      window.benchmarkSockets.push(socket);
    });
  }
  return window.benchmarkSockets.filter((socket) => socket.readyState === 1).length;
}
"""


@dataclass(frozen=True, slots=True)
class PageToTime:
    """One page: where it is, the signed-in browser that looks at it, and a text that stands on it when drawn."""

    name: str
    address: str
    context: Any
    landmark: str


Times = Mapping[PageToTime, Sequence[float]]


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless Chromium. Raises InvalidInput in words when it or playwright is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as absent:
        raise InvalidInput(
            "The benchmark needs playwright.", "Install requirements-dev.txt.", field="browser"
        ) from absent
    executable = next((path for path in _CHROMIUM if Path(path).exists()), None) or shutil.which("chromium")
    if executable is None:
        raise InvalidInput("The benchmark needs Chromium.", "Install it, for example apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def signed_in(browser: Any, server: Server, held: BenchmarkHouse) -> Iterator[Mapping[str, Any]]:
    """A browser of their own for the therapist and the supervisor, signed in by the form: e-mail -> context."""
    contexts = {}
    for email in (held.therapist, held.supervisor):
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.goto(f"{server.address}/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password", exact=True).fill(held.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_selector(".stApp")
        page.close()
        contexts[email] = context
    yield contexts
    for context in contexts.values():
        context.close()


def time_pages(pages: Sequence[PageToTime], runs: int) -> Times:
    """Milliseconds from navigation to drawn, by page. The first round warms up and is not counted.

    The pages take turns, so that whatever else the machine does falls on all of them."""
    found: dict[PageToTime, list[float]] = {page: [] for page in pages}
    for round_ in range(runs + 1):
        for page in pages:
            took = _time_page(page)
            if round_:
                found[page].append(took)
    return found


def _time_page(page: PageToTime) -> float:
    tab = page.context.new_page()
    tab.wait_for_timeout(_SETTLE_MS)
    try:
        tab.goto(page.address, wait_until="commit")
        return float(tab.wait_for_function(_DRAWN, arg=page.landmark, polling=100).json_value())
    except Exception as error:
        if type(error).__name__ != "TimeoutError":
            raise
        raise HouseError(f"The page to be measured, {page.name}, was not drawn in {PATIENCE_MS} ms.") from error
    finally:
        tab.close()


@contextmanager
def open_sessions(page: PageToTime, count: int) -> Iterator[int]:
    """So many sessions on a page, held open: one tab's own, and the others as plain sockets that begin as it did."""
    tab = page.context.new_page()
    tab.goto(page.address, wait_until="commit")
    tab.wait_for_function(_DRAWN, arg=page.landmark, polling=100)
    yield 1 + int(tab.evaluate(_MORE_SESSIONS, count - 1))
    tab.close()
