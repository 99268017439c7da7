"""Standing rules: from the record of one client to its standing. Pure: the same record gives the same standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from lib.domain.check_ins import DueCheckIn, Level, crossings, due_reasons
from lib.domain.course import CLIENT, GENERAL, Course, Line, change_of, courses_of_lines, error_band, known_scale
from lib.domain.expected_response import ResponseModel
from lib.domain.flag_changes import HeldFlag, Resting
from lib.domain.flag_rules import flags_for
from lib.domain.flags import (
    NO_RESPONSE,
    RULES,
    FlagKind,
    FlagState,
    OpenRupture,
    RaisedFlag,
    day_in_words,
    rule_of,
)
from lib.domain.instruments import Instruments
from lib.domain.joint_recovery import joint_recovery
from lib.domain.marker_sources import GoalPoint
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.markers import RatingPoint, summarise
from lib.domain.process import Attendance
from lib.domain.standing import AttentionReason, DecidedEnding, DueItem, MarkerStanding, MeasureStanding, StandingDetail

MEASURE_EVERY_DAYS = 28
MARKERS_EVERY_DAYS = 28
UNSEEN_DAYS = 14
SERIES_POINTS = 40  # as many as a sparkline can show; the newest are kept
# Where several measures have equally many scores the earlier one here is drawn first in lists.
PREFERRED = ("phq9.total", "gad7.total", "core10.total", "ecr_r.avoidance", "ecr_rs.avoidance")
_MISSED = (Attendance.NO_SHOW, Attendance.LATE_CANCEL, Attendance.CANCELLED_BY_CLIENT)


class SessionHeld(NamedTuple):
    """One offered session, as far as a standing needs it."""

    held_on: date
    attendance: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class TherapyPause:
    """A break in therapy; `ends_on` None while nobody knows when it ends."""

    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """What a standing is made from. Superseded rows are not in it; `flags` are all flags ever raised."""

    client_id: int
    code: str
    name: str
    born_on: date | None
    main_measure: str | None
    is_open: bool
    sessions: Sequence[SessionHeld] = ()
    lines: Sequence[Line] = ()
    ratings: Sequence[RatingPoint] = ()
    attainments: Sequence[GoalPoint] = ()
    flags: Sequence[HeldFlag] = ()
    ruptures: Sequence[OpenRupture] = ()
    pauses: Sequence[TherapyPause] = ()
    unsigned_notes: int = 0
    ended_on: date | None = None  # of a closed course, None while one is open
    baseline_from: date | None = None  # where a second course began: scores before it are no baseline of this one
    level: Level | None = None
    check_ins: Sequence[DueCheckIn] = ()
    ending: DecidedEnding | None = None


def rule_flags(
    record: ClientRecord,
    courses: Mapping[str, Course],
    instruments: Instruments,
    models: Mapping[str, ResponseModel] | None = None,
) -> tuple[RaisedFlag, ...]:
    """The rule flags this record supports now. `models`: the practice's expected response, where one was fitted.

    A closed course is not held against it: it may be one of those the model was fitted on."""
    found = flags_for(courses, instruments, attended_on(record), record.ruptures, models if record.is_open else None)
    return (*found, *crossings(record.level, record.ended_on, courses, instruments))


def attended_on(record: ClientRecord) -> list[date]:
    """The days of attended sessions, in order."""
    return sorted(s.held_on for s in record.sessions if s.attendance == Attendance.ATTENDED)


def standing_of(
    record: ClientRecord,
    courses: Mapping[str, Course],
    instruments: Instruments,
    today: date,
    markers: tuple[MarkerStanding, ...] = (),
    resting: Sequence[Resting] = (),
) -> StandingDetail:
    """The standing. `courses` are `courses_of_record(record)`; a measure of an unknown instrument is left out.

    `markers` are `markers_of(record)`; `resting`: answered flags that will ask again."""
    main = main_measure(record, courses)
    attended = [s.held_on for s in record.sessions if s.attendance == Attendance.ATTENDED and s.held_on <= today]
    last_seen_on, next_on = max(attended, default=None), _next_on(record.sessions)
    open_flags = [flag for flag in record.flags if flag.state == FlagState.OPEN]
    risks = [flag for flag in open_flags if flag.is_risk]
    return StandingDetail(
        code=record.code,
        name=record.name,
        born_on=record.born_on,
        is_open=record.is_open,
        sessions_held=len(attended),
        sessions_missed=sum(1 for s in record.sessions if s.attendance in _MISSED),
        last_seen_on=last_seen_on,
        next_on=next_on,
        main_measure=main,
        measures=tuple(
            found
            for key, course in courses.items()
            if (found := _measure(key, course, instruments, key == main)) is not None
        ),
        markers=markers,
        reasons=(
            *(_flag_reason(flag) for flag in open_flags),
            *(_resting_reason(one) for one in resting),
            *_time_reasons(record, last_seen_on, next_on),
        ),
        due=_due(record, courses, main, markers, instruments),
        open_flags=len(open_flags),
        open_risk_flags=len(risks),
        oldest_open_risk_on=min((flag.raised_on for flag in risks), default=None),
        unsigned_notes=record.unsigned_notes,
        ending=record.ending,
        joint_recovery=joint_recovery(courses, len(attended)),
    )


def courses_of_record(record: ClientRecord) -> dict[str, Course]:
    """Every measure of this record that has a score, from the first score of the current course of therapy on.

    A measure not asked in a second course yet keeps what the earlier one said of it."""
    if record.baseline_from is None:
        return courses_of_lines(record.lines)
    since = [line.since(record.baseline_from) for line in record.lines]
    return dict(sorted({**courses_of_lines(record.lines), **courses_of_lines(since)}.items()))


def main_measure(record: ClientRecord, courses: Mapping[str, Course]) -> str | None:
    """The measure lists draw: the therapist's choice while it has scores, else the one with most scores."""
    if record.main_measure in courses:
        return record.main_measure
    if not courses:
        return None
    return min(courses, key=lambda key: (-len(courses[key].points), *_preference(key)))


