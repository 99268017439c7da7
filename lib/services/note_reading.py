"""Reading notes: what of a client's notes this actor may see, with the audit event of having seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.errors import NotYours
from lib.domain.notes import (
    Compartment,
    NoteFormat,
    NoteStatus,
    kind_of,
    may_add,
    may_sign,
    may_write,
    signed_text,
    status_in_words,
    text_hash,
)
from lib.domain.people import Actor
from lib.domain.policy import Action, Record, RecordKind, Relation, check_may, may
from lib.services import access
from lib.storage import access_queries, note_queries, note_review_queries
from lib.storage.access_queries import ClientFacts
from lib.storage.note_queries import AddendumRow, ClientChoice, NoteRow, ReviewRow, SessionRow


@dataclass(frozen=True, slots=True)
class NoteText:
    """One note as this actor may see it now. `text` is None, and `withheld` says why, where it is not shown.

    A signed note's text is the frozen one. `text_sha256` is over `text`, for comparing at signing. `given_back`: the
    words of the version that a supervisor gave back, once a next one is signed."""

    id: int
    client_id: int
    session_id: int | None
    dated_on: date
    format: NoteFormat
    template: str
    compartment: Compartment
    status: NoteStatus
    status_words: str
    author: str
    text: str | None
    withheld: str
    text_sha256: str
    version: int
    saved_at: datetime
    signed_by: str
    signed_at: datetime | None
    import_file: str
    import_labels: tuple[str, ...]
    retracted_at: datetime | None
    retraction_reason: str
    addenda: tuple[AddendumRow, ...]
    reviews: tuple[ReviewRow, ...]
    given_back: str | None
    may_be_written: bool
    may_be_signed: bool
    may_be_added_to: bool

    @property
    def format_words(self) -> str:
        """How the note is laid out: the practice's own template by name, else the format."""
        return self.template or (self.format.title() if self.format is NoteFormat.NARRATIVE else self.format.upper())


def notes_of_client(session: Session, actor: Actor, client_id: int, now: datetime) -> list[NoteText]:
    """Every note of the client that this actor may see, newest first, and one audit event that names them.

    Raises NotYours when the client is none of the actor's. Others' drafts and process notes do not exist here."""
    rows = note_queries.visible_notes(session, actor, client_id, now)
    if not rows:  # a grant for one process note lets its reader in without the client being theirs
        access.client_for(session, actor, Action.READ, RecordKind.NOTE_SIGNED, client_id, now)
        return []
    return _as_read(session, actor, client_id, rows, now)


@dataclass(frozen=True, slots=True)
class NotePage:
    """Everything the screen of one client's notes shows, read in one go."""

    client: ClientFacts
    notes: list[NoteText]
    sessions: list[SessionRow]


def note_page(session: Session, actor: Actor, client_id: int, now: datetime) -> NotePage:
    """The client, their sessions and the notes this actor may see, newest first; one audit event names the notes.

    Raises NotYours when the client is none of the actor's."""
    client = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return NotePage(
        client,
        notes_of_client(session, actor, client_id, now),
        note_queries.sessions_of(session, client_id),
    )


def clients_to_write_for(session: Session, actor: Actor, now: datetime) -> list[ClientChoice]:
    """The clients this actor owns or covers today, by name, each with how many own notes are still to be signed."""
    return note_queries.clients_to_write_for(session, actor, now)


def note_of_client(session: Session, actor: Actor, note_id: int, client_id: int, now: datetime) -> NoteText:
    """One note of this client, and its audit event. Raises NotYours when it is not one this actor may see."""
    rows = [row for row in note_queries.visible_notes(session, actor, client_id, now) if row.id == note_id]
    if not rows:
        raise NotYours("note", note_id)
    return _as_read(session, actor, client_id, rows, now)[0]


def client_and_note(
    session: Session, actor: Actor, note_id: int, client_id: int, now: datetime
) -> tuple[ClientFacts, NoteText]:
    """A client and one of their notes, for a screen that shows both; its audit event. Raises NotYours."""
    client = access.client_for(session, actor, Action.READ, RecordKind.NOTE_SIGNED, client_id, now)
    return client, note_of_client(session, actor, note_id, client_id, now)


