"""Audit figure queries: one question a query, counted by the database for each supervisee and pattern at intake."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, and_, case, cast, exists, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from lib.domain.audit_figures import (
    ANSWERED_SOON_DAYS,
    LATE_AFTER_DAYS,
    MIDDLE,
    PROCESS,
    Figure,
    Indicator,
    IntakePattern,
)
from lib.domain.flags import FlagState
from lib.domain.people import Actor
from lib.domain.process import Attendance, EpisodeStatus
from lib.domain.standing_rules import MEASURE_EVERY_DAYS
from lib.storage import sight
from lib.storage.tables import (
    Account,
    Assignment,
    CheckIn,
    Document,
    EndingTalk,
    Episode,
    Flag,
    FlagResponse,
    Note,
    NoteVersion,
    Rupture,
    SignedDocument,
    Standing,
    StandingScore,
    TherapyBreak,
    TherapySession,
)

ECR = ("ecr_r", "ecr36", "ecr12", "ecr_s", "ecr_rs")  # in this order, the first that was filled in
_DONE = ("signed", "returned", "cosigned", "imported")
_MIDDLE: Any = literal_column(str(MIDDLE))  # written out: what is grouped by must read the same twice
_SIGNED_DOCUMENT = ("signed", "cosigned", "superseded")


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked about, both included, and whose clients: a supervisor's supervisees', or one's own."""

    starts_on: date
    ends_on: date
    therapist_id: int | None = None

    def holds(self, column: Any) -> ColumnElement[bool]:
        """The condition that a day lies in the period."""
        return and_(column >= self.starts_on, column <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Delay:
    """How many times something took this many days. `therapist_id` whose client it was about."""

    therapist_id: int
    days: int
    times: int


def whose(actor: Actor, period: Period, now: datetime) -> ColumnElement[bool]:
    """Assignments of clients whose figures these are: supervised today, or the actor's own where that was asked."""
    today = now.date()
    if period.therapist_id is not None and period.therapist_id == actor.account_id:
        people = and_(Assignment.therapist_id == actor.account_id, sight.works_here(actor))
    else:
        people = Assignment.therapist_id.in_(sight.supervisees(actor, today))
        if period.therapist_id is not None:
            people = and_(people, Assignment.therapist_id == period.therapist_id)
    return and_(people, Assignment.kind == "owner", sight.assigned_today(today))


def figures(
    session: Session, actor: Actor, period: Period, now: datetime, asked_for: Collection[Indicator] = tuple(Indicator)
) -> list[Figure]:
    """These indicators of records and process over the period; those of the process also by pattern at intake."""
    found: list[Figure] = []
    about = whose(actor, period, now)
    for question in _questions(session, period, now.date()):
        if question[0] in asked_for:
            found += _counted(session, about, question)
    return found


def answer_delays(session: Session, actor: Actor, period: Period, now: datetime) -> list[Delay]:
    """Days from a risk alert to its first answer, for alerts of the period."""
    first = select(func.min(FlagResponse.responded_at)).where(FlagResponse.flag_id == Flag.id).scalar_subquery()
    took = days_between(session, first, Flag.raised_on)
    conditions = and_(Flag.is_risk, period.holds(Flag.raised_on), first.is_not(None))
    return _delays(session, actor, period, now, Flag.client_id, Flag.__table__, took, conditions)


def repair_delays(session: Session, actor: Actor, period: Period, now: datetime) -> list[Delay]:
    """Days from a rupture to its repair, for ruptures of the period."""
    took = days_between(session, Rupture.repaired_on, Rupture.happened_on)
    conditions = and_(period.holds(Rupture.happened_on), Rupture.repaired_on.is_not(None), Rupture.struck_at.is_(None))
    return _delays(session, actor, period, now, Rupture.client_id, Rupture.__table__, took, conditions)


def oldest_open_flag_on(session: Session, actor: Actor, period: Period, now: datetime) -> dict[int, date]:
    """The day of the oldest unanswered flag by therapist, whatever the period."""
    statement = (
        select(Assignment.therapist_id, func.min(Flag.raised_on))
        .join(Assignment, Assignment.client_id == Flag.client_id)
        .where(whose(actor, period, now), Flag.state == FlagState.OPEN.value)
        .group_by(Assignment.therapist_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def days_between(session: Session, later: Any, earlier: Any) -> ColumnElement[int]:
    """Whole days from one day or moment to another, on either database."""
    if session.get_bind().dialect.name == "sqlite":
        return _julian(later) - _julian(earlier)
    return func.date(later) - func.date(earlier)


def _julian(moment: Any) -> ColumnElement[int]:
    """The day's number; a day begins at noon there, so half a day is put on before the fraction is cut off."""
    return cast(func.julianday(func.date(moment)) + 0.5, Integer)


_Question = tuple[Indicator, InstrumentedAttribute[int], FromClause, ColumnElement[bool], ColumnElement[bool]]


def _questions(session: Session, period: Period, today: date) -> Iterator[_Question]:
    """Indicator, the column of the client, the table counted, which rows of it, and when a row is met."""
    yield from _note_questions(session, period)
    yield from _document_questions(period)
    flags, raised = Flag.__table__, and_(period.holds(Flag.raised_on), Flag.state != FlagState.LAPSED.value)
    answered = Flag.state == FlagState.ANSWERED.value
    first = select(func.min(FlagResponse.responded_at)).where(FlagResponse.flag_id == Flag.id).scalar_subquery()
    soon = and_(answered, days_between(session, first, Flag.raised_on) <= ANSWERED_SOON_DAYS)
    yield Indicator.FLAGS_ANSWERED, Flag.client_id, flags, raised, answered
    yield Indicator.ALERTS_ANSWERED, Flag.client_id, flags, and_(raised, Flag.is_risk), answered
    yield Indicator.ALERTS_SOON, Flag.client_id, flags, and_(raised, Flag.is_risk), soon
    noted = and_(period.holds(Rupture.happened_on), Rupture.struck_at.is_(None))
    yield Indicator.RUPTURES_REPAIRED, Rupture.client_id, Rupture.__table__, noted, Rupture.repaired_on.is_not(None)
    b = TherapyBreak
    begun = and_(period.holds(b.starts_on), b.kind != "anniversary", b.struck_at.is_(None))
    yield Indicator.BREAKS_PREPARED, b.client_id, b.__table__, begun, b.prepared != ""
    due = and_(period.holds(CheckIn.due_on), CheckIn.due_on <= today)
    yield Indicator.CHECK_INS_HELD, CheckIn.client_id, CheckIn.__table__, due, CheckIn.held_on.is_not(None)
    since = min(today, period.ends_on) - timedelta(days=MEASURE_EVERY_DAYS)
    scored = exists().where(StandingScore.client_id == Standing.client_id, StandingScore.latest_on >= since)
    in_order = and_(Standing.unsigned_notes == 0, Standing.open_risk_flags == 0, scored)
    is_open = Standing.is_open.is_(True)
    yield Indicator.MEASURES_CURRENT, Standing.client_id, Standing.__table__, is_open, scored
    yield Indicator.FILES_IN_ORDER, Standing.client_id, Standing.__table__, is_open, in_order


def _note_questions(session: Session, period: Period) -> Iterator[_Question]:
    s = TherapySession
    attended = and_(period.holds(s.held_on), s.attendance == Attendance.ATTENDED.value)
    signed = exists().where(Note.session_id == s.id, Note.compartment == "progress", Note.status.in_(_DONE))
    yield Indicator.NOTES_SIGNED, s.client_id, s.__table__, attended, signed
    first = (
        select(NoteVersion.signed_at)
        .where(NoteVersion.note_id == Note.id, NoteVersion.number == 1)
        .correlate(Note)
        .scalar_subquery()
    )
    dated = and_(period.holds(Note.dated_on), Note.compartment == "progress")
    frozen = and_(dated, Note.status.in_(("signed", "returned", "cosigned")))
    in_time = days_between(session, first, Note.dated_on) <= LATE_AFTER_DAYS
    yield Indicator.NOTES_IN_TIME, Note.client_id, Note.__table__, frozen, in_time
    trainee = exists().where(Account.id == Note.originator_id, Account.is_trainee.is_(True))
    waits = and_(frozen, trainee)
    yield Indicator.NOTES_COSIGNED, Note.client_id, Note.__table__, waits, Note.status == "cosigned"


def _document_questions(period: Period) -> Iterator[_Question]:
    e = Episode
    closed = and_(e.status == EpisodeStatus.CLOSED.value, period.holds(e.ends_on))
    talked = exists().where(
        EndingTalk.client_id == e.client_id, EndingTalk.talked_on >= e.starts_on, EndingTalk.talked_on <= e.ends_on,
        EndingTalk.struck_at.is_(None),
    )  # fmt: skip
    for indicator, kind in ((Indicator.ENDINGS_WITH_SUMMARY, "summary"), (Indicator.ENDINGS_WITH_PLAN, "plan")):
        written = exists().where(
            Document.client_id == e.client_id, Document.kind == kind, Document.status.in_(_SIGNED_DOCUMENT),
            (Document.episode_id == e.id) | Document.episode_id.is_(None),
        )  # fmt: skip
        yield indicator, e.client_id, e.__table__, closed, written
    yield Indicator.ENDINGS_TALKED, e.client_id, e.__table__, closed, talked
    frozen = exists().where(
        SignedDocument.document_id == Document.id,
        func.date(SignedDocument.signed_at) >= period.starts_on,
        func.date(SignedDocument.signed_at) <= period.ends_on,
    )
    d = Document
    yield Indicator.DOCUMENTS_STANDING, d.client_id, d.__table__, frozen, d.status != "superseded"


def _counted(session: Session, about: ColumnElement[bool], question: _Question) -> list[Figure]:
    """Counted and met by therapist among the clients `about` whom it is asked; of the process by pattern as well."""
    indicator, client_id, source, asked, met = question
    by_pattern = indicator in PROCESS
    columns = [Assignment.therapist_id, case((met, 1), else_=0).label("met")]
    if by_pattern:
        columns += [_first(client_id, "anxiety").label("anxiety"), _first(client_id, "avoidance").label("avoidance")]
    joined = select(*columns).select_from(source).join(Assignment, Assignment.client_id == client_id)
    each = joined.where(about, asked).subquery()
    alike = [each.c.therapist_id, *([_pattern(each.c.anxiety, each.c.avoidance)] if by_pattern else [])]
    statement = select(func.count(), func.sum(each.c.met), *alike).group_by(*alike)
    return [
        Figure(indicator, row[2], IntakePattern(row[3]) if by_pattern else None, row[0], row[1])
        for row in session.execute(statement)
    ]


def _delays(
    session: Session,
    actor: Actor,
    period: Period,
    now: datetime,
    client_id: InstrumentedAttribute[int],
    source: FromClause,
    took: ColumnElement[int],
    conditions: ColumnElement[bool],
) -> list[Delay]:
    each = (
        select(Assignment.therapist_id, took.label("days"))
        .select_from(source)
        .join(Assignment, Assignment.client_id == client_id)
        .where(whose(actor, period, now), conditions)
        .subquery()
    )
    statement = select(each.c.therapist_id, each.c.days, func.count()).group_by(each.c.therapist_id, each.c.days)
    return [Delay(row[0], max(0, int(row[1])), row[2]) for row in session.execute(statement)]


def _pattern(anxiety: Any, avoidance: Any) -> ColumnElement[str]:
    """The pattern at intake, from the first anxiety and avoidance of the first ECR questionnaire there is."""
    return case(
        (anxiety.is_(None) | avoidance.is_(None), literal_column(f"'{IntakePattern.NOT_MEASURED.value}'")),
        (and_(anxiety >= _MIDDLE, avoidance >= _MIDDLE), literal_column(f"'{IntakePattern.BOTH_HIGHER.value}'")),
        (avoidance >= _MIDDLE, literal_column(f"'{IntakePattern.AVOIDANCE.value}'")),
        (anxiety >= _MIDDLE, literal_column(f"'{IntakePattern.ANXIETY.value}'")),
        else_=literal_column(f"'{IntakePattern.BOTH_LOWER.value}'"),
    )


def _first(client_id: Any, scale: str) -> ColumnElement[float]:
    scores = aliased(StandingScore)
    found = [
        select(scores.first_value)
        .where(scores.client_id == client_id, scores.measure == f"{instrument}.{scale}")
        .scalar_subquery()
        for instrument in ECR
    ]
    return func.coalesce(*found)
