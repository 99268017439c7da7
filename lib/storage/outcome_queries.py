"""Outcome queries: counts over the clients of one's supervisees, added up by the database from standings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.domain.standing_rules import UNSEEN_DAYS
from lib.storage import sight
from lib.storage.tables import Account, Assignment, Standing, StandingScore


@dataclass(frozen=True, slots=True)
class TherapistCount:
    """One supervisee and their clients today."""

    therapist_id: int
    therapist: str
    clients: int
    open_clients: int
    clients_with_score: int
    open_risk_flags: int
    oldest_open_risk_on: date | None


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How many clients of one therapist stand so on one measure. `has_two`: with a first and a later score."""

    therapist_id: int
    measure: str
    has_two: bool
    verdict: str
    clients: int


@dataclass(frozen=True, slots=True)
class StandingOfSupervised:
    """The standing of one client who asks for somebody."""

    client_id: int
    therapist_id: int
    therapist: str
    detail: dict[str, Any]


def _owned(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Assignments that make a client a supervisee's own today. Cover does not pass supervision on."""
    today = now.date()
    return and_(
        Assignment.therapist_id.in_(sight.supervisees(actor, today)),
        Assignment.kind == "owner",
        sight.assigned_today(today),
    )


def therapist_counts(session: Session, actor: Actor, now: datetime) -> list[TherapistCount]:
    """Every supervisee of today by name, those without clients too."""
    today = now.date()
    scored = exists().where(StandingScore.client_id == Standing.client_id)
    statement = (
        select(
            Account.id,
            Account.name,
            func.count(Standing.client_id),
            func.coalesce(func.sum(case((Standing.is_open, 1), else_=0)), 0),
            func.coalesce(func.sum(case((scored, 1), else_=0)), 0),
            func.coalesce(func.sum(Standing.open_risk_flags), 0),
            func.min(Standing.oldest_open_risk_on),
        )
        .outerjoin(
            Assignment,
            and_(Assignment.therapist_id == Account.id, Assignment.kind == "owner", sight.assigned_today(today)),
        )
        .outerjoin(Standing, Standing.client_id == Assignment.client_id)
        .where(Account.id.in_(sight.supervisees(actor, today)))
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return [TherapistCount(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class SupervisedTherapist:
    """A supervisee of today and how many clients they own."""

    therapist_id: int
    therapist: str
    clients: int


def supervised_therapists(session: Session, actor: Actor, now: datetime) -> list[SupervisedTherapist]:
    """Every supervisee of today by name, with the number of their own clients."""
    today = now.date()
    owned = and_(Assignment.therapist_id == Account.id, Assignment.kind == "owner", sight.assigned_today(today))
    statement = (
        select(Account.id, Account.name, func.count(Assignment.client_id))
        .outerjoin(Assignment, owned)
        .where(Account.id.in_(sight.supervisees(actor, today)))
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return [SupervisedTherapist(*row) for row in session.execute(statement)]


def verdict_counts(session: Session, actor: Actor, now: datetime) -> list[VerdictCount]:
    """Clients by therapist, measure, whether there are two scores, and verdict."""
    has_two = case((StandingScore.points > 1, 1), else_=0)
    statement = (
        select(Assignment.therapist_id, StandingScore.measure, has_two, StandingScore.verdict, func.count())
        .join(Assignment, Assignment.client_id == StandingScore.client_id)
        .where(_owned(actor, now))
        .group_by(Assignment.therapist_id, StandingScore.measure, has_two, StandingScore.verdict)
    )
    return [VerdictCount(row[0], row[1], bool(row[2]), row[3], row[4]) for row in session.execute(statement)]


def standings_asking(session: Session, actor: Actor, now: datetime, at_most: int) -> list[StandingOfSupervised]:
    """Supervised clients with an open flag, or not seen for a while; risk first, the oldest open risk first.

    What time alone brings is asked of the columns, so that a standing of last week hides nobody."""
    unseen_since = now.date() - timedelta(days=UNSEEN_DAYS)
    statement = (
        select(Standing.client_id, Account.id, Account.name, Standing.detail)
        .join(Assignment, Assignment.client_id == Standing.client_id)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(_owned(actor, now))
        .where(or_(Standing.open_flags > 0, and_(Standing.is_open, Standing.last_seen_on <= unseen_since)))
        .order_by(
            case((Standing.open_risk_flags > 0, 0), else_=1),
            func.coalesce(Standing.oldest_open_risk_on, now.date()),
            Standing.client_id,
        )
        .limit(at_most)
    )
    return [StandingOfSupervised(*row) for row in session.execute(statement)]
