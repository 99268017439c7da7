"""Verify: what was signed is still what stands there, and what guards it is still in place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from lib.domain.errors import KeyMissing
from lib.storage.audit_queries import current_anchor
from lib.storage.engine import Database
from lib.storage.freeze import trigger_names
from lib.storage.integrity import Finding, verify
from lib.storage.tables import Client
from tests.conftest import NOW
from tests.integration.records import write_record


@pytest.fixture(params=["sqlite_database", "encrypted_database", "postgresql_database"])
def practice(request: pytest.FixtureRequest) -> Database:
    """A database of each kind with one small record in it."""
    database: Database = request.getfixturevalue(request.param)
    with database.writing() as session:
        write_record(session)
    return database


def _tamper(database: Database, table: str, statement: str) -> None:
    """As somebody would who takes the guard away, changes the row, and puts the guard back."""
    with database.writing() as session:
        if database.file is None:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(statement))
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        guards = session.execute(
            text(f"SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='{table}'")
        )
        kept = guards.all()
        for name, _ in kept:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement))
        for _, sql in kept:
            session.execute(text(sql))


def test_a_sound_record_has_no_findings(practice: Database) -> None:
    with practice.reading() as session:
        anchor = current_anchor(session, NOW)
    assert anchor.count == 1
    assert verify(practice, anchor) == []


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("note_version", "content", "'I never said that'"),
        ("note_version", "sha256", "'0'"),
        ("addendum", "text", "''"),
        ("signed_document", "content", "'{ }'"),
        ("signed_document", "pdf", "docx"),
        ("signed_document", "docx", "pdf"),
    ],
)
def test_changed_content_is_named_with_its_row(practice: Database, table: str, column: str, value: str) -> None:
    _tamper(practice, table, f"UPDATE {table} SET {column} = {value}")
    what = "content" if column == "sha256" else column
    assert verify(practice) == [Finding("content", table, f"{what} is not what was signed", 1)]


def test_a_changed_event_is_named_with_its_sequence(practice: Database) -> None:
    _tamper(practice, "audit_event", "UPDATE audit_event SET actor_email = 'x'")
    assert [(found.check, found.row) for found in verify(practice)] == [("chain", 1)]


def test_a_deleted_tail_is_found_with_the_anchor(practice: Database) -> None:
    with practice.reading() as session:
        anchor = current_anchor(session, NOW)
    _tamper(practice, "audit_event", "DELETE FROM audit_event")
    assert verify(practice) == []
    assert [(found.check, found.row) for found in verify(practice, anchor)] == [("chain", 1)]


def test_a_guard_taken_away_is_named(practice: Database) -> None:
    dialect = practice.engine.dialect.name
    guard = trigger_names(dialect)[0]
    with practice.writing() as session:
        off = f"ALTER TABLE audit_event DISABLE TRIGGER {guard}" if practice.file is None else f"DROP TRIGGER {guard}"
        session.execute(text(off))
    assert [(found.check, found.where) for found in verify(practice)] == [("trigger", guard)]


def test_a_row_that_points_to_nothing_is_named(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        write_record(session)
    connection = sqlite_database.engine.raw_connection()
    for statement in ("PRAGMA query_only = OFF", "PRAGMA foreign_keys = OFF", "DELETE FROM client"):
        connection.cursor().execute(statement).close()
    connection.invalidate()
    connection.close()
    found = verify(sqlite_database)
    assert {finding.check for finding in found} == {"foreign_key"}
    assert ("note", 1) in [(finding.where, finding.row) for finding in found]


def test_damage_to_the_encrypted_file_is_named(encrypted_database: Database) -> None:
    with encrypted_database.writing() as session:
        write_record(session)
        session.add_all(Client(code=f"C-{number}", name="x" * 50, created_at=NOW) for number in range(500))
    encrypted_database.close()
    file = Path(str(encrypted_database.file))
    whole = bytearray(file.read_bytes())
    page = 4096
    last = len(whole) // page - 1
    whole[last * page + 100] ^= 1
    file.write_bytes(whole)
    found = verify(encrypted_database)
    assert {finding.check for finding in found} == {"file"}


def test_without_the_key_nothing_is_said_about_the_chain(practice: Database) -> None:
    with pytest.raises(KeyMissing):
        verify(replace(practice, audit_key=None))
