"""Ending figures: how supervised courses ended and what held at each check-in, added up by the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from lib.domain.check_ins import CheckInState
from lib.domain.ending_figures import CheckInCount, EndingCount
from lib.domain.people import Actor
from lib.domain.process import EpisodeStatus
from lib.storage import sight
from lib.storage.audit_figure_queries import Period, whose
from lib.storage.tables import Assignment, CheckIn, Document, Episode, EpisodeEnding

_SIGNED = ("signed", "cosigned", "superseded")


def endings(session: Session, actor: Actor, period: Period, now: datetime) -> list[EndingCount]:
    """Courses that ended in the period by kind, planned or sudden, with how many have each document signed."""
    e = Episode
    ended = (
        select(
            func.coalesce(e.ending_kind, "").label("kind"),
            func.coalesce(EpisodeEnding.is_sudden, False).label("sudden"),
            case((_has("summary"), 1), else_=0).label("summary"),
            case((_has("plan"), 1), else_=0).label("plan"),
        )
        .outerjoin(EpisodeEnding, EpisodeEnding.episode_id == e.id)
        .where(
            e.status == EpisodeStatus.CLOSED.value,
            period.holds(e.ends_on),
            e.client_id.in_(_clients(actor, period, now)),
        )
        .subquery()
    ).c
    sums = func.count(), func.sum(ended.summary), func.sum(ended.plan)
    statement = (
        select(ended.kind, ended.sudden, *sums)
        .group_by(ended.kind, ended.sudden)
        .order_by(func.count().desc(), ended.kind)
    )
    return [EndingCount(row[0], bool(row[1]), row[2], row[3], row[4]) for row in session.execute(statement)]


def check_ins(session: Session, actor: Actor, period: Period, now: datetime) -> list[CheckInCount]:
    """Check-ins that fell due in the period by month: held, with a score on the agreed measure, and held below it."""
    c = CheckIn
    due = and_(period.holds(c.due_on), c.due_on <= now.date(), c.month.is_not(None))
    statement = (
        select(
            c.month,
            func.count(),
            _times(c.state == CheckInState.HELD.value),
            _times(c.is_crossed.is_not(None)),
            _times(c.is_crossed.is_(False)),
        )
        .where(due, c.client_id.in_(_clients(actor, period, now)))
        .group_by(c.month)
        .order_by(c.month)
    )
    return [CheckInCount(row[0] or 0, *row[1:]) for row in session.execute(statement)]


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _has(kind: str) -> ColumnElement[bool]:
    return exists().where(Document.episode_id == Episode.id, Document.kind == kind, Document.status.in_(_SIGNED))


def _clients(actor: Actor, period: Period, now: datetime) -> Any:
    own = period.therapist_id is not None and period.therapist_id == actor.account_id
    seen = sight.own_clients(actor, now.date()) if own else sight.supervised_clients(actor, now.date())
    return select(Assignment.client_id).where(whose(actor, period, now), Assignment.client_id.in_(seen))
