"""Client record queries: what stands around one client's measures: heads of notes, breaks, events, ruptures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.storage import note_queries
from lib.storage.tables import Account, Episode, LifeEvent, Note, ProcessPart, Rupture, TherapyBreak


@dataclass(frozen=True, slots=True)
class NoteHead:
    """A note without its text. `author` is empty for an imported one."""

    id: int
    dated_on: date
    status: str
    format: str
    compartment: str
    session_id: int | None
    author: str
    import_file: str


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A break in therapy; `ends_on` None while nobody knows."""

    id: int
    kind: str
    starts_on: date
    ends_on: date | None
    what: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened in the client's life."""

    id: int
    happened_on: date
    what: str


@dataclass(frozen=True, slots=True)
class RuptureRow:
    """A strain in the therapeutic relationship, open until a repair is noted."""

    id: int
    happened_on: date
    what: str
    repaired_on: date | None
    repair: str


def note_heads(session: Session, actor: Actor, client_id: int, now: datetime) -> list[NoteHead]:
    """The heads of the notes this actor may know of, newest first."""
    # An alias, because the condition asks about accounts too.
    n, author = Note, aliased(Account)
    statement = (
        select(
            n.id,
            n.dated_on,
            n.status,
            n.format,
            n.compartment,
            n.session_id,
            func.coalesce(author.name, ""),
            n.import_file,
        )
        .outerjoin(author, author.id == n.originator_id)
        .where(n.client_id == client_id, note_queries.note_is_visible(actor, now))
        .order_by(n.dated_on.desc(), n.id.desc())
    )
    return [NoteHead(*row) for row in session.execute(statement)]


def breaks_of(session: Session, client_id: int) -> list[BreakRow]:
    """Breaks and separations, oldest first."""
    b = TherapyBreak
    statement = select(b.id, b.kind, b.starts_on, b.ends_on, b.what).where(b.client_id == client_id)
    return [BreakRow(*row) for row in session.execute(statement.order_by(b.starts_on, b.id))]


def events_of(session: Session, client_id: int) -> list[EventRow]:
    """Events of the client's life, oldest first."""
    e = LifeEvent
    statement = select(e.id, e.happened_on, e.what).where(e.client_id == client_id)
    return [EventRow(*row) for row in session.execute(statement.order_by(e.happened_on, e.id))]


def ruptures_of(session: Session, client_id: int) -> list[RuptureRow]:
    """Ruptures, oldest first."""
    r = Rupture
    statement = select(r.id, r.happened_on, r.what, r.repaired_on, r.repair).where(r.client_id == client_id)
    return [RuptureRow(*row) for row in session.execute(statement.order_by(r.happened_on, r.id))]


def states_of_parts(session: Session, client_id: int) -> dict[str, tuple[str, date]]:
    """The newest state of each part of the work that was ever marked, and since when, by its key."""
    p = ProcessPart
    statement = select(p.part, p.state, p.since_on).where(p.client_id == client_id).order_by(p.since_on, p.id)
    return {part: (state, since_on) for part, state, since_on in session.execute(statement)}


def course_days(session: Session, client_id: int) -> list[tuple[date, date | None]]:
    """First and last day of each course of therapy, in their order; the last day is None while it goes on."""
    found = select(Episode.starts_on, Episode.ends_on).where(Episode.client_id == client_id).order_by(Episode.number)
    return [(row.starts_on, row.ends_on) for row in session.execute(found)]
