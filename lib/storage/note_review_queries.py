"""Note review queries: trainees' signed notes that wait for their supervisor's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import Account, Client, Note, NoteReview, NoteVersion


@dataclass(frozen=True, slots=True)
class WaitingNote:
    """A trainee's signed note without its text. `times_returned`: how often it was given back before."""

    note_id: int
    client_id: int
    code: str
    name: str
    author: str
    dated_on: date
    signed_at: datetime
    times_returned: int


def notes_that_wait(session: Session, actor: Actor, today: date) -> list[WaitingNote]:
    """Signed notes of the actor's own trainees about clients the actor supervises, the longest waiting first."""
    author, version = aliased(Account), aliased(NoteVersion)
    signed_at = select(func.max(version.signed_at)).where(version.note_id == Note.id).correlate(Note).scalar_subquery()
    returned = (
        select(func.count(NoteReview.id))
        .where(NoteReview.note_id == Note.id, NoteReview.decision == "returned")
        .correlate(Note)
        .scalar_subquery()
    )
    statement = (
        select(Note.id, Client.id, Client.code, Client.name, author.name, Note.dated_on, signed_at, returned)
        .join(Client, Client.id == Note.client_id)
        .join(author, author.id == Note.originator_id)
        .where(
            Note.status == "signed",
            Note.compartment == "progress",
            author.is_trainee.is_(true()),
            Note.originator_id != actor.account_id,
            Note.originator_id.in_(sight.supervisees(actor, today)),
            Note.client_id.in_(sight.supervised_clients(actor, today)),
        )
        .order_by(signed_at, Note.id)
    )
    return [WaitingNote(*row) for row in session.execute(statement) if row[6] is not None]
