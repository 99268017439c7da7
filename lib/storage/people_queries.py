"""People queries: who has which client, who answers for whom, and what keeps a client from changing hands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from lib.storage import sight
from lib.storage.tables import Account, Assignment, Client, Document, Note, Supervision


@dataclass(frozen=True, slots=True)
class ClientAssignmentRow:
    """A client as a practice admin may see them: name, code and who has them today. No owner: nobody has."""

    client_id: int
    code: str
    name: str
    owner_id: int | None
    owner_name: str | None
    owner_is_disabled: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class CoverRow:
    """Somebody who sees a client beside its owner, for dated days."""

    assignment_id: int
    client_code: str
    client_name: str
    therapist_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class SupervisionRow:
    """Who answers for whom, from when to when; open while `ends_on` is empty."""

    supervision_id: int
    supervisor_name: str
    therapist_name: str
    starts_on: date
    ends_on: date | None


def client_assignments(session: Session, today: date, search: str, limit: int) -> list[ClientAssignmentRow]:
    """Clients nobody has first, then by code; `search` is found in code or name, letter by letter."""
    statement = _with_owner(today).where(_found(search))
    statement = statement.order_by(Account.id.is_not(None), Account.is_disabled.is_(False), Client.code).limit(limit)
    return [
        ClientAssignmentRow(row.id, row.code, row.name, row[3], row[4], bool(row[5]), row[6])
        for row in session.execute(statement)
    ]


def count_clients(session: Session, search: str) -> int:
    """How many clients the search finds."""
    return session.scalar(select(func.count()).select_from(Client).where(_found(search))) or 0


def count_unassigned(session: Session, today: date) -> int:
    """How many clients nobody has today."""
    owned = select(Assignment.client_id).where(Assignment.kind == "owner", sight.assigned_today(today))
    return session.scalar(select(func.count()).select_from(Client).where(Client.id.not_in(owned))) or 0


def supervisions(session: Session) -> list[SupervisionRow]:
    """Every supervision, open ones first, newest first."""
    supervisor, therapist = aliased(Account), aliased(Account)
    statement = (
        select(Supervision.id, supervisor.name, therapist.name, Supervision.starts_on, Supervision.ends_on)
        .join(supervisor, supervisor.id == Supervision.supervisor_id)
        .join(therapist, therapist.id == Supervision.therapist_id)
        .order_by(Supervision.ends_on.is_not(None), Supervision.starts_on.desc(), Supervision.id.desc())
    )
    return [SupervisionRow(*row) for row in session.execute(statement)]


def covers(session: Session, today: date) -> list[CoverRow]:
    """Covers that hold today or later, soonest end first."""
    statement = (
        select(Assignment.id, Client.code, Client.name, Account.name, Assignment.starts_on, Assignment.ends_on)
        .join(Client, Client.id == Assignment.client_id)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(Assignment.kind == "cover", or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today))
        .order_by(Assignment.ends_on, Client.code)
    )
    return [CoverRow(*row) for row in session.execute(statement)]


def supervision(session: Session, supervision_id: int) -> Supervision | None:
    """One supervision by id."""
    return session.get(Supervision, supervision_id)


def assignment(session: Session, assignment_id: int) -> Assignment | None:
    """One assignment by id."""
    return session.get(Assignment, assignment_id)


def open_owners(session: Session, client_id: int, today: date) -> list[Assignment]:
    """The owner assignments of a client that hold today or later: one, unless something went wrong."""
    statement = select(Assignment).where(
        Assignment.client_id == client_id,
        Assignment.kind == "owner",
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= today),
    )
    return list(session.scalars(statement.order_by(Assignment.id)))


def has_overlapping_supervision(
    session: Session, supervisor_id: int, therapist_id: int, starts_on: date, ends_on: date | None
) -> bool:
    """Whether these two are in supervision with each other on any of these days already."""
    conditions = [
        Supervision.supervisor_id == supervisor_id,
        Supervision.therapist_id == therapist_id,
        or_(Supervision.ends_on.is_(None), Supervision.ends_on >= starts_on),
    ]
    if ends_on is not None:
        conditions.append(Supervision.starts_on <= ends_on)
    return session.scalar(select(Supervision.id).where(*conditions).limit(1)) is not None


def unsigned_drafts(session: Session, client_id: int, account_id: int) -> int:
    """How many notes and documents about a client this person began and has not signed."""
    notes = select(func.count()).where(
        Note.client_id == client_id, Note.originator_id == account_id, Note.status.in_(("draft", "returned"))
    )
    documents = select(func.count()).where(
        Document.client_id == client_id, Document.author_id == account_id, Document.status == "draft"
    )
    return (session.scalar(notes) or 0) + (session.scalar(documents) or 0)


def _with_owner(today: date) -> Select[int, str, str, int, str, bool, date]:
    owned = and_(Assignment.client_id == Client.id, Assignment.kind == "owner", sight.assigned_today(today))
    return (
        select(Client.id, Client.code, Client.name, Account.id, Account.name, Account.is_disabled, Assignment.starts_on)
        .outerjoin(Assignment, owned)
        .outerjoin(Account, Account.id == Assignment.therapist_id)
    )


def _found(search: str) -> ColumnElement[bool]:
    search = search.strip()
    return or_(Client.code.icontains(search, autoescape=True), Client.name.icontains(search, autoescape=True))
