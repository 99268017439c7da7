"""Import queries: what was taken in before, so that the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.notes import WRITABLE, Compartment
from lib.storage.bulk import chunks
from lib.storage.tables import Note, SavedMapping, TherapySession


def final_note_texts(
    session: Session, client_ids: Sequence[int], days: Collection[date]
) -> list[tuple[int, date, str]]:
    """Client, day and text of progress notes that are no drafts, retracted ones too: those are not to come back."""
    if not client_ids or not days:
        return []
    found: list[tuple[int, date, str]] = []
    for piece in chunks(client_ids):
        statement = select(Note.client_id, Note.dated_on, Note.text).where(
            Note.client_id.in_(piece),
            Note.compartment == Compartment.PROGRESS.value,
            Note.status.not_in([status.value for status in WRITABLE]),
            Note.dated_on.between(min(days), max(days)),
        )
        found.extend((row.client_id, row.dated_on, row.text) for row in session.execute(statement))
    return found


def sessions_on(
    session: Session, client_ids: Sequence[int], days: Collection[date]
) -> list[tuple[int, date, int, int | None]]:
    """Client, day, id and number of the sessions of these days."""
    if not client_ids or not days:
        return []
    s = TherapySession
    found: list[tuple[int, date, int, int | None]] = []
    for piece in chunks(client_ids):
        statement = (
            select(s.client_id, s.held_on, s.id, s.number)
            .where(s.client_id.in_(piece), s.held_on.between(min(days), max(days)))
            .order_by(s.id)
        )
        found.extend((row.client_id, row.held_on, row.id, row.number) for row in session.execute(statement))
    return found


def saved_mapping(session: Session, name: str) -> SavedMapping | None:
    """A column mapping by its name."""
    return session.scalar(select(SavedMapping).where(SavedMapping.name == name))


def mapping_names(session: Session) -> list[str]:
    """The names of all saved mappings."""
    return list(session.scalars(select(SavedMapping.name).order_by(SavedMapping.name)))
