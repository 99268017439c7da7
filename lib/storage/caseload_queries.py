"""Caseload queries: the standings of the clients an actor owns or covers today, by an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lib.domain.check_ins import CheckInState
from lib.domain.people import Actor
from lib.storage import sight
from lib.storage.tables import Assignment, CheckIn, Standing


@dataclass(frozen=True, slots=True)
class StandingOfOwn:
    """One client's standing, and whether the client is owned or covered."""

    client_id: int
    kind: str
    detail: dict[str, Any]


def standings_of_own(session: Session, actor: Actor, now: datetime, include_closed: bool) -> list[StandingOfOwn]:
    """Standings of the clients assigned to this actor today. A client both owned and covered comes twice.

    Of closed courses those that ask for somebody are never left out: an open flag, or a check-in that is due."""
    statement = (
        select(Standing.client_id, Assignment.kind, Standing.detail)
        .join(Assignment, Assignment.client_id == Standing.client_id)
        .where(
            Standing.client_id.in_(sight.own_clients(actor, now.date())),
            Assignment.therapist_id == actor.account_id,
            sight.assigned_today(now.date()),
        )
    )
    if not include_closed:
        due = exists().where(
            CheckIn.client_id == Standing.client_id,
            CheckIn.state == CheckInState.DUE.value,
            CheckIn.due_on <= now.date(),
        )
        statement = statement.where(or_(Standing.is_open, Standing.open_flags > 0, due))
    return [StandingOfOwn(*row) for row in session.execute(statement)]
