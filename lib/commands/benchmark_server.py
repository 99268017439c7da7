"""The benchmark's servers: the real dashboard, and an empty page behind the same door, each its own process."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.bootstrap import ROOT, environment_for
from lib.commands.benchmark_house import BenchmarkHouse
from lib.domain.errors import HouseError

START_WITHIN_S = 90
_SHELL = '"lib/ui/shell.py"'
_EMPTY_PAGE = 'import streamlit as st\n\nst.text("An empty page.")\n'
# The dashboard's own shell. A record is opened by a click; a page load of its own needs it open beforehand.
_MEASURED_PAGE = """
import runpy

from lib.ui import app_context, state

signed_in = app_context.signed_in()
if signed_in is not None:
    state.belongs_to(f"{app_context.token()[:1]}{signed_in.login_id}")
    if state.open_client_id() is None:
        state.open_client(%d)
runpy.run_path(%r)
"""

# The same page of a note, its words read with a book that holds no phrase.
_WITHOUT_PHRASES = """
import dataclasses

from lib.domain.word_index import word_index
from lib.ui import app_context

if app_context.phrase_book.__name__ != "no_phrases":
    of_the_practice = app_context.phrase_book

    def no_phrases():
        return dataclasses.replace(of_the_practice(), phrases=(), searched=word_index((), {}))

    app_context.phrase_book = no_phrases
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, on this machine only."""

    address: str
    pid: int

    def memory_mb(self) -> float | None:
        """Resident memory; None where the system does not tell it this way."""
        try:
            told = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return None
        line = next(line for line in told.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


@contextmanager
def empty_page(held: BenchmarkHouse) -> Iterator[Server]:
    """One line of text behind the same door."""
    with _running(held, "empty", _EMPTY_PAGE) as server:
        yield server


@contextmanager
def dashboard(held: BenchmarkHouse, *, with_phrases: bool = True) -> Iterator[Server]:
    """The dashboard; whoever signs in has the first client's record open. Without phrases no note has a suggestion."""
    page = _MEASURED_PAGE % (held.client_id, str(ROOT / "lib" / "ui" / "shell.py"))
    name = "dashboard" if with_phrases else "without-phrases"
    with _running(held, name, page if with_phrases else _WITHOUT_PHRASES + page) as server:
        yield server


@contextmanager
def _running(held: BenchmarkHouse, name: str, page: str) -> Iterator[Server]:
    folder = held.folder / name
    folder.mkdir()
    (folder / "page.py").write_text(page)
    door = (ROOT / "dashboard.py").read_text()
    if _SHELL not in door:
        raise HouseError("dashboard.py does not name the shell in the way the benchmark knows.")
    (folder / "dashboard.py").write_text(door.replace(_SHELL, '"page.py"'))
    port = _free_port()
    process = _start(folder, port, environment_for(held.house.settings))
    try:
        _wait(process, port, folder)
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.kill()
        process.wait(timeout=20)


def _start(folder: Path, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "dashboard.py"), "--server.port", str(port)]
    with (folder / "log.txt").open("wb") as log:
        # The project's folder is where its configuration and its modules are found.
        told = {**environment, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=log)  # noqa: S603 - our own words


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        if _answers(port):
            return
        time.sleep(0.2)
    log = (folder / "log.txt").read_text(errors="backslashreplace")[-1500:]
    raise HouseError(f"The server to be measured did not start.\n{log}")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
