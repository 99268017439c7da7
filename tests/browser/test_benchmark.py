"""The benchmark run small: it measures every page in a real browser and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from lib.bootstrap import ROOT
from lib.commands.benchmark import EMPTY, NOTE, NOTE_ALONE, PAGE_TARGETS
from lib.commands.benchmark_browser import _WATCH

pytestmark = pytest.mark.browser


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short name: Chromium puts a socket there, and an address of a socket has 107 letters at most."""
    with tempfile.TemporaryDirectory(prefix="sb-") as folder:
        yield Path(folder)


def test_the_benchmark_measures_pages_import_and_memory_and_leaves_nothing_behind(
    browser: Browser, short_folder: Path
) -> None:
    assert browser.is_connected()  # where there is no Chromium, this fails or is skipped as every browser test is
    environment = {**os.environ, "TMPDIR": str(short_folder), "SECUREBASE_DATA": str(short_folder / "own")}
    ran = subprocess.run(
        [sys.executable, "-m", "lib.commands", "benchmark", "--sizes", "20", "--runs", "1", "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout)
    (size,) = told["sizes"]
    assert set(size["median_ms"]) == {EMPTY, *PAGE_TARGETS, NOTE, NOTE_ALONE}
    assert all(value > 0 for value in size["median_ms"].values())
    assert size["memory"]["sessions"] == 50
    assert told["import"]["answers"] == 100_008
    assert not [path for path in short_folder.iterdir() if path.name.startswith("secure-base-benchmark")]
    assert not (short_folder / "own").exists()


def test_the_clock_sees_what_is_drawn_inside_a_component(browser: Browser) -> None:
    """Drawings and plain tables stand in roots of their own, in which the document notices no change."""
    page = browser.new_page()
    page.add_init_script(_WATCH)
    page.route("**/*", lambda route: route.fulfill(body="<div id='place'></div>", content_type="text/html"))
    page.goto("http://127.0.0.1:9/")
    page.evaluate("() => { window.inner = document.getElementById('place').attachShadow({mode: 'open'}); }")
    page.wait_for_timeout(50)
    before = page.evaluate("window.benchmarkLast()")
    page.evaluate("() => { window.inner.appendChild(document.createElement('table')); }")
    page.wait_for_function("before => window.benchmarkLast() > before", arg=before, timeout=5000)
    page.close()
