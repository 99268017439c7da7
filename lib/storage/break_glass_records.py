"""Break-glass records: readings of one client with a recorded reason, and whether the owner has been told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import Account, Assignment, BreakGlass, Client


@dataclass(frozen=True, slots=True)
class ReasonedReading:
    """Who reads, or read, which client out of the ordinary, why, and until when."""

    id: int
    client_id: int
    client_code: str
    client_name: str
    account_id: int
    reader: str
    reason: str
    begins_at: datetime
    ends_at: datetime
    owner_saw_at: datetime | None

    def covers(self, account_id: int | None, moment: datetime) -> bool:
        """Whether an act of this account at this moment fell into the reading."""
        return account_id == self.account_id and self.begins_at <= moment < self.ends_at


def add_reading(
    session: Session, client_id: int, account_id: int, reason: str, begins_at: datetime, ends_at: datetime
) -> int:
    """A new reading, its owner not told yet. Returns its id."""
    row = BreakGlass(
        client_id=client_id, account_id=account_id, reason=reason, begins_at=begins_at, ends_at=ends_at,
        owner_saw_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def reading_row(session: Session, reading_id: int) -> BreakGlass | None:
    """One reading's row, to be changed."""
    return session.get(BreakGlass, reading_id)


def open_readings(session: Session, actor: Actor, now: datetime) -> list[ReasonedReading]:
    """The actor's own readings that still hold."""
    holds = BreakGlass.client_id.in_(sight.opened_by_break_glass(actor, now))
    return _found(session, BreakGlass.account_id == actor.account_id, BreakGlass.ends_at > now, holds)


def readings_of_client(session: Session, client_id: int) -> list[ReasonedReading]:
    """Every reading of one client, the newest first."""
    return _found(session, BreakGlass.client_id == client_id)


def untold_readings(session: Session, actor: Actor, today: date) -> list[ReasonedReading]:
    """Readings of clients the actor owns today that no owner has seen the notice of."""
    owned = select(Assignment.client_id).where(
        Assignment.therapist_id == actor.account_id,
        Assignment.kind == "owner",
        sight.assigned_today(today),
        Assignment.client_id.in_(sight.own_clients(actor, today)),
    )
    return _found(session, BreakGlass.owner_saw_at.is_(None), BreakGlass.client_id.in_(owned))


def _found(session: Session, *conditions: ColumnElement[bool]) -> list[ReasonedReading]:
    b = BreakGlass
    columns: tuple[Any, ...] = (
        b.id, b.client_id, Client.code, Client.name, b.account_id, Account.name, b.reason, b.begins_at, b.ends_at,
        b.owner_saw_at,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Client, Client.id == b.client_id)
        .join(Account, Account.id == b.account_id)
        .where(*conditions)
        .order_by(b.begins_at.desc(), b.id.desc())
    )
    return [ReasonedReading(*row) for row in session.execute(statement)]
