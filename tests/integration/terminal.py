"""The terminal in process, for tests: one call in, exit code and both outputs back, on a database of its own."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lib.commands.line import main

CLOCK = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
"""The wall clock of these tests: their files are older, whatever the machine's own clock says."""

PHQ9 = "client,date,instrument," + ",".join(f"item_{number}" for number in range(1, 10))
LONG = "client,date,instrument,item,answer"
TOTALS = "client,date,instrument,score"
RATINGS = "client,date,marker,level"
NOTES = "client,date,text"


@dataclass(frozen=True, slots=True)
class Said:
    """What a call answered."""

    code: int
    out: str
    words: str

    @property
    def data(self) -> Any:
        """The JSON on stdout."""
        return json.loads(self.out)

    @property
    def counts(self) -> tuple[int, ...]:
        """Rows, new, unchanged, corrected, rejected of a receipt."""
        return tuple(self.data[key] for key in ("rows", "new", "unchanged", "corrected", "rejected"))

    @property
    def places(self) -> set[tuple[int | None, str]]:
        """Row and column of every problem of a receipt."""
        return {(problem["row"], problem["column"]) for problem in self.data["problems"]}


@dataclass(frozen=True, slots=True)
class Terminal:
    """A folder with a plain database in it; files are written into the folder before they are named on the line."""

    folder: Path

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "practice.db"

    def __call__(self, *arguments: str) -> Said:
        """Run one verb on the database."""
        out, words = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(words):
            try:
                code = main(["--database", f"sqlite:///{self.file}", *arguments])
            except SystemExit as left:
                code = int(left.code or 0)
        return Said(code, out.getvalue(), words.getvalue())

    def put(self, name: str, content: str | bytes) -> str:
        """Write a file and give its path."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def take(self, kind: str, content: str | bytes, *options: str, name: str = "file.csv") -> Said:
        """Import a file of this content, with --json."""
        return self("import", kind, self.put(name, content), "--json", *options)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Look into the database past the program."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(statement).fetchall()

    def record(self) -> str:
        """A digest of every table but the audit log."""
        tables = [name for (name,) in self.rows("select name from sqlite_master where type = 'table' order by name")]
        kept = [name for name in tables if name != "audit_event" and not name.startswith("sqlite_")]
        return hashlib.sha256(repr([self.rows(f"select * from {name}") for name in kept]).encode()).hexdigest()


def phq9(client: str = "A-1", day: str = "2026-01-05", answers: str = "1,1,1,1,1,1,1,1,0") -> str:
    """A row of a wide PHQ-9 sheet."""
    return f"{client},{day},PHQ-9,{answers}"


def sheet(*lines: str) -> str:
    """Lines as a file."""
    return "\n".join(lines) + "\n"


ONE = sheet(PHQ9, phq9())


def refused(said: Said, *words: str) -> bool:
    """Exit code 1, these words on stderr, and no traceback."""
    return said.code == 1 and all(word in said.words for word in words) and "Traceback" not in said.words
