"""Integrity: does the record still say what was written? Audit chain, frozen content, keys, and the file itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from lib.domain.audit import Anchor
from lib.storage.audit_queries import chain_problems
from lib.storage.engine import Database
from lib.storage.freeze import every_trigger_name
from lib.storage.tables import Addendum, NoteVersion, SignedDocument

# table, its text or bytes, and the sha256 that was taken of them at signing (text as UTF-8)
_HASHED = (
    (NoteVersion, "content", "sha256"),
    (Addendum, "text", "sha256"),
    (SignedDocument, "content", "content_sha256"),
    (SignedDocument, "pdf", "pdf_sha256"),
    (SignedDocument, "docx", "docx_sha256"),
)
_BATCH = 100  # signed documents carry their files


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold. `check`: chain, content, trigger, foreign_key or file; `row`: sequence or id."""

    check: str
    where: str
    what: str
    row: int | None = None


def verify(database: Database, anchor: Anchor | None = None) -> list[Finding]:
    """Everything that does not hold, in one snapshot; empty when all is well.

    Tamper-evident, not tamper-proof: who holds the audit key can write a new chain, which only an anchor kept
    elsewhere shows. Raises KeyMissing without an audit key."""
    found: list[Finding] = []
    try:
        with database.reading() as session:
            found.extend(_broken_chain(session, database, anchor))
            found.extend(_changed_content(session))
            found.extend(_missing_triggers(session))
            found.extend(_broken_file(session, database))
    except DatabaseError:
        found.append(Finding("file", database.url_shown, "is damaged: a part of it cannot be read any more"))
    return found


def _broken_chain(session: Session, database: Database, anchor: Anchor | None) -> Iterator[Finding]:
    for problem in chain_problems(session, database.audit_key, anchor):
        yield Finding("chain", "audit_event", problem.what, problem.sequence)


def _changed_content(session: Session) -> Iterator[Finding]:
    for table, content, sha256 in _HASHED:
        columns = (table.id, getattr(table, content), getattr(table, sha256))
        with session.execute(select(*columns), execution_options={"yield_per": _BATCH}) as rows:
            for row_id, held, expected in rows:
                raw = held.encode("utf-8") if isinstance(held, str) else held
                if hashlib.sha256(raw).hexdigest() != expected:
                    yield Finding("content", table.__tablename__, f"{content} is not what was signed", row_id)


def _missing_triggers(session: Session) -> Iterator[Finding]:
    """A trigger taken away tells of somebody who meant to change what is frozen."""
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        standing = text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
    else:
        standing = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    held = set(session.scalars(standing))
    for name in every_trigger_name(dialect):
        if name not in held:
            yield Finding("trigger", name, "is gone or switched off: rows could be changed")


def _broken_file(session: Session, database: Database) -> Iterator[Finding]:
    """SQLite's own checks; of an encrypted file also each page's HMAC. PostgreSQL enforces its keys always."""
    if database.file is None:
        return
    for (said,) in session.execute(text("PRAGMA integrity_check")):
        if said != "ok":
            yield Finding("file", database.file.name, said)
    if database.is_encrypted:
        for (said,) in session.execute(text("PRAGMA cipher_integrity_check")):
            yield Finding("file", database.file.name, said)
    for table, row_id, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield Finding("foreign_key", table, f"points to a row of {parent} that is not there", row_id)
