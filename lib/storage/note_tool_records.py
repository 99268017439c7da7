"""Note tool records: the practice's templates and each person's own phrases. The caller has checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lib.domain.note_tools import Template
from lib.storage.tables import Administration, NotePhrase, NoteTemplate, TherapySession


def templates(session: Session) -> list[Template]:
    """Every template of the practice, by name, retired ones too."""
    return [_as_template(row) for row in session.scalars(select(NoteTemplate).order_by(NoteTemplate.name))]


def template_of(session: Session, template_id: int) -> Template | None:
    """One template by its id."""
    row = session.get(NoteTemplate, template_id)
    return _as_template(row) if row is not None else None


def template_named(session: Session, name: str) -> NoteTemplate | None:
    """The row of this name, whatever its letters' case."""
    return session.scalar(select(NoteTemplate).where(func.lower(NoteTemplate.name) == name.lower()))


def add_template(session: Session, name: str, headings: Sequence[str], account_id: int, now: datetime) -> int:
    """A new template. Returns its id."""
    row = NoteTemplate(name=name, headings=list(headings), saved_by_id=account_id, saved_at=now)
    session.add(row)
    session.flush()
    return row.id


def set_retired(session: Session, template_id: int, is_retired: bool) -> None:
    """Offer this template no more, or again."""
    session.get_one(NoteTemplate, template_id).is_retired = is_retired
    session.flush()


def phrases_of(session: Session, account_id: int) -> dict[str, str]:
    """This person's phrases by their abbreviation."""
    rows = select(NotePhrase.short, NotePhrase.text).where(NotePhrase.account_id == account_id)
    return {row[0]: row[1] for row in session.execute(rows.order_by(NotePhrase.short))}


def put_phrase(session: Session, account_id: int, short: str, text: str) -> None:
    """Keep the phrase; one of the same abbreviation gives way to it."""
    row = session.scalar(select(NotePhrase).where(NotePhrase.account_id == account_id, NotePhrase.short == short))
    if row is None:
        session.add(NotePhrase(account_id=account_id, short=short, text=text))
    else:
        row.text = text
    session.flush()


def drop_phrase(session: Session, account_id: int, short: str) -> bool:
    """Let the phrase go; whether there was one."""
    held = delete(NotePhrase).where(NotePhrase.account_id == account_id, NotePhrase.short == short)
    return bool(session.execute(held.returning(NotePhrase.id)).all())


def session_before(session: Session, client_id: int, on: date) -> date | None:
    """The day of the last attended session before this day."""
    return session.scalar(
        select(func.max(TherapySession.held_on)).where(
            TherapySession.client_id == client_id, TherapySession.held_on < on, TherapySession.attendance == "attended"
        )
    )


def forms_between(session: Session, client_id: int, after: date | None, until: date) -> Sequence[Administration]:
    """Current forms filled in after one day and until another, oldest first."""
    statement = select(Administration).where(
        Administration.client_id == client_id,
        Administration.superseded_at.is_(None),
        Administration.taken_on <= until,
    )
    if after is not None:
        statement = statement.where(Administration.taken_on > after)
    return session.scalars(statement.order_by(Administration.taken_on, Administration.id)).all()


def _as_template(row: NoteTemplate) -> Template:
    return Template(row.id, row.name, tuple(str(one) for one in row.headings), row.is_retired)