def _preference(key: str) -> tuple[int, str]:
    return (PREFERRED.index(key) if key in PREFERRED else len(PREFERRED)), key


def _measure(key: str, course: Course, instruments: Instruments, is_main: bool) -> MeasureStanding | None:
    known = known_scale(instruments, course.measure)
    if known is None:
        return None
    scale = known[1]
    change, best = change_of(course, scale), course.best(scale.direction)
    band = error_band(scale, course.first.value) if is_main else None
    shown = course.points[-SERIES_POINTS:] if is_main else ()
    return MeasureStanding(
        measure=key,
        name=_name(scale.name, course),
        decimals=scale.decimals,
        better=scale.direction.value,
        low=scale.low,
        high=scale.high,
        cutoff=change.cutoff,
        error_low=band[0] if band else None,
        error_high=band[1] if band else None,
        first_on=course.first.taken_on,
        first=course.first.value,
        best_on=best.taken_on,
        best=best.value,
        latest_on=course.latest.taken_on,
        latest=course.latest.value,
        points=len(course.points),
        forms=len(course.points) + course.unscored,
        verdict=change.verdict.value,
        sentence=change.sentence,
        series=tuple((point.taken_on, point.value) for point in shown),
    )


def _name(scale_name: str, course: Course) -> str:
    about = "" if course.measure.target == GENERAL else f" about {course.measure.target}"
    by = "" if course.measure.respondent == CLIENT else f" by the {course.measure.respondent}"
    return f"{scale_name}{about}{by}"


