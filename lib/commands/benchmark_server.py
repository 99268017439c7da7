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
# The dashboard's own shell, and the words of notes read with a book that holds no phrase.
_WITHOUT_PHRASES = """
import dataclasses
import runpy

from lib.domain.word_index import word_index
from lib.ui import app_context

if app_context.phrase_book.__name__ != "no_phrases":
    of_the_practice = app_context.phrase_book

    def no_phrases():
        return dataclasses.replace(of_the_practice(), phrases=(), searched=word_index((), {}))

    app_context.phrase_book = no_phrases

runpy.run_path(%r)
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
    """The dashboard as it is; without phrases no note has a suggestion."""
    page = None if with_phrases else _WITHOUT_PHRASES % str(ROOT / "lib" / "ui" / "shell.py")
    with _running(held, "dashboard" if with_phrases else "without-phrases", page) as server:
        yield server


@contextmanager
def _running(held: BenchmarkHouse, name: str, page: str | None) -> Iterator[Server]:
    """The dashboard's own server, or one of this page behind the dashboard's door."""
    folder = held.folder / name
    folder.mkdir()
    door = ROOT / "dashboard.py"
    if page is not None:
        told = door.read_text()
        if _SHELL not in told:
            raise HouseError("dashboard.py does not name the shell in the way the benchmark knows.")
        door = folder / "dashboard.py"
        door.write_text(told.replace(_SHELL, '"page.py"'))
        (folder / "page.py").write_text(page)
    port = _free_port()
    process = _start(door, folder / "log.txt", port, environment_for(held.house.settings))
    try:
        _wait(process, port, folder / "log.txt")
        yield Server(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.kill()
        process.wait(timeout=20)


def _start(door: Path, log_file: Path, port: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", str(door), "--server.port", str(port)]
    with log_file.open("wb") as log:
        # The project's folder is where its configuration and its modules are found.
        told = {**environment, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=log)  # noqa: S603 - our own words


def _wait(process: subprocess.Popen[bytes], port: int, log_file: Path) -> None:
    until = time.monotonic() + START_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        if _answers(port):
            return
        time.sleep(0.2)
    log = log_file.read_text(errors="backslashreplace")[-1500:]
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
