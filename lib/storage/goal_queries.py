"""Goal queries: a client's goals for Goal Attainment Scaling, and how far each was reached on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lib.storage.tables import Goal, GoalAttainment


@dataclass(frozen=True, slots=True)
class StoredGoal:
    """One goal of a marker. `levels` maps "-2" to "2" to what would be seen; empty where nobody wrote it down."""

    id: int
    client_id: int
    marker: str
    goal: str
    weight: float
    levels: Mapping[str, Any]
    agreed_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class StoredAttainment:
    """How far a goal was reached on a day, -2 to 2."""

    id: int
    goal_id: int
    rated_on: date
    attained: int


def goals_of(session: Session, client_id: int) -> list[StoredGoal]:
    """The client's goals, in the order they were agreed."""
    g = Goal
    statement = select(g.id, g.client_id, g.marker, g.goal, g.weight, g.levels, g.agreed_on, g.ended_on)
    rows = session.execute(statement.where(g.client_id == client_id).order_by(g.agreed_on, g.id))
    return [StoredGoal(*row) for row in rows]


def attainments_of(session: Session, client_id: int) -> list[StoredAttainment]:
    """Every current attainment of the client's goals, oldest first."""
    a = GoalAttainment
    statement = (
        select(a.id, a.goal_id, a.rated_on, a.attained)
        .join(Goal, Goal.id == a.goal_id)
        .where(Goal.client_id == client_id, a.superseded_at.is_(None))
        .order_by(a.rated_on, a.id)
    )
    return [StoredAttainment(*row) for row in session.execute(statement)]
