"""Note queries: one note to act on, and the notes of one client that an actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import (
    Account,
    Addendum,
    Client,
    Note,
    NoteReview,
    NoteVersion,
    ProcessGrant,
    TherapySession,
)


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note with its session. `signed_content` is the newest frozen version, None while nothing was signed."""

    id: int
    client_id: int
    session_id: int | None
    originator_id: int | None
    author: str
    author_is_trainee: bool
    compartment: str
    status: str
    format: str
    template: str
    dated_on: date
    text: str
    version: int
    saved_at: datetime
    import_file: str
    import_labels: tuple[str, ...]
    retracted_at: datetime | None
    retraction_reason: str
    signed_content: str | None
    signed_by: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session as a list shows it."""

    id: int
    number: int | None
    held_on: date
    starts_at_time: str | None
    attendance: str
    minutes: int | None
    modality: str
    parts: tuple[str, ...]
    approaches: tuple[str, ...]
    techniques: str
    agreed: str
    risk_note: str
    next_plan: str
    next_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class ClientChoice:
    """A client to write for. `unsigned` counts the actor's own drafts and returned notes."""

    id: int
    code: str
    name: str
    unsigned: int
    born_on: date | None


@dataclass(frozen=True, slots=True)
class AddendumRow:
    """One addendum, with who wrote it and when."""

    note_id: int
    author: str
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A supervisor's decision on a trainee's note."""

    note_id: int
    supervisor: str
    decided_at: datetime
    decision: str
    comment: str


def note_to_change(session: Session, note_id: int) -> Note | None:
    """The note's row, held against other writers until the transaction ends."""
    return session.scalar(select(Note).where(Note.id == note_id).with_for_update())


def visible_notes(session: Session, actor: Actor, client_id: int, now: datetime) -> list[NoteRow]:
    """The client's notes this actor may know of, newest first: the policy as a condition of the query."""
    statement = (
        _notes()
        .where(Note.client_id == client_id, note_is_visible(actor, now))
        .order_by(Note.dated_on.desc(), Note.id.desc())
    )
    return [_as_note(row) for row in session.execute(statement)]


