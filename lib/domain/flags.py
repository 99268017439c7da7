"""Flags: what asks for a person, by which rule, in words; raised from the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.change import Verdict
from lib.domain.change_basis import Basis
from lib.domain.change_methods import RELIABLE_AT_95_PERCENT, CutoffKind, Method, cutoff_of, index_of
from lib.domain.course import Course, basis_for, change_of, known_scale
from lib.domain.instruments import Instrument, Instruments, RiskItem, Scale


class FlagKind(StrEnum):
    """Kinds of flag the product knows by name. A practice's own instrument may name its risk alerts otherwise."""

    ITEM9_ENDORSED = "item9_endorsed"
    ITEM9_MISSING = "item9_missing"
    RELIABLE_DETERIORATION = "reliable_deterioration"
    TWO_WORSENINGS = "two_worsenings"
    NO_EARLY_RESPONSE = "no_early_response"
    OPEN_RUPTURE = "open_rupture"
    NO_DATA = "no_data"
    NO_NEXT_DATE = "no_next_date"


class FlagState(StrEnum):
    """Open until a person answers. A rule flag lapses when its rule no longer holds; a risk flag never does."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class AttentionLevel(StrEnum):
    """How a reason is marked in lists."""

    RISK = "Risk"
    WATCH = "Watch"
    PREPARE = "Prepare"


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A rule in words, how its reason is marked, and the one next step, as a verb."""

    level: AttentionLevel
    rule: str
    step: str


# Sources: item alerts and reliable deterioration are standard; the others are this product's proposals, not validated.
RULES: Mapping[str, FlagRule] = {
    FlagKind.RELIABLE_DETERIORATION: FlagRule(
        AttentionLevel.WATCH, "The latest score is worse than the first by more than error allows.", "Review course"
    ),
    FlagKind.TWO_WORSENINGS: FlagRule(
        AttentionLevel.WATCH,
        "Two worsenings in a row that together reach the reliable change (a proposal, not validated).",
        "Review course",
    ),
    FlagKind.NO_EARLY_RESPONSE: FlagRule(
        AttentionLevel.WATCH,
        "Clinical at first, six sessions on, and moved less than half a reliable change (a proposal, not validated).",
        "Review course",
    ),
    FlagKind.OPEN_RUPTURE: FlagRule(AttentionLevel.WATCH, "A rupture without a repair noted.", "Note repair"),
    FlagKind.NO_DATA: FlagRule(
        AttentionLevel.PREPARE, "No questionnaire for 28 days (a proposal, not validated).", "Plan measure"
    ),
    FlagKind.NO_NEXT_DATE: FlagRule(AttentionLevel.WATCH, "Not seen for 14 days and no next date set.", "Plan contact"),
}
RISK_RULE = FlagRule(
    AttentionLevel.RISK,
    "A risk item answered at or above its threshold, or not answered, whatever the total.",
    "Record response",
)
NO_RESPONSE = "no response recorded"
SESSIONS_FOR_RESPONSE = 6


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A flag as a rule raises it. `about` tells two flags of a kind apart: a measure, or a rupture's id."""

    kind: str
    is_risk: bool
    reason: str
    raised_on: date
    about: str = ""
    form_id: int | None = None


def rule_of(kind: str) -> FlagRule:
    """The rule behind a kind of flag; every kind not listed is a risk alert of an instrument."""
    return RULES.get(kind, RISK_RULE)


def day_in_words(day: date) -> str:
    """ "10 Nov 2026": with the year, because a stored sentence outlives it."""
    return f"{day.day} {day.strftime('%b %Y')}"


# --- risk items --------------------------------------------------------------------------------------


def risk_flags(
    instrument: Instrument,
    answers: Mapping[str, int | None] | None,
    alerts: Sequence[str],
    taken_on: date,
    form_id: int,
) -> tuple[RaisedFlag, ...]:
    """One flag for each alert the scoring core raised on a form; `answers` None when only totals came."""
    return tuple(
        RaisedFlag(alert, True, _risk_reason(instrument, answers, alert, taken_on), taken_on, instrument.id, form_id)
        for alert in alerts
    )


def _risk_reason(instrument: Instrument, answers: Mapping[str, int | None] | None, alert: str, taken_on: date) -> str:
    day, name = day_in_words(taken_on), instrument.short_name
    risk = next((r for r in instrument.risk_items if alert in (r.endorsed_alert, r.missing_alert)), None)
    if risk is None:
        return f"{name} of {day} raised the alert {alert}."
    number = _number(instrument, risk)
    if answers is None:
        return (
            f"Only the total of the {name} of {day} is held, so the answer to item {number} is not known."
            " This is not a zero: ask, and note the answer."
        )
    answer = answers.get(risk.item_id)
    if answer is None:
        return f"{name} item {number} was left empty on {day}. This is not a zero: ask, and note the answer."
    return f"{name} item {number} answered '{_option(instrument, answer)}' on {day}."


