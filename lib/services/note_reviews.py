"""Note reviews: what waits for a supervisor's co-signature, and what came back to its author."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.people import Actor, Permission
from lib.services import access
from lib.storage import note_review_queries
from lib.storage.note_review_queries import ReturnedWork, WaitingNote

__all__ = ["ReturnedWork", "WaitingNote", "returned_to_me", "waiting_for_cosignature"]


def waiting_for_cosignature(session: Session, actor: Actor, now: datetime) -> list[WaitingNote]:
    """Signed notes of the actor's own trainees that nobody co-signed yet, without their text, oldest signature first.

    Raises NotAllowed for whom this role does not include."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    return note_review_queries.notes_that_wait(session, actor, now.date())


def returned_to_me(session: Session, actor: Actor, now: datetime) -> list[ReturnedWork]:
    """The actor's own notes and documents a supervisor gave back, with the comment, the longest waiting first.

    Raises NotAllowed for whom this role does not include."""
    access.require(session, actor, Permission.VIEW_OWN_CASELOAD)
    return note_review_queries.returned_to(session, actor, now.date())