def markers_of(record: ClientRecord, estimates: Mapping[str, EstimatedLevel]) -> tuple[MarkerStanding, ...]:
    """Every marker that somebody rated or that `estimates` (levels from all sources, by marker) hold, by key."""
    found = []
    for key in sorted({rating.marker for rating in record.ratings} | set(estimates)):
        s = summarise(key, record.ratings)
        found.append(
            MarkerStanding(
                key, s.level, s.rated_on, s.first_level, s.first_on, s.context, s.not_enough_evidence_on,
                estimates.get(key),
            )
        )  # fmt: skip
    return tuple(found)


def _next_on(sessions: Sequence[SessionHeld]) -> date | None:
    """The next date set at the last session that was recorded; a session held since then has used it up."""
    if not sessions:
        return None
    latest = max(sessions, key=lambda s: s.held_on)
    set_on = [s.next_on for s in sessions if s.next_on is not None and s.next_on > latest.held_on]
    return max(set_on, default=None)


# --- reasons -----------------------------------------------------------------------------------------


def _flag_reason(flag: HeldFlag) -> AttentionReason:
    rule = rule_of(flag.kind)
    words = f"{flag.reason.rstrip('.')}; {NO_RESPONSE}." if flag.is_risk else flag.reason
    return AttentionReason(rule.level, flag.kind, words, flag.raised_on, rule.step, flag.id)


def _resting_reason(one: Resting) -> AttentionReason:
    rule = rule_of(one.flag.kind)
    words = f"{one.reason.rstrip('.')}; answered before, due again."
    return AttentionReason(rule.level, one.flag.kind, words, one.due_on, rule.step, one.flag.id)


def _time_reasons(record: ClientRecord, last_seen_on: date | None, next_on: date | None) -> list[AttentionReason]:
    """Reasons that time alone brings: stored with the day they begin to hold, so that nobody need recompute them."""
    if not record.is_open:
        return due_reasons(record.check_ins)
    found = []
    last_form_on = max((line.days[-1] for line in record.lines if line.days), default=None)
    if last_form_on is not None:
        since = last_form_on + timedelta(days=MEASURE_EVERY_DAYS)
        found.append(_timed(record, FlagKind.NO_DATA, f"No questionnaire since {day_in_words(last_form_on)}.", since))
    if last_seen_on is not None:
        words = f"Not seen since {day_in_words(last_seen_on)} and no next date."
        since = last_seen_on + timedelta(days=UNSEEN_DAYS)
        if next_on is not None:
            words = f"The date of {day_in_words(next_on)} has passed without a session noted."
            since = next_on + timedelta(days=1)
        found.append(_timed(record, FlagKind.NO_NEXT_DATE, words, since))
    return [reason for reason in found if reason is not None]


def _timed(record: ClientRecord, kind: FlagKind, words: str, since: date) -> AttentionReason | None:
    for pause in sorted(record.pauses, key=lambda p: p.starts_on):
        if pause.starts_on <= since and (pause.ends_on is None or since <= pause.ends_on):
            if pause.ends_on is None:
                return None
            since = pause.ends_on + timedelta(days=1)
    rule = RULES[kind]
    return AttentionReason(rule.level, kind.value, words, since, rule.step)


def _due(
    record: ClientRecord,
    courses: Mapping[str, Course],
    main: str | None,
    markers: Sequence[MarkerStanding],
    instruments: Instruments,
) -> tuple[DueItem, ...]:
    if not record.is_open:
        return ()
    found = []
    if main is not None and known_scale(instruments, courses[main].measure) is not None:
        name = instruments[courses[main].measure.instrument].short_name
        due_on = courses[main].latest.taken_on + timedelta(days=MEASURE_EVERY_DAYS)
        found.append(DueItem(name, due_on))
    rated = [day for m in markers for day in (m.rated_on, m.not_enough_evidence_on) if day is not None]
    if rated:
        found.append(DueItem("markers", max(rated) + timedelta(days=MARKERS_EVERY_DAYS)))
    return tuple(sorted(found, key=lambda due: (due.due_on, due.what)))
