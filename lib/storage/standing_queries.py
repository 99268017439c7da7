"""Standing queries: the records a standing is made from, many clients at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from lib.domain.check_ins import CheckInState, DueCheckIn, Level
from lib.domain.course import CLIENT, Line
from lib.domain.flags import OpenRupture
from lib.domain.marker_sources import GoalPoint
from lib.domain.markers import RatingPoint
from lib.domain.notes import WRITABLE, Compartment
from lib.domain.process import EpisodeStatus
from lib.domain.standing import RULES_VERSION, DecidedEnding, MarkerStanding
from lib.domain.standing_rules import ClientRecord, SessionHeld, TherapyPause
from lib.storage import flag_queries
from lib.storage.bulk import among, table_of
from lib.storage.tables import (
    Administration,
    AgreedLevel,
    CheckIn,
    Client,
    EndingDecision,
    Episode,
    Goal,
    GoalAttainment,
    Note,
    Rating,
    Rupture,
    Standing,
    TherapyBreak,
    TherapySession,
)


def client_records(session: Session, client_ids: Sequence[int], unrated: Collection[int] = ()) -> list[ClientRecord]:
    """What the standings of these clients are made from. At most a few thousand clients at a time.

    Ratings and goals of the clients `unrated` are not asked for and stay empty."""
    statement = select(Client.id, Client.code, Client.name, Client.born_on, Client.main_measure)
    sessions, lines = _sessions(session, client_ids), _lines(session, client_ids)
    rated = [client_id for client_id in client_ids if client_id not in unrated]
    ratings, attainments = _ratings(session, rated), _attainments(session, rated)
    ruptures, pauses = _open_ruptures(session, client_ids), _pauses(session, client_ids)
    courses, unsigned = _newest_courses(session, client_ids), _unsigned_notes(session, client_ids)
    levels, check_ins = _levels(session, client_ids), _due_check_ins(session, client_ids)
    endings = _decided_endings(session, client_ids, courses)
    flags = flag_queries.flags_of(session, client_ids)
    return [
        ClientRecord(
            client_id=row.id,
            code=row.code,
            name=row.name,
            born_on=row.born_on,
            main_measure=row.main_measure,
            is_open=row.id not in courses or courses[row.id].is_open,
            sessions=sessions.get(row.id, ()),
            lines=lines.get(row.id, ()),
            ratings=ratings.get(row.id, ()),
            attainments=attainments.get(row.id, ()),
            flags=flags.get(row.id, ()),
            ruptures=ruptures.get(row.id, ()),
            pauses=pauses.get(row.id, ()),
            unsigned_notes=unsigned.get(row.id, 0),
            ended_on=courses[row.id].ended_on if row.id in courses else None,
            baseline_from=courses[row.id].baseline_from if row.id in courses else None,
            level=levels.get(row.id),
            check_ins=check_ins.get(row.id, ()),
            ending=endings.get(row.id),
        )
        for row in session.execute(statement.where(among(Client.id, client_ids)).order_by(Client.id))
    ]


def kept_markers(session: Session, client_ids: Sequence[int]) -> dict[int, tuple[MarkerStanding, ...]]:
    """The markers of these clients as their standings hold them; without those that other rules made."""
    statement = select(Standing.client_id, Standing.detail).where(
        among(Standing.client_id, client_ids), Standing.rules_version == RULES_VERSION
    )
    return {
        client_id: tuple(MarkerStanding.from_json(marker) for marker in detail["markers"])
        for client_id, detail in session.connection().execute(statement)
    }


def main_measure(session: Session, client_id: int) -> str | None:
    """The measure a client is followed by, as it stands; None while there is none."""
    return session.scalar(select(Standing.main_measure).where(Standing.client_id == client_id))


def _grouped(session: Session, statement: Any, make: Any) -> dict[int, list[Any]]:
    """Rows by their first column, the client id; `make` turns the rest of a row into a value.

    Read past the session for speed, so what was struck out is left out by each statement itself."""
    found: dict[int, list[Any]] = defaultdict(list)
    for client_id, *rest in session.connection().execute(statement).all():
        found[client_id].append(make(*rest))
    return found


def _sessions(session: Session, client_ids: Sequence[int]) -> dict[int, list[SessionHeld]]:
    s = TherapySession
    statement = select(s.client_id, s.held_on, s.attendance, s.next_on).where(among(s.client_id, client_ids))
    return _grouped(session, statement.order_by(s.held_on, s.id), SessionHeld)


def _lines(session: Session, client_ids: Sequence[int]) -> dict[int, list[Line]]:
    """The forms of each client, one row a line: fetching them one by one took longer than judging them."""
    a = table_of(Administration).c
    # Day, id and scales as JSON, put together here because the functions for it have two names.
    form = literal('["').concat(a.taken_on).concat('",').concat(a.id).concat(",").concat(a.scales).concat("]")
    line = (a.client_id, a.instrument, a.target, a.respondent)
    statement = (
        select(*line, func.aggregate_strings(form, ","))
        .where(among(a.client_id, client_ids), a.superseded_at.is_(None))
        .group_by(*line)
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for client_id, instrument, target, respondent, told in session.connection().execute(statement).all():
        days, ids, scales = zip(*sorted(orjson.loads(f"[{told}]")), strict=True)
        on = tuple(map(date.fromisoformat, days))
        found[client_id].append(Line(instrument, target, respondent, ids, on, scales))
    return found


def _ratings(session: Session, client_ids: Sequence[int]) -> dict[int, list[RatingPoint]]:
    r = Rating
    statement = (
        select(r.client_id, r.id, r.key, r.level, r.rated_on, r.context, r.confidence, r.rated_by_id, r.source)
        .where(among(r.client_id, client_ids), r.subject == "marker", r.superseded_at.is_(None))
        .order_by(r.id)
    )
    return _grouped(session, statement, _rating)


def _rating(
    rating_id: int, key: str, level: int | None, on: date, context: str, confidence: str, rater: int | None, source: str
) -> RatingPoint:
    return RatingPoint(rating_id, key, level, on, context, confidence=confidence, rated_by_id=rater, source=source)


def _attainments(session: Session, client_ids: Sequence[int]) -> dict[int, list[GoalPoint]]:
    g, a = Goal, GoalAttainment
    statement = (
        select(g.client_id, g.id, g.marker, g.weight, a.rated_on, a.attained)
        .join(a, a.goal_id == g.id)
        .where(among(g.client_id, client_ids), a.superseded_at.is_(None))
        .order_by(a.rated_on, a.id)
    )
    return _grouped(session, statement, GoalPoint)


def _open_ruptures(session: Session, client_ids: Sequence[int]) -> dict[int, list[OpenRupture]]:
    statement = select(Rupture.client_id, Rupture.id, Rupture.happened_on).where(
        among(Rupture.client_id, client_ids), Rupture.repaired_on.is_(None), Rupture.struck_at.is_(None)
    )
    return _grouped(session, statement.order_by(Rupture.id), OpenRupture)


def _pauses(session: Session, client_ids: Sequence[int]) -> dict[int, list[TherapyPause]]:
    b = TherapyBreak
    # An anniversary is a day to remember, not a time without sessions.
    statement = select(b.client_id, b.starts_on, b.ends_on).where(
        among(b.client_id, client_ids), b.kind != "anniversary", b.struck_at.is_(None)
    )
    return _grouped(session, statement.order_by(b.id), TherapyPause)


@dataclass(frozen=True, slots=True)
class _NewestCourse:
    """The newest course of therapy of a client. `baseline_from`: its beginning, None for the first one."""

    is_open: bool
    ended_on: date | None
    baseline_from: date | None


def _newest_courses(session: Session, client_ids: Sequence[int]) -> dict[int, _NewestCourse]:
    """By client; nobody stands here who never began a course."""
    e = Episode
    statement = select(e.client_id, e.number, e.status, e.starts_on, e.ends_on).where(among(e.client_id, client_ids))
    found = {}
    for client_id, number, status, starts_on, ends_on in session.execute(statement.order_by(e.client_id, e.number)):
        is_open = status == EpisodeStatus.OPEN
        found[client_id] = _NewestCourse(is_open, None if is_open else ends_on, starts_on if number > 1 else None)
    return found


def _decided_endings(
    session: Session, client_ids: Sequence[int], courses: Mapping[int, _NewestCourse]
) -> dict[int, DecidedEnding]:
    """What was decided last about ending, by client; what was said of an earlier course does not count for this one."""
    d = EndingDecision
    statement = select(d.client_id, d.decision, d.decided_at, d.planned_on).where(among(d.client_id, client_ids))
    found = {}
    for client_id, choice, decided_at, planned_on in session.execute(statement.order_by(d.id)):
        course, decided_on = courses.get(client_id), decided_at.date()
        if course is None or course.baseline_from is None or decided_on >= course.baseline_from:
            found[client_id] = DecidedEnding(choice, decided_on, planned_on)
    return found


def _levels(session: Session, client_ids: Sequence[int]) -> dict[int, Level]:
    """The level agreed last, by client."""
    a = AgreedLevel
    rows = session.execute(select(a.client_id, a.measure, a.level).where(among(a.client_id, client_ids)).order_by(a.id))
    return {client_id: Level(measure, level) for client_id, measure, level in rows}


def _due_check_ins(session: Session, client_ids: Sequence[int]) -> dict[int, list[DueCheckIn]]:
    c = CheckIn
    statement = select(c.client_id, c.id, c.due_on, c.month).where(
        among(c.client_id, client_ids), c.state == CheckInState.DUE.value
    )
    return _grouped(session, statement.order_by(c.due_on, c.id), DueCheckIn)


def _unsigned_notes(session: Session, client_ids: Sequence[int]) -> dict[int, int]:
    """Progress notes still to be signed. Process notes are their originator's alone and are not counted for others."""
    statement = (
        select(Note.client_id, func.count())
        .where(
            among(Note.client_id, client_ids),
            Note.compartment == Compartment.PROGRESS.value,
            Note.status.in_([status.value for status in WRITABLE]),
        )
        .group_by(Note.client_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def unsigned_notes(session: Session, client_id: int) -> int:
    """Progress notes of one client still to be signed, as they are at this moment."""
    return _unsigned_notes(session, [client_id]).get(client_id, 0)


def instruments_asked(session: Session, client_id: int) -> tuple[str, ...]:
    """Instruments the client answered, the most often asked first."""
    a = Administration
    statement = (
        select(a.instrument)
        .where(a.client_id == client_id, a.superseded_at.is_(None), a.respondent == CLIENT)
        .group_by(a.instrument)
        .order_by(func.count().desc(), a.instrument)
    )
    return tuple(session.scalars(statement))


def standing_detail(session: Session, client_id: int) -> dict[str, Any] | None:
    """The kept standing of one client. The caller has checked that the actor may know of the client."""
    return session.scalar(select(Standing.detail).where(Standing.client_id == client_id))


def clients_to_renew(session: Session, rules_version: str) -> list[int]:
    """Clients without a standing, or with one that other rules made."""
    statement = (
        select(Client.id)
        .outerjoin(Standing, Standing.client_id == Client.id)
        .where(or_(Standing.client_id.is_(None), Standing.rules_version != rules_version))
        .order_by(Client.id)
    )
    return list(session.scalars(statement))
