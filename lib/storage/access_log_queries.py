"""Access log queries: the events of one client, with the names of who acted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.tables import Account, AuditEvent


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """One event that names the client's code."""

    sequence: int
    at: datetime
    actor_id: int | None
    actor: str
    role: str
    action: str
    record_type: str
    record_id: int | None
    details: dict[str, Any]


def events_of_client(session: Session, code: str, before: int | None, limit: int) -> list[ClientEvent]:
    """The newest first; `before` is the last number of the page above. By the index on the code."""
    e = AuditEvent
    statement = (
        select(
            e.sequence, e.at, e.actor_id, func.coalesce(Account.name, e.actor_email), e.role, e.action, e.record_type,
            e.record_id, e.details,
        )
        .outerjoin(Account, Account.id == e.actor_id)
        .where(e.client_code == code)
        .order_by(e.sequence.desc())
        .limit(limit)
    )  # fmt: skip
    if before is not None:
        statement = statement.where(e.sequence < before)
    return [ClientEvent(*row) for row in session.execute(statement)]


def has_event_since(session: Session, code: str, actor_id: int | None, actions: Sequence[str], since: datetime) -> bool:
    """Whether this account did one of these acts to this client since then."""
    e = AuditEvent
    found = select(e.sequence).where(
        e.client_code == code, e.actor_id == actor_id, e.action.in_(actions), e.at >= since
    )
    return session.scalar(found.limit(1)) is not None
