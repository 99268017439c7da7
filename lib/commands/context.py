"""What every verb works with: the house, the database named on the line, who acts, and how to answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lib.bootstrap import House, local_now, practice_now
from lib.domain.definitions import Definitions
from lib.domain.errors import ImportProblem, InvalidInput, NotAllowed, NotYours, ReauthenticationNeeded
from lib.domain.import_outcomes import Receipt
from lib.domain.imports import Problem, problems_as_rows
from lib.domain.people import OPERATOR, Actor
from lib.exchange.archive_json import MAX_ARCHIVE
from lib.services import access, accounts, named_accounts, practice
from lib.storage.engine import Database


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb answers: `data` with --json, `lines` without. A `complaint` makes the exit code 1."""

    data: Any = None
    lines: tuple[str, ...] = ()
    complaint: str = ""


def refused(problem: ImportProblem) -> Outcome:
    """A file that was not taken: the receipt's problems as data, the words as complaint.

    What is wrong with the file as a whole is a problem without row or column."""
    whole = Problem(None, "", "", problem.message, problem.mend)
    lines = [in_line(row) for row in problems_as_rows(problem.problems)]
    receipt = Receipt("", 0, 0, 0, 0, 0, problem.problems or (whole,)).as_json()
    return Outcome(data={**receipt, "recognised": None}, complaint="\n".join([problem.in_words(), *lines]))


def in_line(row: dict[str, Any]) -> str:
    """One problem of a file on one line."""
    where = ", ".join(f"{name} {row[name]}" for name in ("file", "sheet", "row", "column") if row.get(name))
    return f"  {where or 'file'}: {row['rule']} (found {row['value']!r}). {row['mend']}"


def bytes_of(path: str) -> tuple[bytes, str]:
    """The bytes of a file named on the line (`-` is stdin), and its name. InvalidInput when it cannot be read.

    Never more than the largest archive may hold: a device or an endless pipe must not fill the memory."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_ARCHIVE + 1), "stdin"
        with Path(path).open("rb") as file:
            return file.read(MAX_ARCHIVE + 1), Path(path).name
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = getattr(error, "strerror", None) or "it is no path"
        raise InvalidInput(f"{path} cannot be read: {why}.", "Check the path.", field="file") from error


def place_for(path: str) -> Path:
    """Where a file is to be written. Raises InvalidInput before any work when that cannot be."""
    out = Path(path)
    if out.is_dir():
        raise InvalidInput(f"{path} is a folder.", "Name a file in it.", field="out")
    if not out.parent.is_dir():
        raise InvalidInput(f"{path} cannot be written: there is no folder {out.parent}.", "Make it first.", field="out")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise InvalidInput(f"{path} cannot be written: permission denied.", "Name another place.", field="out")
    return out


def write_out(out: Path, content: bytes) -> None:
    """Write a file that holds a record: a new one can be read by its owner alone."""
    try:
        out.touch(mode=0o600)
        out.write_bytes(content)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error.strerror}.", "Name another place.", field="out") from error


class Context:
    """One call of the terminal. The database is opened and brought up to date when a verb first asks for it."""

    def __init__(self, house: House, database_url: str | None, actor_email: str | None) -> None:
        """Raises InvalidInput for an empty name: a variable that a script forgot to set is not the operator's leave."""
        for field, value in (("database", database_url), ("actor", actor_email)):
            if value is not None and not value.strip():
                raise InvalidInput(f"--{field} names nothing.", f"Name one, or leave --{field} away.", field)
        self.house = house
        self.database_url = database_url
        self.actor_email = actor_email
        self._opened: Database | None = None

    @property
    def definitions(self) -> Definitions:
        """The clinical model, and the instruments with what the practice of this call added to them.

        A verb that stores nothing works without a practice: where no database stands yet, none is made for it."""
        return self.house.definitions_of(self.database) if self._has_database() else self.house.definitions

    @property
    def shipped_definitions(self) -> Definitions:
        """The product's own definitions."""
        return self.house.definitions

    def _has_database(self) -> bool:
        if self._opened is not None:
            return True
        url = self.database_url or self.house.settings.practice_url
        scheme, _, file = url.partition(":///")
        return scheme not in ("sqlite", "sqlcipher") or Path(file).exists()

    @property
    def database(self) -> Database:
        """The database of this call, migrated."""
        if self._opened is None:
            self._opened = self.house.opened(self.database_url) if self.database_url else self.house.practice
        return self._opened

    @property
    def as_it_is(self) -> Database:
        """The database of this call with its schema untouched."""
        if self._opened is None:
            self._opened = self.house.as_it_is(self.database_url or self.house.settings.practice_url)
        return self._opened

    def operator(self) -> Actor:
        """The person at the terminal, for acts on the database itself, which no account in it can do."""
        if self.actor_email:
            raise InvalidInput("This verb is the operator's own.", "Leave --actor away.", field="actor")
        return OPERATOR

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, Actor, datetime]]:
        """A session for reading, the actor and the practice's time."""
        with self.database.reading() as session:
            yield session, self._actor(session), _time(session)

    @contextmanager
    def writing(self) -> Iterator[tuple[Session, Actor, datetime]]:
        """A session for one transaction, the actor and the practice's time."""
        with self.database.writing() as session:
            yield session, self._actor(session), _time(session)

    def acting(self) -> tuple[Actor, datetime]:
        """Who acts and the practice's time, for acts that open their own transactions."""
        with self.reading() as (_session, actor, now):
            return actor, now

    def _actor(self, session: Session) -> Actor:
        return named_accounts.actor_by_email(session, self.actor_email) if self.actor_email else OPERATOR

    def record_denial(self, denied: NotAllowed | NotYours) -> None:
        """Put a refusal into the audit log, in a transaction of its own."""
        with self.writing() as (session, actor, now):
            access.record_denial(session, actor, denied, now)

    def count_wrong_password(self, refused: ReauthenticationNeeded) -> None:
        """A wrong password counts as a try here as at the screen, in a transaction of its own."""
        with self.writing() as (session, actor, _now):
            accounts.count_if_wrong_password(session, actor, refused, local_now())

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._opened is not None:
            self._opened.close()


def _time(session: Session) -> datetime:
    return practice_now(practice.clock_on(session), local_now())
