"""Evidence queries: what was decided about the sentences of a note, and what of a client's notes was confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from lib.domain.notes import Compartment, NoteStatus
from lib.storage.tables import Account, Evidence, Note

# A returned note is written in again, so its sentences may still move.
FINAL = tuple(status.value for status in (NoteStatus.SIGNED, NoteStatus.COSIGNED, NoteStatus.IMPORTED))


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One decided sentence. `phrase` is the id of the phrase that found it; empty where a person did."""

    id: int
    note_id: int
    dated_on: date
    code: str
    polarity: str
    context: str
    quote: str
    starts: int
    ends: int
    phrase: str
    state: str
    reason: str
    decided_by: str
    decided_at: datetime | None


_ROW: Select[*tuple[Any, ...]] = select(
    Evidence.id, Evidence.note_id, Evidence.dated_on, Evidence.code, Evidence.polarity, Evidence.context,
    Evidence.quote, Evidence.starts, Evidence.ends, Evidence.phrase, Evidence.state, Evidence.reason,
    func.coalesce(Account.name, ""), Evidence.decided_at,
).outerjoin(Account, Account.id == Evidence.decided_by_id)  # fmt: skip


def evidence_of_note(session: Session, note_id: int, client_id: int) -> list[EvidenceRow]:
    """Everything decided about one final progress note of this client; nothing for a note that is another's.

    The caller has checked that the actor may read this client's notes."""
    found = session.execute(
        _ROW.join(Note, Note.id == Evidence.note_id)
        .where(Evidence.note_id == note_id, *_of_final_notes(client_id))
        .order_by(Evidence.starts, Evidence.id)
    )
    return [EvidenceRow(*row) for row in found]


def evidence_at(session: Session, note_id: int, start: int, end: int, code: str, polarity: str) -> Evidence | None:
    """The row of one place, to be decided anew."""
    statement = select(Evidence).where(
        Evidence.note_id == note_id,
        Evidence.starts == start,
        Evidence.ends == end,
        Evidence.code == code,
        Evidence.polarity == polarity,
    )
    return session.scalars(statement.with_for_update()).one_or_none()


def confirmed(session: Session, client_id: int) -> list[EvidenceRow]:
    """What a person confirmed in this client's final progress notes, the newest first."""
    found = session.execute(
        _ROW.join(Note, Note.id == Evidence.note_id)
        .where(Evidence.state == "confirmed", *_of_final_notes(client_id))
        .order_by(Evidence.dated_on.desc(), Evidence.starts, Evidence.id)
    )
    return [EvidenceRow(*row) for row in found]


def _of_final_notes(client_id: int) -> tuple[ColumnElement[bool], ...]:
    """Evidence of this client, in notes of this client that are final and no process notes."""
    return (
        Evidence.client_id == client_id,
        Note.client_id == client_id,
        Note.compartment == Compartment.PROGRESS.value,
        Note.status.in_(FINAL),
    )


def decided_counts(session: Session, note_ids: Sequence[int]) -> dict[int, int]:
    """How many places of each note were decided."""
    found = session.execute(
        select(Evidence.note_id, func.count())
        .where(Evidence.note_id.in_(note_ids), Evidence.state != "suggested")
        .group_by(Evidence.note_id)
    )
    return {note_id: count for note_id, count in found if note_id is not None}
