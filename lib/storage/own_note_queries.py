"""Own notes: the final progress notes of an actor's own caseload, to be read by sentence; process notes never."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from lib.domain.notes import Compartment, signed_text
from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.evidence_queries import FINAL
from lib.storage.note_queries import note_is_visible
from lib.storage.tables import Client, Note, NoteVersion


@dataclass(frozen=True, slots=True)
class OwnNote:
    """One note of the caseload with its words: the frozen ones where it was signed here."""

    note_id: int
    client_id: int
    code: str
    name: str
    dated_on: date
    text: str


def own_notes(
    session: Session,
    actor: Actor,
    now: datetime,
    most: int,
    between: tuple[date, date] | None = None,
    among: Collection[int] | None = None,
) -> list[OwnNote]:
    """Final progress notes of clients this actor owns or covers today, the newest first, at most `most`.

    `between`: first and last day of the notes; `among`: only these notes. The condition is part of the query."""
    condition = and_(
        Note.compartment == Compartment.PROGRESS.value,
        Note.status.in_(FINAL),
        Note.client_id.in_(sight.own_clients(actor, now.date())),
        note_is_visible(actor, now),
    )
    if between is not None:
        condition = and_(condition, Note.dated_on.between(*between))
    if among is not None:
        condition = and_(condition, Note.id.in_(among))
    earlier = aliased(NoteVersion)
    newest = select(func.max(earlier.number)).where(earlier.note_id == Note.id).correlate(Note).scalar_subquery()
    columns: tuple[Any, ...] = (
        Note.id, Note.client_id, Client.code, Client.name, Note.dated_on, Note.text, NoteVersion.content,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Client, Client.id == Note.client_id)
        .outerjoin(NoteVersion, and_(NoteVersion.note_id == Note.id, NoteVersion.number == newest))
        .where(condition)
        .order_by(Note.dated_on.desc(), Note.id.desc())
        .limit(most)
    )
    return [
        OwnNote(note_id, client_id, code, name, on, text if content is None else signed_text(content))
        for note_id, client_id, code, name, on, text, content in session.execute(statement)
    ]