def _number(instrument: Instrument, risk: RiskItem) -> int:
    return next(item.number for item in instrument.items if item.id == risk.item_id)


def _option(instrument: Instrument, answer: int) -> str:
    place = answer - instrument.minimum
    return instrument.options[place].lower() if 0 <= place < len(instrument.options) else str(answer)


# --- rules over the course ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenRupture:
    """A rupture without a repair."""

    id: int
    happened_on: date


def flags_for(
    courses: Mapping[str, Course],
    instruments: Instruments,
    attended_on: Sequence[date],
    ruptures: Iterable[OpenRupture],
) -> tuple[RaisedFlag, ...]:
    """Every rule flag the record supports now; risk flags are raised form by form and not here.

    `attended_on`: days of attended sessions, in order."""
    raised: list[RaisedFlag] = []
    for key, course in courses.items():
        known = known_scale(instruments, course.measure)
        if known is not None and len(course.points) > 1:
            raised.extend(_course_flags(key, course, known[1], attended_on))
    for rupture in ruptures:
        reason = f"Rupture of {day_in_words(rupture.happened_on)} has no repair noted."
        raised.append(RaisedFlag(FlagKind.OPEN_RUPTURE, False, reason, rupture.happened_on, str(rupture.id)))
    return tuple(raised)


def _course_flags(key: str, course: Course, scale: Scale, attended_on: Sequence[date]) -> Iterable[RaisedFlag]:
    basis = basis_for(scale)
    if basis.sd is None or basis.reliability is None:
        return  # no figures, no verdict, and so no flag that claims one
    allowed = RELIABLE_AT_95_PERCENT * index_of(basis, Method.JT).standard_error
    for rule in (_deterioration, _two_worsenings):
        found = rule(key, course, scale, basis, allowed)
        if found is not None:
            yield found
    late = _no_early_response(key, course, scale, basis, allowed, attended_on)
    if late is not None:
        yield late


def _deterioration(key: str, course: Course, scale: Scale, basis: Basis, allowed: float) -> RaisedFlag | None:
    if change_of(course, scale).verdict not in (Verdict.DETERIORATED, Verdict.WORSENED_ACROSS_CUTOFF):
        return None
    since = course.latest
    for point in reversed(course.points):
        if _worse_by(basis, course.first.value, point.value) <= allowed:
            break
        since = point
    reason = (
        f"{scale.name} is {_points(abs(course.latest.value - course.first.value), scale)} worse than at the first score"
        f" ({_shown(course.first.value, scale)} to {_shown(course.latest.value, scale)});"
        f" error alone allows {_shown(allowed, scale, 1)}."
    )
    return RaisedFlag(FlagKind.RELIABLE_DETERIORATION, False, reason, since.taken_on, key, course.latest.form_id)


def _two_worsenings(key: str, course: Course, scale: Scale, basis: Basis, allowed: float) -> RaisedFlag | None:
    if len(course.points) < 3:
        return None
    one, two, three = (point.value for point in course.points[-3:])
    steps = _worse_by(basis, one, two), _worse_by(basis, two, three)
    if min(steps) <= 0 or sum(steps) < allowed:
        return None
    reason = (
        f"{scale.name} worsened twice in a row ({_shown(one, scale)}, {_shown(two, scale)}, {_shown(three, scale)}),"
        f" together more than error allows ({_shown(allowed, scale, 1)})."
    )
    return RaisedFlag(FlagKind.TWO_WORSENINGS, False, reason, course.latest.taken_on, key, course.latest.form_id)


def _no_early_response(
    key: str, course: Course, scale: Scale, basis: Basis, allowed: float, attended_on: Sequence[date]
) -> RaisedFlag | None:
    if basis.cutoff is None or not cutoff_of(basis, CutoffKind.PUBLISHED).is_clinical(course.first.value):
        return None
    since_first = [day for day in attended_on if course.first.taken_on <= day <= course.latest.taken_on]
    moved = abs(course.latest.value - course.first.value)
    if len(since_first) < SESSIONS_FOR_RESPONSE or moved >= allowed / 2:
        return None
    reason = (
        f"{scale.name} has moved {_points(moved, scale)} in {len(since_first)} sessions"
        f" ({_shown(course.first.value, scale)} to {_shown(course.latest.value, scale)}): no early response."
    )
    return RaisedFlag(FlagKind.NO_EARLY_RESPONSE, False, reason, course.latest.taken_on, key, course.latest.form_id)


def _worse_by(basis: Basis, before: float, after: float) -> float:
    return basis.sign * (before - after)


def _points(value: float, scale: Scale) -> str:
    shown = _shown(value, scale)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def _shown(value: float, scale: Scale, more: int = 0) -> str:
    decimals = scale.decimals + more
    text = f"{value:.{max(decimals, 0)}f}"
    # A prorated score must not be shown as a whole one.
    return text if decimals or value == int(value) else f"{value:.1f}"
