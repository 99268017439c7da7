"""Note records: rows of notes, their frozen versions, addenda and reviews. The caller has checked and decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lib.domain.notes import NoteStatus, SessionDetails
from lib.storage.tables import (
    Addendum,
    Administration,
    Episode,
    Evidence,
    Note,
    NoteReview,
    NoteVersion,
    Rating,
    TherapySession,
)


def add_draft(
    session: Session,
    *,
    client_id: int,
    session_id: int | None,
    originator_id: int,
    compartment: str,
    note_format: str,
    dated_on: date,
    text: str,
    now: datetime,
    template: str = "",
    labels: Sequence[str] = (),
) -> Note:
    """A new draft, version 1. `labels` say where its words come from, when they were not typed here."""
    note = Note(
        client_id=client_id,
        session_id=session_id,
        originator_id=originator_id,
        compartment=compartment,
        status=NoteStatus.DRAFT.value,
        format=note_format,
        template=template,
        import_labels=list(labels),
        dated_on=dated_on,
        text=text,
        saved_at=now,
    )
    session.add(note)
    session.flush()
    return note


def write_text(session: Session, note: Note, text: str, now: datetime) -> None:
    """Put this text into the note as its next version."""
    note.text = text
    note.version += 1
    note.saved_at = now
    session.flush()


def set_status(session: Session, note: Note, status: NoteStatus) -> None:
    """Move the note to this status."""
    note.status = status.value
    session.flush()


def retract(session: Session, note: Note, reason: str, now: datetime) -> None:
    """Mark the note as retracted: its text stays where it is, and what it was evidence of no longer counts."""
    note.status = NoteStatus.RETRACTED.value
    note.retracted_at = now
    note.retraction_reason = reason
    session.flush()
    session.execute(
        update(Evidence).where(Evidence.note_id == note.id).values(state="rejected", reason="note retracted")
    )


def freeze_version(
    session: Session,
    note: Note,
    *,
    number: int,
    content: str,
    sha256: str,
    signed_by_id: int | None,
    now: datetime,
    meaning: str,
) -> None:
    """Keep this content for good: database triggers let nothing change it afterwards."""
    session.add(
        NoteVersion(
            note_id=note.id,
            number=number,
            content=content,
            sha256=sha256,
            signed_by_id=signed_by_id,
            signed_at=now,
            meaning=meaning,
        )
    )
    session.flush()


def add_addendum(session: Session, note: Note, author_id: int, text: str, sha256: str, now: datetime) -> int:
    """A frozen addition to a note. Returns its id."""
    row = Addendum(note_id=note.id, author_id=author_id, written_at=now, text=text, sha256=sha256)
    session.add(row)
    session.flush()
    return row.id


def add_review(
    session: Session, note: Note, supervisor_id: int, decision: NoteStatus, comment: str, now: datetime
) -> None:
    """A supervisor's decision on a trainee's note: cosigned or returned."""
    session.add(
        NoteReview(
            note_id=note.id, supervisor_id=supervisor_id, decided_at=now, decision=decision.value, comment=comment
        )
    )
    session.flush()


def add_session(session: Session, client_id: int, held_on: date, details: SessionDetails) -> int:
    """A session held or offered, numbered after the last one. Returns its id."""
    row = TherapySession(
        client_id=client_id,
        episode_id=_open_episode(session, client_id),
        number=_next_number(session, client_id),
        held_on=held_on,
        starts_at_time=details.starts_at_time,
        modality=details.modality,
        minutes=details.minutes,
        attendance=details.attendance,
        parts=list(details.parts),
        approaches=list(details.approaches),
        techniques=details.techniques,
        agreed=details.agreed,
        risk_note=details.risk_note,
        next_plan=details.next_plan,
        next_on=details.next_on,
    )
    session.add(row)
    session.flush()
    return row.id


def session_to_change(session: Session, session_id: int) -> TherapySession | None:
    """The session's row, held against other writers until the transaction ends."""
    return session.scalar(select(TherapySession).where(TherapySession.id == session_id).with_for_update())


def write_details(session: Session, row: TherapySession, details: SessionDetails) -> None:
    """Put these details into the session as its next version."""
    row.attendance = details.attendance
    row.minutes = details.minutes
    row.modality = details.modality
    row.starts_at_time = details.starts_at_time
    row.parts = list(details.parts)
    row.approaches = list(details.approaches)
    row.techniques = details.techniques
    row.agreed = details.agreed
    row.risk_note = details.risk_note
    row.next_plan = details.next_plan
    row.next_on = details.next_on
    row.version += 1
    session.flush()


def details_of(row: TherapySession) -> SessionDetails:
    """What is noted of this session."""
    return SessionDetails(
        attendance=row.attendance,
        minutes=row.minutes,
        modality=row.modality,
        starts_at_time=row.starts_at_time,
        parts=tuple(row.parts),
        approaches=tuple(row.approaches),
        techniques=row.techniques,
        agreed=row.agreed,
        risk_note=row.risk_note,
        next_plan=row.next_plan,
        next_on=row.next_on,
    )


def stands_alone(session: Session, session_id: int, note_id: int) -> bool:
    """True when nothing but this note hangs on the session: no other living note, no score, no rating."""
    others = (
        select(Note.id).where(Note.session_id == session_id, Note.id != note_id, Note.status != "retracted"),
        select(Administration.id).where(Administration.session_id == session_id),
        select(Rating.id).where(Rating.session_id == session_id),
    )
    return all(session.scalar(statement.limit(1)) is None for statement in others)


def take_out_session(session: Session, row: TherapySession) -> None:
    """A session that was never this client's: its retracted notes name it no more, and it goes."""
    session.execute(update(Note).where(Note.session_id == row.id).values(session_id=None))
    session.delete(row)
    session.flush()


def _next_number(session: Session, client_id: int) -> int:
    last = session.scalar(select(func.max(TherapySession.number)).where(TherapySession.client_id == client_id))
    return (last or 0) + 1


def _open_episode(session: Session, client_id: int) -> int | None:
    return session.scalar(
        select(Episode.id)
        .where(Episode.client_id == client_id, Episode.status == "open")
        .order_by(Episode.number.desc())
        .limit(1)
    )
