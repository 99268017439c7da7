"""Goals: agreed with the client, rated from -2 to 2, ended. Each is a source of its marker's estimate."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from lib.domain.definitions import Definitions
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.goal_scaling import check_attained
from lib.domain.goals import GoalDraft, check_goal, check_rated_on
from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, standing
from lib.storage import goal_queries, goal_records
from lib.storage.access_queries import ClientFacts
from lib.storage.goal_queries import StoredGoal


def goals_of(session: Session, actor: Actor, client_id: int, now: datetime) -> list[StoredGoal]:
    """The client's goals, in the order they were agreed. Raises NotYours."""
    access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, client_id, now)
    return goal_queries.goals_of(session, client_id)


def agree_goal(
    session: Session, actor: Actor, client_id: int, draft: GoalDraft, now: datetime, definitions: Definitions
) -> int:
    """Keep a goal. Returns its id. Raises NotYours, NotAllowed, InvalidInput."""
    client = _writable(session, actor, client_id, now)
    check_goal(draft, definitions.model.markers, now.date())
    goal_id = goal_records.add_goal(session, client_id, draft)
    _record(session, actor, "goal_agreed", goal_id, client, now, marker=draft.marker)
    return goal_id


def rate_goal(
    session: Session,
    actor: Actor,
    client_id: int,
    goal_id: int,
    rated_on: date,
    attained: int,
    now: datetime,
    definitions: Definitions,
) -> int:
    """Keep how far a goal was reached on a day, in place of an earlier rating of that day. Returns its id.

    Raises NotYours (also for another client's goal), NotAllowed, InvalidInput."""
    client = _writable(session, actor, client_id, now)
    goal = _own_goal(session, client_id, goal_id)
    check_rated_on(rated_on, goal.agreed_on, goal.ended_on, now.date())
    attainment_id = goal_records.add_attainment(session, goal_id, rated_on, check_attained(attained), now)
    _record(session, actor, "goal_rated", goal_id, client, now, rated_on=rated_on.isoformat())
    standing.recompute(session, client_id, now, definitions)
    return attainment_id


def end_goal(session: Session, actor: Actor, client_id: int, goal_id: int, ended_on: date, now: datetime) -> None:
    """The goal is rated no more; what was rated stays. Raises NotYours, NotAllowed, InvalidInput."""
    client = _writable(session, actor, client_id, now)
    goal = _own_goal(session, client_id, goal_id)
    if not goal.agreed_on <= ended_on <= now.date():
        raise InvalidInput("A goal ends between the day it was agreed and today.", "Correct the date.", "date")
    goal_records.end_goal(session, goal_id, ended_on)
    _record(session, actor, "goal_ended", goal_id, client, now, ended_on=ended_on.isoformat())


def _writable(session: Session, actor: Actor, client_id: int, now: datetime) -> ClientFacts:
    return access.client_for(session, actor, Action.WRITE, RecordKind.CLINICAL_RECORD, client_id, now)


def _own_goal(session: Session, client_id: int, goal_id: int) -> StoredGoal:
    for goal in goal_queries.goals_of(session, client_id):
        if goal.id == goal_id:
            return goal
    raise NotYours("goal", goal_id, Action.WRITE.value)


def _record(
    session: Session, actor: Actor, action: str, goal_id: int, client: ClientFacts, now: datetime, **details: str
) -> None:
    access.record_event(
        session, actor, action, "goal", now, record_id=goal_id, client_code=client.code, details=details
    )