def note_is_visible(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The condition that makes a note exist for this actor; as the policy's rows on notes say.

    The service asks the policy again for each note; this keeps the others out of the query altogether."""
    own = and_(_is_actor(Note.originator_id, actor), Note.client_id.in_(sight.own_clients(actor, now.date())))
    supervised_draft = and_(
        Note.client_id.in_(sight.supervised_clients(actor, now.date())),
        exists().where(Account.id == Note.originator_id, Account.is_trainee.is_(true())),
    )
    opened = Note.client_id.in_(sight.opened_by_break_glass(actor, now))  # everything but process notes
    progress = or_(
        and_(Note.status != "draft", sight.client_is_visible(Note.client_id, actor, now)),  # type: ignore[arg-type]
        and_(Note.status == "draft", or_(own, supervised_draft, opened)),
    )
    process = or_(own, Note.id.in_(_granted(actor, now.date())))
    return or_(and_(Note.compartment == "progress", progress), and_(Note.compartment == "process", process))


def sessions_of(session: Session, client_id: int) -> list[SessionRow]:
    """Every session of the client, newest first."""
    statement = (
        select(TherapySession)
        .where(TherapySession.client_id == client_id)
        .order_by(TherapySession.held_on.desc(), TherapySession.id.desc())
    )
    return [
        SessionRow(
            id=row.id,
            number=row.number,
            held_on=row.held_on,
            starts_at_time=row.starts_at_time,
            attendance=row.attendance,
            minutes=row.minutes,
            modality=row.modality,
            parts=tuple(row.parts),
            approaches=tuple(row.approaches),
            techniques=row.techniques,
            agreed=row.agreed,
            risk_note=row.risk_note,
            next_plan=row.next_plan,
            next_on=row.next_on,
            version=row.version,
        )
        for row in session.scalars(statement)
    ]


def clients_to_write_for(session: Session, actor: Actor, now: datetime) -> list[ClientChoice]:
    """Clients the actor owns or covers today, by name."""
    own = and_(
        Note.client_id == Client.id, _is_actor(Note.originator_id, actor), Note.status.in_(("draft", "returned"))
    )
    statement = (
        select(Client.id, Client.code, Client.name, func.count(Note.id), Client.born_on)
        .outerjoin(Note, own)
        .where(Client.id.in_(sight.own_clients(actor, now.date())))
        .group_by(Client.id, Client.code, Client.name, Client.born_on)
        .order_by(Client.name, Client.code)
    )
    return [ClientChoice(*row) for row in session.execute(statement)]


def session_without_such_note(session: Session, client_id: int, held_on: date, compartment: str) -> int | None:
    """A session of that day that has no living note of this compartment yet: the one a new note belongs to."""
    taken = exists().where(
        Note.session_id == TherapySession.id, Note.compartment == compartment, Note.status != "retracted"
    )
    return session.scalar(
        select(TherapySession.id)
        .where(TherapySession.client_id == client_id, TherapySession.held_on == held_on, ~taken)
        .order_by(TherapySession.id)
        .limit(1)
    )


def session_belongs(session: Session, session_id: int, client_id: int) -> bool:
    """True when this session is one of this client's."""
    found = select(TherapySession.id).where(TherapySession.id == session_id, TherapySession.client_id == client_id)
    return session.scalar(found) is not None


def addenda_of(session: Session, note_ids: list[int]) -> list[AddendumRow]:
    """Addenda to these notes, in the order written."""
    statement = (
        select(Addendum.note_id, Account.name, Addendum.written_at, Addendum.text)
        .join(Account, Account.id == Addendum.author_id)
        .where(Addendum.note_id.in_(note_ids))
        .order_by(Addendum.written_at, Addendum.id)
    )
    return [AddendumRow(*row) for row in session.execute(statement)]


def reviews_of(session: Session, note_ids: list[int]) -> list[ReviewRow]:
    """Supervisors' decisions on these notes, in the order taken."""
    statement = (
        select(NoteReview.note_id, Account.name, NoteReview.decided_at, NoteReview.decision, NoteReview.comment)
        .join(Account, Account.id == NoteReview.supervisor_id)
        .where(NoteReview.note_id.in_(note_ids))
        .order_by(NoteReview.decided_at, NoteReview.id)
    )
    return [ReviewRow(*row) for row in session.execute(statement)]


def granted_notes(session: Session, actor: Actor, today: date) -> frozenset[int]:
    """Ids of the process notes this actor holds a grant for today."""
    return frozenset(session.scalars(_granted(actor, today)))


def last_version_number(session: Session, note_id: int) -> int:
    """The number of the newest frozen version; 0 while nothing was signed."""
    return session.scalar(select(func.max(NoteVersion.number)).where(NoteVersion.note_id == note_id)) or 0


def _is_actor(column: ColumnElement[Any] | InstrumentedAttribute[Any], actor: Actor) -> ColumnElement[bool]:
    return column == actor.account_id if actor.account_id is not None else false()


def _granted(actor: Actor, today: date) -> Select[int]:
    return select(ProcessGrant.note_id).where(
        _is_actor(ProcessGrant.account_id, actor),
        ProcessGrant.starts_on <= today,
        ProcessGrant.ends_on >= today,
        ProcessGrant.revoked_at.is_(None),
        sight.works_here(actor),
    )


def _notes() -> Select[*tuple[Any, ...]]:
    earlier = aliased(NoteVersion)
    # Asked note by note, so that one client's notes never cost a pass over everybody's.
    newest = select(func.max(earlier.number)).where(earlier.note_id == Note.id).correlate(Note).scalar_subquery()
    author, signer = aliased(Account), aliased(Account)
    return (
        select(
            Note,
            func.coalesce(author.name, "").label("author"),
            func.coalesce(author.is_trainee, false()).label("author_is_trainee"),
            NoteVersion.content,
            func.coalesce(signer.name, "").label("signed_by"),
            NoteVersion.signed_at,
        )
        .outerjoin(author, author.id == Note.originator_id)
        .outerjoin(NoteVersion, and_(NoteVersion.note_id == Note.id, NoteVersion.number == newest))
        .outerjoin(signer, signer.id == NoteVersion.signed_by_id)
    )


def _as_note(row: Any) -> NoteRow:
    note, author, is_trainee, content, signed_by, signed_at = row
    return NoteRow(
        id=note.id,
        client_id=note.client_id,
        session_id=note.session_id,
        originator_id=note.originator_id,
        author=author,
        author_is_trainee=bool(is_trainee),
        compartment=note.compartment,
        status=note.status,
        format=note.format,
        template=note.template,
        dated_on=note.dated_on,
        text=note.text,
        version=note.version,
        saved_at=note.saved_at,
        import_file=note.import_file,
        import_labels=tuple(str(label) for label in note.import_labels),
        retracted_at=note.retracted_at,
        retraction_reason=note.retraction_reason,
        signed_content=content,
        signed_by=signed_by,
        signed_at=signed_at,
    )
