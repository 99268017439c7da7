"""Goal records: goals agreed and ended, and how far they were reached. A correction adds a row and ends the old one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lib.domain.goals import GoalDraft
from lib.storage.tables import Goal, GoalAttainment


def add_goal(session: Session, client_id: int, draft: GoalDraft) -> int:
    """One goal. Returns its id."""
    levels = {str(step): words for step, words in draft.levels.items()}
    row = Goal(
        client_id=client_id,
        marker=draft.marker,
        goal=draft.goal,
        weight=draft.weight,
        levels=levels,
        agreed_on=draft.agreed_on,
    )
    session.add(row)
    session.flush()
    return row.id


def end_goal(session: Session, goal_id: int, ended_on: date) -> None:
    """The goal is no longer rated from this day on."""
    session.get_one(Goal, goal_id).ended_on = ended_on
    session.flush()


def add_attainment(session: Session, goal_id: int, rated_on: date, attained: int, now: datetime) -> int:
    """How far a goal was reached on a day, in place of what was said of that day before. Returns its id."""
    a = GoalAttainment
    session.execute(
        update(a)
        .where(a.goal_id == goal_id, a.rated_on == rated_on, a.superseded_at.is_(None))
        .values(superseded_at=now)
    )
    row = GoalAttainment(goal_id=goal_id, rated_on=rated_on, attained=attained)
    session.add(row)
    session.flush()
    return row.id
