"""Process grant records: which process notes there are, without a word of them, and who was let in to read one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, aliased

from lib.storage.tables import Account, Client, Note, ProcessGrant


@dataclass(frozen=True, slots=True)
class ProcessNote:
    """That a process note is there: whose, about which client, of which day. Never what it says."""

    note_id: int
    client_id: int
    code: str
    dated_on: date
    status: str
    originator_id: int | None
    author: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave for one person to read one process note, from one day to another, both included, unless revoked."""

    id: int
    note_id: int
    reader_id: int
    reader: str
    granted_by: str
    reason: str
    starts_on: date
    ends_on: date
    revoked_at: datetime | None


def written_by(session: Session, account_id: int) -> list[ProcessNote]:
    """Process notes of this author, newest first."""
    return _notes(session, Note.originator_id == account_id)


def about_client(session: Session, code: str) -> list[ProcessNote]:
    """Process notes about the client of this code, newest first."""
    return _notes(session, Client.code == code)


def granted_to(session: Session, account_id: int, today: date) -> list[ProcessNote]:
    """Process notes this person may read today by a grant."""
    held = select(ProcessGrant.note_id).where(
        ProcessGrant.account_id == account_id,
        ProcessGrant.starts_on <= today,
        ProcessGrant.ends_on >= today,
        ProcessGrant.revoked_at.is_(None),
    )
    return _notes(session, Note.id.in_(held))


def process_note(session: Session, note_id: int) -> ProcessNote | None:
    """One process note by its id."""
    return next(iter(_notes(session, Note.id == note_id)), None)


def grants_of(session: Session, note_ids: Sequence[int]) -> list[Grant]:
    """Every grant for these notes, revoked ones too, newest first."""
    reader, giver = aliased(Account), aliased(Account)
    statement = (
        select(
            ProcessGrant.id,
            ProcessGrant.note_id,
            reader.id,
            reader.name,
            giver.name,
            ProcessGrant.reason,
            ProcessGrant.starts_on,
            ProcessGrant.ends_on,
            ProcessGrant.revoked_at,
        )
        .join(reader, reader.id == ProcessGrant.account_id)
        .join(giver, giver.id == ProcessGrant.granted_by_id)
        .where(ProcessGrant.note_id.in_(note_ids))
        .order_by(ProcessGrant.id.desc())
    )
    return [Grant(*row) for row in session.execute(statement)]


def readers(session: Session) -> list[tuple[int, str, str]]:
    """Id, name and address of every open account."""
    statement = select(Account.id, Account.name, Account.email).where(Account.is_disabled.is_(False))
    return [(row[0], row[1], row[2]) for row in session.execute(statement.order_by(Account.name, Account.id))]


def add_grant(
    session: Session, note_id: int, account_id: int, granted_by_id: int, reason: str, starts_on: date, ends_on: date
) -> int:
    """Let this person read this note within these days. Returns the grant's id."""
    row = ProcessGrant(
        note_id=note_id, account_id=account_id, granted_by_id=granted_by_id, reason=reason, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def grant_to_change(session: Session, grant_id: int) -> ProcessGrant | None:
    """The grant's row, held against other writers until the transaction ends."""
    return session.scalar(select(ProcessGrant).where(ProcessGrant.id == grant_id).with_for_update())


def seal(session: Session, client_id: int, now: datetime) -> list[int]:
    """Revoke every grant for process notes about a client. Returns their ids."""
    about = select(Note.id).where(Note.client_id == client_id)
    ended = (
        update(ProcessGrant)
        .where(ProcessGrant.note_id.in_(about), ProcessGrant.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ProcessGrant.id)
    )
    return sorted(session.scalars(ended))


def _notes(session: Session, which: ColumnElement[bool]) -> list[ProcessNote]:
    author = aliased(Account)
    statement = (
        select(Note.id, Note.client_id, Client.code, Note.dated_on, Note.status, Note.originator_id, author.name)
        .join(Client, Client.id == Note.client_id)
        .outerjoin(author, author.id == Note.originator_id)
        .where(Note.compartment == "process", Note.status != "retracted", which)
        .order_by(Note.dated_on.desc(), Note.id.desc())
    )
    return [ProcessNote(*row[:6], author=row[6] or "") for row in session.execute(statement)]