def sessions_of_client(session: Session, actor: Actor, client_id: int, now: datetime) -> list[SessionRow]:
    """The client's sessions, newest first. Raises NotYours when the client is none of the actor's."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return note_queries.sessions_of(session, client_id)


def _as_read(session: Session, actor: Actor, client_id: int, rows: list[NoteRow], now: datetime) -> list[NoteText]:
    facts = access_queries.client_facts(session, actor, client_id, now)
    if facts is None:
        raise NotYours(RecordKind.CLIENT_IDENTITY.value, client_id)
    ids = [row.id for row in rows]
    granted = note_queries.granted_notes(session, actor, now.date())
    addenda, reviews = note_queries.addenda_of(session, ids), note_queries.reviews_of(session, ids)
    signed_anew = [row.id for row in rows if NoteStatus(row.status) in (NoteStatus.SIGNED, NoteStatus.COSIGNED)]
    given_back = note_review_queries.contents_given_back(session, signed_anew)
    read = [
        _note_text(
            row,
            actor,
            _relations(row, actor, facts.relations, granted),
            tuple(one for one in addenda if one.note_id == row.id),
            tuple(one for one in reviews if one.note_id == row.id),
            given_back.get(row.id),
        )
        for row in rows
    ]
    shown = [note.id for note in read if note.text is not None]
    access.record_event(session, actor, "note_read", "note", now, client_code=facts.code, details={"note_ids": shown})
    return read


def _relations(
    row: NoteRow, actor: Actor, to_client: frozenset[Relation], granted: frozenset[int]
) -> frozenset[Relation]:
    own = actor.account_id is not None and row.originator_id == actor.account_id
    return (
        to_client
        | (frozenset({Relation.ORIGINATOR}) if own else frozenset())
        | (frozenset({Relation.GRANTEE}) if row.id in granted else frozenset())
    )


def _note_text(
    row: NoteRow,
    actor: Actor,
    relations: frozenset[Relation],
    addenda: tuple[AddendumRow, ...],
    reviews: tuple[ReviewRow, ...],
    given_back: str | None,
) -> NoteText:
    status, compartment, note_format = NoteStatus(row.status), Compartment(row.compartment), NoteFormat(row.format)
    record = Record(kind_of(status, compartment), relations, row.author_is_trainee, row.id)
    check_may(actor, Action.READ, record)
    writes = may_write(status) and Relation.ORIGINATOR in relations and _may_write(actor, relations, compartment)
    text = _text_shown(row, status, writes)
    waits = row.author_is_trainee and compartment is Compartment.PROGRESS
    return NoteText(
        id=row.id,
        client_id=row.client_id,
        session_id=row.session_id,
        dated_on=row.dated_on,
        format=note_format,
        template=row.template,
        compartment=compartment,
        status=status,
        status_words=status_in_words(status, waits),
        author=row.author,
        text=text,
        withheld=row.retraction_reason if text is None else "",
        text_sha256=text_hash(text or ""),
        version=row.version,
        saved_at=row.saved_at,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        import_file=row.import_file,
        import_labels=row.import_labels,
        retracted_at=row.retracted_at,
        retraction_reason=row.retraction_reason,
        addenda=addenda if text is not None else (),
        reviews=reviews,
        given_back=signed_text(given_back) if given_back is not None else None,
        may_be_written=writes,
        may_be_signed=writes and may_sign(status, text or ""),
        may_be_added_to=may_add(status) and may(actor, Action.ADD, record),
    )


def _may_write(actor: Actor, relations: frozenset[Relation], compartment: Compartment) -> bool:
    return may(actor, Action.WRITE, Record(kind_of(NoteStatus.DRAFT, compartment), relations))


def _text_shown(row: NoteRow, status: NoteStatus, writes: bool) -> str | None:
    """A retracted note is about somebody else, so nobody reads it here. What was signed is read from where
    nothing can change it; only who still writes in a returned note sees the words being written."""
    if status is NoteStatus.RETRACTED:
        return None
    if row.signed_content is not None and not writes:
        return signed_text(row.signed_content)
    return row.text
