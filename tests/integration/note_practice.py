"""The little practice that tests of notes stand on, and what they do with a note again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import (
    NotYours,
    UserFacingError,
)
from lib.domain.notes import Compartment, NoteFormat, SessionDetails, text_hash
from lib.domain.people import Actor, Role
from lib.services import notes
from lib.services.hashing import password_hash
from lib.services.notes import NoteDraft, NoteText
from lib.storage.engine import Database
from lib.storage.tables import (
    Account,
    Assignment,
    AuditEvent,
    Client,
    Note,
    Practice,
    Supervision,
)
from tests.conftest import NOW

DAY = NOW.date()
PASSWORD = "correct horse battery staple"
ANNA, BORIS = 1, 2  # clients of the therapist
WORDS = "SUBJECTIVE:\nSaid closeness felt like a trap.\r\n*not* <b>markup</b>\n"


def _actor(account_id: int, role: Role, is_trainee: bool = False) -> Actor:
    return Actor(account_id, f"a{account_id}@example.org", f"Person {account_id}", frozenset({role}), is_trainee)


THERAPIST = _actor(1, Role.THERAPIST)
PEER = _actor(2, Role.THERAPIST)
SUPERVISOR = _actor(3, Role.SUPERVISOR)
ADMIN = _actor(4, Role.PRACTICE_ADMIN)
TRAINEE = _actor(5, Role.THERAPIST, is_trainee=True)
TRAINEES_CLIENT = 3
EVERYBODY_ELSE = [PEER, SUPERVISOR, ADMIN, TRAINEE]


def fill(database: Database) -> Database:
    """A therapist with two clients, a peer, a supervisor of therapist and trainee, an admin, a trainee."""
    hashed = password_hash(PASSWORD)
    people = [THERAPIST, PEER, SUPERVISOR, ADMIN, TRAINEE]
    with database.writing() as session:
        session.add(Practice(id=1, name="Harbour Practice", created_at=NOW))
        session.add_all(
            Account(
                id=one.account_id, email=one.email, name=one.name, roles=sorted(one.roles),
                is_trainee=one.is_trainee, password_hash=hashed, created_at=NOW,
            )
            for one in people
        )  # fmt: skip
        session.add_all(
            [
                Client(id=ANNA, code="A-1", name="Anna Muster", born_on=date(1990, 1, 31), created_at=NOW),
                Client(id=BORIS, code="B-2", name="Boris Beispiel", created_at=NOW),
                Client(id=TRAINEES_CLIENT, code="C-3", name="Cleo Muster", created_at=NOW),
            ]
        )
        session.flush()
        for client_id, therapist_id in ((ANNA, 1), (BORIS, 1), (TRAINEES_CLIENT, 5)):
            session.add(
                Assignment(client_id=client_id, therapist_id=therapist_id, kind="owner", starts_on=date(2026, 1, 1))
            )
        for therapist_id in (1, 5):
            session.add(Supervision(supervisor_id=3, therapist_id=therapist_id, starts_on=date(2026, 1, 1)))
    return database


def start_draft(
    database: Database,
    definitions: Definitions,
    client_id: int = ANNA,
    actor: Actor = THERAPIST,
    compartment: Compartment = Compartment.PROGRESS,
) -> NoteDraft:
    with database.writing() as session:
        return notes.start_note(
            session, actor, client_id, DAY, NoteFormat.SOAP, compartment, NOW,
            SessionDetails(minutes=50, modality="in person"), definitions=definitions,
        )  # fmt: skip


def save_draft(
    database: Database, draft: NoteDraft, text: str, base: int | None = None, actor: Actor = THERAPIST
) -> int:
    with database.writing() as session:
        base = draft.version if base is None else base
        return notes.save_draft(session, actor, draft.note_id, draft.client_id, text, base, NOW).version


def sign_draft(database: Database, draft: NoteDraft, definitions: Definitions, actor: Actor = THERAPIST) -> None:
    with database.writing() as session:
        shown = text_hash(session.get_one(Note, draft.note_id).text)
        notes.sign_note(session, actor, draft.note_id, draft.client_id, PASSWORD, shown, NOW, definitions=definitions)


def signed_note(
    database: Database, definitions: Definitions, client_id: int = ANNA, actor: Actor = THERAPIST
) -> NoteDraft:
    draft = start_draft(database, definitions, client_id, actor)
    save_draft(database, draft, WORDS, actor=actor)
    sign_draft(database, draft, definitions, actor)
    return draft


def seen_notes(database: Database, actor: Actor, client_id: int = ANNA, later: int = 0) -> list[NoteText]:
    with database.writing() as session:
        return notes.notes_of_client(session, actor, client_id, NOW + timedelta(days=later))


def seen_or_nothing(database: Database, actor: Actor, client_id: int = ANNA, later: int = 0) -> list[NoteText]:
    try:
        return seen_notes(database, actor, client_id, later)
    except NotYours:
        return []


def events(database: Database) -> list[AuditEvent]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)))


def note_row(database: Database, note_id: int) -> Note:
    with database.reading() as session:
        return session.get_one(Note, note_id)


def refused(database: Database, error: type[UserFacingError], act: Callable[[Session], object]) -> UserFacingError:
    with pytest.raises(error) as caught, database.writing() as session:
        act(session)
    return caught.value
