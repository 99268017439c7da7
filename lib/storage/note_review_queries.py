"""Note review queries: trainees' signed notes that wait for their supervisor's word, and what was given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select, true
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import Account, Client, Document, DocumentReview, Note, NoteReview, NoteVersion, SignedDocument

_OPEN = ("signed", "returned")  # a trainee's work before the co-signature


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


@dataclass(frozen=True, slots=True)
class ReturnedWork:
    """A note or a document of one's own that a supervisor gave back, without its text. `note_id` is None for documents.

    `dated_on` is the note's day; a document has none."""

    client_id: int
    code: str
    name: str
    note_id: int | None
    dated_on: date | None
    supervisor: str
    returned_at: datetime
    comment: str


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


def contents_given_back(session: Session, note_ids: Sequence[int]) -> dict[int, str]:
    """The canonical content of the version that was given back last, by note, where a next one was signed since."""
    newer = aliased(NoteVersion)
    signed_since = exists().where(newer.note_id == NoteVersion.note_id, newer.number > NoteVersion.number)
    given_back = exists().where(
        NoteReview.note_id == NoteVersion.note_id,
        NoteReview.decision == "returned",
        NoteReview.decided_at >= NoteVersion.signed_at,
    )
    statement = (
        select(NoteVersion.note_id, NoteVersion.content)
        .where(NoteVersion.note_id.in_(note_ids), given_back, signed_since)
        .order_by(NoteVersion.number)
    )
    return {row.note_id: row.content for row in session.execute(statement)}


def returned_to(session: Session, actor: Actor, today: date) -> list[ReturnedWork]:
    """The actor's own notes and documents that were given back and not signed again, of clients the actor has today.

    The comment is the last one; the longest waiting come first."""
    rows = [*_returned_notes(session, actor, today), *_returned_documents(session, actor, today)]
    last = {(one.client_id, key): one for key, one in sorted(rows, key=lambda row: row[1].returned_at)}
    return sorted(last.values(), key=lambda one: one.returned_at)


def _returned_notes(session: Session, actor: Actor, today: date) -> list[tuple[str, ReturnedWork]]:
    statement = (
        select(
            Client.id, Client.code, Client.name, Note.id, Note.dated_on, Account.name, NoteReview.decided_at,
            NoteReview.comment,
        )
        .join(Note, Note.id == NoteReview.note_id)
        .join(Client, Client.id == Note.client_id)
        .join(Account, Account.id == NoteReview.supervisor_id)
        .where(
            Note.status == "returned",
            NoteReview.decision == "returned",
            Note.originator_id == actor.account_id,
            Note.client_id.in_(sight.own_clients(actor, today)),
        )
    )  # fmt: skip
    return [(f"note {row[3]}", ReturnedWork(*row)) for row in session.execute(statement)]


def _returned_documents(session: Session, actor: Actor, today: date) -> list[tuple[str, ReturnedWork]]:
    later = aliased(Document)  # a correction that is signed waits for the supervisor, no longer for its author
    signed_again = exists().where(later.supersedes_id == Document.id, later.status.in_(("signed", "cosigned")))
    statement = (
        select(
            Document.id, Client.id, Client.code, Client.name, Account.name, DocumentReview.decided_at,
            DocumentReview.comment,
        )
        .join(Document, Document.id == DocumentReview.document_id)
        .join(Client, Client.id == Document.client_id)
        .join(Account, Account.id == DocumentReview.supervisor_id)
        .where(
            Document.status == "returned",
            DocumentReview.decision == "returned",
            Document.author_id == actor.account_id,
            ~signed_again,
            Document.client_id.in_(sight.own_clients(actor, today)),
        )
    )  # fmt: skip
    return [
        (f"document {document_id}", ReturnedWork(client_id, code, name, None, None, supervisor, at, comment))
        for document_id, client_id, code, name, supervisor, at, comment in session.execute(statement)
    ]


def uncosigned_work(session: Session, account_id: int) -> tuple[int, int]:
    """How many notes and documents this person signed that still want a supervisor's signature beneath them."""
    notes = select(func.count()).where(
        Note.originator_id == account_id, Note.status.in_(_OPEN), Note.compartment == "progress"
    )
    documents = (
        select(func.count())
        .select_from(Document)
        .join(SignedDocument, SignedDocument.document_id == Document.id)
        .where(SignedDocument.signed_by_id == account_id, Document.status.in_(_OPEN))
    )
    return session.scalars(notes).one(), session.scalars(documents).one()
