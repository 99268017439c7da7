"""A real server in a process of its own, on a house of its own, and how a browser without scripts talks to it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from lib.bootstrap import House, read_settings

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = "violet anchor seven moss"


@dataclass(frozen=True)
class Server:
    """A running server and the house it stands in."""

    port: int
    house: House
    printed: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def browser(self) -> httpx.Client:
        """A browser without cookies yet, which says where its forms come from."""
        return httpx.Client(base_url=self.address, headers={"origin": self.address}, timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    ours = {
        "SECUREBASE_DATA": str(folder / "data"),
        "SECUREBASE_KEY_FILE": str(folder / "keys" / "master.key"),
        "SECUREBASE_KEYRING": "0",
    }
    return {**{k: v for k, v in os.environ.items() if not k.startswith(("SECUREBASE_", "STREAMLIT_"))}, **ours}


def start(folder: Path, port: int, *options: str, printed: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port), *options]
    with printed.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=out, stderr=subprocess.STDOUT)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server that is up, ended afterwards."""
    port, printed = free_port(), folder / "printed.txt"
    process = start(folder, port, printed=printed)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, printed)
        house = House(read_settings(environment(folder)))
        yield Server(port, house, printed)
        house.close()
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes], printed: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, printed.read_text()
        try:
            if httpx.get(address, timeout=1).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the server did not come up: {printed.read_text()}")


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found.group(1)


def sign_in(browser: httpx.Client, email: str, password: str = GOOD) -> httpx.Response:
    form = {"csrf": csrf(browser.get("/sign-in")), "email": email, "password": password, "code": ""}
    return browser.post("/sign-in", data=form)
