"""Progress queries: how groups of clients fare on one measure or marker, added up by the database from standings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    case,
    func,
    select,
)
from sqlalchemy.orm import Session, aliased

from lib.domain.effect_size import Sums
from lib.domain.people import Actor
from lib.domain.process import EndingKind, EpisodeStatus
from lib.storage import progress_groups
from lib.storage.progress_groups import Filters
from lib.storage.tables import (
    Account,
    Assignment,
    Client,
    Episode,
    Rating,
    Standing,
    StandingScore,
)


@dataclass(frozen=True, slots=True)
class GroupCount:
    """The denominators: clients asked about, and how their therapies stand."""

    clients: int
    open_clients: int
    ended: int
    ended_planned: int


@dataclass(frozen=True, slots=True)
class VerdictSums:
    """Clients of one therapist with one verdict on the measure, with sums over their first and latest scores."""

    therapist_id: int
    therapist: str
    has_two: bool
    verdict: str
    clients: int
    over_cutoff: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class MarkerPair:
    """First and latest level of one marker by the clinician; `points` counts ratings with a level."""

    client_id: int
    code: str
    therapist_id: int
    first: int
    latest: int
    latest_on: date
    points: int


def group_count(session: Session, actor: Actor, filters: Filters, now: datetime) -> GroupCount:
    """How many clients the filters find, open and ended, and how many endings were planned ones."""
    statement = (
        select(func.count(), func.coalesce(func.sum(case((Standing.is_open, 1), else_=0)), 0))
        .select_from(Standing)
        .join(Assignment, Assignment.client_id == Standing.client_id)
        .where(progress_groups.asked(actor, filters, now))
    )
    clients, open_clients = session.execute(statement).one()
    planned = case((Episode.ending_kind == EndingKind.COMPLETED.value, 1), else_=0)
    endings = (
        select(func.count(), func.coalesce(func.sum(planned), 0))
        .select_from(Episode)
        .join(Assignment, Assignment.client_id == Episode.client_id)
        .where(progress_groups.asked(actor, filters, now), Episode.status == EpisodeStatus.CLOSED.value)
    )
    ended, ended_planned = session.execute(endings).one()
    return GroupCount(clients, open_clients, ended, ended_planned)


def verdict_sums(
    session: Session, actor: Actor, measure: str, cutoff: float | None, higher: bool, filters: Filters, now: datetime
) -> list[VerdictSums]:
    """By therapist and verdict: counts, how many began on the clinical side of the cut-off, and sums of scores."""
    s = StandingScore
    has_two = case((s.points > 1, 1), else_=0)
    clinical = case((s.first_value <= cutoff if higher else s.first_value >= cutoff, 1), else_=0) if cutoff else None
    over = func.sum(clinical) if clinical is not None else func.sum(0 * s.points)
    columns: tuple[Any, ...] = (
        Account.id, Account.name, has_two, s.verdict, func.count(), over, func.sum(s.first_value),
        func.sum(s.latest_value), func.sum(s.first_value * s.first_value), func.sum(s.latest_value * s.latest_value),
        func.sum(s.first_value * s.latest_value),
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Assignment, Assignment.client_id == s.client_id)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(s.measure == measure, progress_groups.asked(actor, filters, now))
        .group_by(Account.id, Account.name, has_two, s.verdict)
    )
    return [
        VerdictSums(
            row[0], row[1], bool(row[2]), row[3], row[4], int(row[5] or 0), Sums(row[4], *(float(v) for v in row[6:]))
        )
        for row in session.execute(statement)
    ]


def measures_scored(session: Session, actor: Actor, filters: Filters, now: datetime) -> dict[str, int]:
    """The measures these clients have scores on, with how many have two."""
    s = StandingScore
    statement = (
        select(s.measure, func.sum(case((s.points > 1, 1), else_=0)))
        .join(Assignment, Assignment.client_id == s.client_id)
        .where(progress_groups.asked(actor, filters, now))
        .group_by(s.measure)
        .order_by(s.measure)
    )
    return {row[0]: int(row[1]) for row in session.execute(statement)}


def marker_pairs(session: Session, actor: Actor, marker: str, filters: Filters, now: datetime) -> list[MarkerPair]:
    """First and latest clinician level of one marker, client by client."""
    r = Rating
    kept = progress_groups.levels(marker)
    ends = (
        select(
            r.client_id, func.min(r.rated_on).label("first_on"), func.max(r.rated_on).label("latest_on"),
            func.count().label("points"),
        )
        .join(Assignment, Assignment.client_id == r.client_id)
        .where(kept, progress_groups.asked(actor, filters, now))
        .group_by(r.client_id)
        .subquery()
    )  # fmt: skip
    statement = (
        select(
            ends.c.client_id, Client.code, Assignment.therapist_id, _level_on(ends, ends.c.first_on, marker),
            _level_on(ends, ends.c.latest_on, marker), ends.c.latest_on, ends.c.points,
        )
        .join(Client, Client.id == ends.c.client_id)
        .join(Assignment, Assignment.client_id == ends.c.client_id)
        .where(progress_groups.asked(actor, filters, now))
        .order_by(Client.code)
    )  # fmt: skip
    return [MarkerPair(*row) for row in session.execute(statement)]


def scored_pairs(session: Session, actor: Actor, measure: str, filters: Filters, now: datetime) -> list[Any]:
    """Client id, code, first, latest, day of the latest, points and verdict of everybody with a score."""
    s = StandingScore
    statement = (
        select(s.client_id, Client.code, s.first_value, s.latest_value, s.latest_on, s.points, s.verdict)
        .join(Client, Client.id == s.client_id)
        .join(Assignment, Assignment.client_id == s.client_id)
        .where(s.measure == measure, progress_groups.asked(actor, filters, now))
        .order_by(Client.code)
    )
    return list(session.execute(statement))


def _level_on(ends: Any, day: Any, marker: str) -> Any:
    """The level rated on that day; the last one written where a day has several."""
    r = aliased(Rating)
    return (
        select(r.level)
        .where(
            r.client_id == ends.c.client_id, r.subject == "marker", r.key == marker, r.source == "clinician",
            r.superseded_at.is_(None), r.level.is_not(None), r.rated_on == day,
        )
        .order_by(r.id.desc())
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip


def practice_verdicts(session: Session) -> list[tuple[str, bool, str, int]]:
    """Measure, whether there are two scores, verdict and clients, over everybody with a therapist; without names."""
    s = StandingScore
    has_two = case((s.points > 1, 1), else_=0)
    statement = select(s.measure, has_two, s.verdict, func.count()).group_by(s.measure, has_two, s.verdict)
    return [(row[0], bool(row[1]), row[2], row[3]) for row in session.execute(statement)]


def practice_counts(session: Session) -> tuple[int, int, int, int]:
    """Clients, open ones, open risk flags, endings that were planned: of the whole practice."""
    clients, open_clients, risks = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((Standing.is_open, 1), else_=0)), 0),
            func.coalesce(func.sum(Standing.open_risk_flags), 0),
        ).select_from(Standing)
    ).one()
    planned = select(func.count()).where(Episode.ending_kind == EndingKind.COMPLETED.value)
    return clients, open_clients, risks, session.scalar(planned) or 0
