"""Endings at rest: decisions with their board, how it was closed, what was tried: written once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.domain.endings import EndingDraft, OutreachWay, Tried
from lib.storage.tables import Account, EndingDecision, EpisodeEnding, Outreach


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


def add_ending(
    session: Session,
    client_id: int,
    episode_id: int,
    draft: EndingDraft,
    closed_over: list[str],
    account_id: int | None,
    now: datetime,
) -> int:
    """How an episode was closed. Returns its id."""
    row = EpisodeEnding(
        client_id=client_id,
        episode_id=episode_id,
        is_sudden=draft.is_sudden,
        decided_by=draft.decided_by.value,
        not_done=draft.not_done.strip(),
        closed_over=closed_over,
        over_reason=draft.over_reason.strip() if closed_over else "",
        closed_by_id=account_id,
        closed_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def ending_of(session: Session, episode_id: int) -> EpisodeEnding | None:
    """How this episode was closed; None while it is open, or where nobody said."""
    return session.scalar(select(EpisodeEnding).where(EpisodeEnding.episode_id == episode_id))


def add_outreach(
    session: Session, client_id: int, episode_id: int, tried: Tried, account_id: int | None, now: datetime
) -> int:
    """One try to reach the client. Returns its id."""
    row = Outreach(
        client_id=client_id,
        episode_id=episode_id,
        tried_on=tried.tried_on,
        how=tried.how.value,
        what=tried.what,
        recorded_by_id=account_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def outreach_of(session: Session, episode_id: int) -> tuple[Tried, ...]:
    """Every try to reach the client in this episode, the oldest first."""
    o = Outreach
    rows = session.execute(
        select(o.tried_on, o.how, o.what, func.coalesce(Account.name, ""))
        .outerjoin(Account, Account.id == o.recorded_by_id)
        .where(o.episode_id == episode_id)
        .order_by(o.tried_on, o.id)
    )
    return tuple(Tried(row[0], OutreachWay(row[1]), row[2], row[3]) for row in rows)
