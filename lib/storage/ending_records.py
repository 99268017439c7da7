"""Decisions about ending at rest: written once, with the board they rest on; the database lets nothing change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.storage.tables import Account, EndingDecision


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision, who took it, and the board as it stood then."""

    id: int
    decision: str
    planned_on: date | None
    reasons: str
    board: list[Any]
    decided_by: str
    decided_at: datetime


def add_decision(
    session: Session,
    client_id: int,
    decision: str,
    planned_on: date | None,
    reasons: str,
    board: list[dict[str, Any]],
    account_id: int,
    now: datetime,
) -> int:
    """A new decision. Returns its id."""
    row = EndingDecision(
        client_id=client_id,
        decision=decision,
        planned_on=planned_on,
        reasons=reasons,
        board=board,
        decided_by_id=account_id,
        decided_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def decisions_of(session: Session, client_id: int) -> list[StoredDecision]:
    """Every decision about this client's ending, the newest first."""
    d = EndingDecision
    rows = session.execute(
        select(d.id, d.decision, d.planned_on, d.reasons, d.board, func.coalesce(Account.name, ""), d.decided_at)
        .outerjoin(Account, Account.id == d.decided_by_id)
        .where(d.client_id == client_id)
        .order_by(d.decided_at.desc(), d.id.desc())
    )
    return [StoredDecision(*row) for row in rows]
