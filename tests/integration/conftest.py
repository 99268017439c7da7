"""What the tests of the terminal stand on: a terminal on a database of its own, empty or with people in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.conftest import MASTER_KEY
from tests.integration.terminal import CLOCK, PHQ9, Terminal, phq9, sheet


@pytest.fixture
def terminal(tmp_path: Path, plain_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal on a fresh database, with two therapists, a supervisor of the first, and a practice admin."""
    ring = keyring.get_keyring()
    monkeypatch.setenv("SECUREBASE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SECUREBASE_KEY", MASTER_KEY.hex())
    monkeypatch.setenv("SECUREBASE_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    monkeypatch.setenv("SECUREBASE_KEYRING", "0")
    monkeypatch.delenv("SECUREBASE_DATABASE_URL", raising=False)
    for room in ("context", "reading", "verbs_database"):
        monkeypatch.setattr(f"lib.commands.{room}.local_now", lambda: CLOCK)
    shutil.copy(plain_template, tmp_path / "practice.db")
    yield Terminal(tmp_path)
    keyring.set_keyring(ring)


@pytest.fixture
def staffed(terminal: Terminal) -> Terminal:
    """The same with people in it, and the client A-1 of the therapist lark."""
    for name, role in (
        ("lark", "therapist"),
        ("wren", "therapist"),
        ("owl", "supervisor"),
        ("heron", "practice_admin"),
    ):
        assert terminal("account", "create", f"{name}@example.org", "--name", name, "--role", role).code == 0
    assert terminal("account", "supervise", "owl@example.org", "lark@example.org", "--from", "2026-01-01").code == 0
    assert terminal.take("scores", sheet(PHQ9, phq9()), "--create-clients", "--therapist", "lark@example.org").code == 0
    return terminal
