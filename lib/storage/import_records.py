"""Import records: a file taken in, the notes it brought with their frozen versions, and saved mappings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lib.storage.tables import ImportBatch, Note, NoteVersion, SavedMapping, TherapySession


def add_batch(session: Session, **columns: Any) -> int:
    """One file taken in. Returns its id."""
    row = ImportBatch(**columns)
    session.add(row)
    session.flush()
    return row.id


def add_sessions(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Sessions that notes of a file tell of. Returns their ids in order."""
    statement = insert(TherapySession).returning(TherapySession.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, list(rows))) if rows else []


def add_final_notes(
    session: Session, notes: Sequence[Mapping[str, Any]], versions: Sequence[Mapping[str, Any]]
) -> None:
    """Notes that are final from the start, each with its first and frozen version at the same position."""
    if not notes:
        return
    statement = insert(Note).returning(Note.id, sort_by_parameter_order=True)
    note_ids = session.scalars(statement, list(notes)).all()
    session.execute(
        insert(NoteVersion),
        [{**version, "note_id": note_id} for note_id, version in zip(note_ids, versions, strict=True)],
    )


def keep_mapping(
    session: Session, name: str, definition: dict[str, Any], account_id: int | None, now: datetime
) -> None:
    """A mapping under a name that no other one has."""
    session.add(SavedMapping(name=name, definition=definition, saved_by_id=account_id, saved_at=now))
    session.flush()
