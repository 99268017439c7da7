"""Progress groups: whose clients are asked about, as conditions on their owners' assignments, and who are alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    exists,
    extract,
    false,
    func,
    null,
    select,
)
from sqlalchemy.orm import Session, aliased

from lib.domain.people import Actor
from lib.domain.small_groups import Cell
from lib.storage import sight
from lib.storage.tables import Account, Assignment, Episode, Rating, StandingScore, TherapySession

SIGN_PRESENT = 2  # a sign counts as presented from this level of its first rating on


@dataclass(frozen=True, slots=True)
class Filters:
    """Whose clients are asked about. None: all of them. `own`: the actor's own instead of their supervisees'.

    `team`: of the therapists a practice admin put together under this name, those the actor supervises. `begun_in`:
    clients whose first therapy here began in this year; years lie beside each other, free days could be told apart."""

    therapist_id: int | None = None
    approach: str | None = None
    sign: str | None = None
    begun_in: int | None = None
    team: str | None = None
    own: bool = False


def asked(actor: Actor, filters: Filters, now: datetime) -> ColumnElement[bool]:
    """Assignments of the clients asked about, never beyond the actor's sight."""
    today = now.date()
    if filters.own:
        people = and_(Assignment.therapist_id == actor.account_id, sight.works_here(actor))
    else:
        people = Assignment.therapist_id.in_(sight.supervisees(actor, today))
    conditions = [people, Assignment.kind == "owner", sight.assigned_today(today)]
    if filters.therapist_id is not None:
        conditions.append(Assignment.therapist_id == filters.therapist_id)
    if filters.team is not None:
        conditions.append(Assignment.therapist_id.in_(select(Account.id).where(Account.team == filters.team)))
    if filters.approach is not None:
        conditions.append(_used(filters.approach))
    if filters.sign is not None:
        conditions.append(_presented(filters.sign))
    if filters.begun_in is not None:
        conditions.append(_begun_in() == filters.begun_in)
    return and_(*conditions)


def _used(approach: str) -> ColumnElement[bool]:
    """A session was held with this approach."""
    used = cast(TherapySession.approaches, Text).contains(f'"{approach}"', autoescape=True)
    return exists().where(TherapySession.client_id == Assignment.client_id, used)


def _presented(sign: str) -> ColumnElement[bool]:
    """The sign's first rating was at `SIGN_PRESENT` or above."""
    r, earlier = aliased(Rating), aliased(Rating)
    first = (
        select(func.min(earlier.rated_on))
        .where(
            earlier.client_id == r.client_id, earlier.subject == "sign", earlier.key == sign,
            earlier.superseded_at.is_(None), earlier.level.is_not(None),
        )
        .correlate(r)
        .scalar_subquery()
    )  # fmt: skip
    return exists().where(
        r.client_id == Assignment.client_id, r.subject == "sign", r.key == sign, r.superseded_at.is_(None),
        r.level >= SIGN_PRESENT, r.rated_on == first,
    )  # fmt: skip


def _begun_in() -> ColumnElement[int]:
    """The year in which the client's first episode began."""
    begun = aliased(Episode)  # a query over endings has episodes of its own
    first = select(func.min(begun.starts_on)).where(begun.client_id == Assignment.client_id)
    return cast(extract("year", first.correlate(Assignment).scalar_subquery()), Integer)


def scored_twice(measure: str) -> Select[int]:
    """Clients with a first and a later score on this measure."""
    return select(StandingScore.client_id).where(StandingScore.measure == measure, StandingScore.points > 1)


def rated_twice(marker: str) -> Select[int]:
    """Clients with two levels of this marker by the clinician."""
    return select(Rating.client_id).where(levels(marker)).group_by(Rating.client_id).having(func.count() > 1)


def cells(session: Session, actor: Actor, filters: Filters, among: Select[int], now: datetime) -> list[Cell]:
    """All supervised clients `among` these, counted by what the filters ask about: who, approach, sign, year."""
    alike: list[Any] = [
        Assignment.therapist_id,
        Account.team,
        (_used(filters.approach) if filters.approach is not None else false()).label("uses_approach"),
        (_presented(filters.sign) if filters.sign is not None else false()).label("has_sign"),
        (_begun_in() if filters.begun_in is not None else null()).label("begun_in"),
    ]
    each = (
        select(*alike)
        .join(Account, Account.id == Assignment.therapist_id)
        .where(asked(actor, Filters(), now), Assignment.client_id.in_(among))
        .subquery()
    )
    statement = select(*each.c, func.count()).group_by(*each.c)
    return [Cell(row[0], row[1], bool(row[2]), bool(row[3]), row[4], row[5]) for row in session.execute(statement)]


def teams(session: Session, actor: Actor, now: datetime) -> list[str]:
    """The named teams of the therapists the actor supervises, by name."""
    named = select(Account.team).where(Account.id.in_(sight.supervisees(actor, now.date())), Account.team != "")
    return list(session.scalars(named.distinct().order_by(Account.team)))


def years_begun(session: Session, actor: Actor, now: datetime) -> list[int]:
    """The years in which the therapies of supervised clients began."""
    each = select(_begun_in().label("year")).select_from(Assignment).where(asked(actor, Filters(), now)).subquery()
    told = select(each.c.year).where(each.c.year.is_not(None)).distinct().order_by(each.c.year)
    return list(session.scalars(told))


def levels(marker: str) -> ColumnElement[bool]:
    """Ratings of this marker with a level, by the clinician, that stand."""
    r = Rating
    return and_(
        r.subject == "marker",
        r.key == marker,
        r.source == "clinician",
        r.superseded_at.is_(None),
        r.level.is_not(None),
    )
