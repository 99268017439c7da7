"""Audit of records and of the process: what was done of what should be, by therapist and by pattern at intake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from lib.domain.audit_figures import Figure, Indicator, median_of
from lib.domain.errors import InvalidInput, NotYours
from lib.domain.people import Actor, Permission
from lib.services import access
from lib.storage import access_queries, audit_figure_queries, outcome_queries
from lib.storage.audit_figure_queries import Delay, Period

USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """All indicators over a period. `therapists` by id, in the order of names; medians in days, None for none."""

    period: Period
    therapists: dict[int, str]
    figures: tuple[Figure, ...]
    oldest_open_flag_on: dict[int, date]
    answered_in_days: float | None
    repaired_in_days: float | None


def usual_period(today: date, therapist_id: int | None = None) -> Period:
    """The last 90 days."""
    return Period(today - timedelta(days=USUAL_DAYS), today, therapist_id)


def team_figures(
    session: Session, actor: Actor, period: Period, now: datetime, asked_for: Collection[Indicator] = tuple(Indicator)
) -> AuditFigures:
    """These figures of this supervisor's supervisees, of all or of one. Raises NotAllowed, NotYours, InvalidInput."""
    access.require(session, actor, Permission.VIEW_SUPERVISED_PROGRESS)
    if period.therapist_id is not None and (
        period.therapist_id == actor.account_id
        or not access_queries.supervises(session, actor, period.therapist_id, now.date())
    ):
        raise NotYours("therapist", period.therapist_id)
    names = {
        one.therapist_id: one.therapist
        for one in outcome_queries.supervised_therapists(session, actor, now)
        if period.therapist_id in (None, one.therapist_id)
    }
    return _figures(session, actor, period, names, now, asked_for)


def own_figures(session: Session, actor: Actor, starts_on: date, ends_on: date, now: datetime) -> AuditFigures:
    """A therapist's own figures. Raises NotAllowed without a caseload, InvalidInput."""
    access.require(session, actor, Permission.VIEW_OWN_FIGURES)
    if actor.account_id is None:
        raise InvalidInput("Only a person with an account has figures.", field="actor")
    period = Period(starts_on, ends_on, actor.account_id)
    return _figures(session, actor, period, {actor.account_id: actor.name}, now, tuple(Indicator))


def _figures(
    session: Session, actor: Actor, period: Period, names: dict[int, str], now: datetime,
    asked_for: Collection[Indicator],
) -> AuditFigures:  # fmt: skip
    if period.starts_on > period.ends_on:
        raise InvalidInput("The period ends before it begins.", "Correct one of the days.", "period")
    return AuditFigures(
        period=period,
        therapists=names,
        figures=tuple(audit_figure_queries.figures(session, actor, period, now, asked_for)),
        oldest_open_flag_on=audit_figure_queries.oldest_open_flag_on(session, actor, period, now),
        answered_in_days=_median(audit_figure_queries.answer_delays(session, actor, period, now)),
        repaired_in_days=_median(audit_figure_queries.repair_delays(session, actor, period, now)),
    )


def _median(delays: Iterable[Delay]) -> float | None:
    counts: dict[int, int] = {}
    for delay in delays:
        counts[delay.days] = counts.get(delay.days, 0) + delay.times
    return median_of(counts)
