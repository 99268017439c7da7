"""People records: dated relations, begun and ended, never deleted: they say who could see what, and when."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from lib.storage.tables import Assignment, Supervision


def add_assignment(
    session: Session, client_id: int, therapist_id: int, kind: str, starts_on: date, ends_on: date | None
) -> int:
    """A therapist has a client from one day to another. Returns the assignment's id."""
    row = Assignment(client_id=client_id, therapist_id=therapist_id, kind=kind, starts_on=starts_on, ends_on=ends_on)
    session.add(row)
    session.flush()
    return row.id


def add_supervision(
    session: Session, supervisor_id: int, therapist_id: int, starts_on: date, ends_on: date | None
) -> int:
    """A supervisor answers for a therapist from one day to another. Returns the supervision's id."""
    row = Supervision(supervisor_id=supervisor_id, therapist_id=therapist_id, starts_on=starts_on, ends_on=ends_on)
    session.add(row)
    session.flush()
    return row.id
