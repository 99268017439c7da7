"""Ending figures: for a supervisor's team, how courses ended and what held afterwards, with denominators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lib.domain.ending_figures import CheckInCount, EndingCount
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.people import Actor, Permission
from lib.services import access
from lib.storage import access_queries, ending_figure_queries
from lib.storage.audit_figure_queries import Period


@dataclass(frozen=True, slots=True)
class EndingFigures:
    """Endings and check-ins of a period, over all supervised therapists or one."""

    endings: tuple[EndingCount, ...]
    check_ins: tuple[CheckInCount, ...]


def team_endings(session: Session, actor: Actor, period: Period, now: datetime) -> EndingFigures:
    """The figures of this supervisor's team. Raises NotAllowed, NotYours, InvalidInput."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    if period.therapist_id is not None and (
        period.therapist_id == actor.account_id
        or not access_queries.supervises(session, actor, period.therapist_id, now.date())
    ):
        raise NotYours("therapist", period.therapist_id)
    if period.starts_on > period.ends_on:
        raise InvalidInput("The period ends before it begins.", "Correct one of the days.", "period")
    return EndingFigures(
        tuple(ending_figure_queries.endings(session, actor, period, now)),
        tuple(ending_figure_queries.check_ins(session, actor, period, now)),
    )
