"""Check-ins: the days after a planned ending, what a score at one of them says, and who is to be reminded."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.course import Course, known_scale
from lib.domain.errors import InvalidInput
from lib.domain.flags import RULES, FlagKind, RaisedFlag, day_in_words
from lib.domain.instruments import Direction, Instruments, Scale
from lib.domain.standing import AttentionReason

MONTHS = (1, 3, 6, 12)  # weighted to the first six: most relapses of a first year come then (Ali et al. 2017)


class CheckInState(StrEnum):
    """What became of a check-in. Only a due one asks for anybody."""

    DUE = "due"
    HELD = "held"
    NOT_REACHED = "not_reached"
    NOT_WANTED = "not_wanted"


@dataclass(frozen=True, slots=True)
class DueCheckIn:
    """A check-in nobody has held yet."""

    id: int
    due_on: date
    month: int | None


@dataclass(frozen=True, slots=True)
class Level:
    """The level that means "get in touch": the measure's key and the score."""

    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class SignSeen:
    """One of the client's own early signs. `seen` None: not asked, which is not "no"."""

    sign: str
    seen: bool | None


@dataclass(frozen=True, slots=True)
class CourseEnd:
    """The last day of a course of therapy, and when the next one began; None while there is none."""

    ended_on: date
    next_on: date | None = None

    def is_followed_by(self, day: date) -> bool:
        """Whether a day lies after this end and before the next course: then it is one of a check-in."""
        return self.ended_on < day and (self.next_on is None or day < self.next_on)


def course_ends(days: Sequence[tuple[date, date | None]]) -> tuple[CourseEnd, ...]:
    """The ends among courses of therapy, each with its first and last day, in their order."""
    begun = [starts_on for starts_on, _ in days]
    return tuple(
        CourseEnd(ends_on, begun[place + 1] if place + 1 < len(begun) else None)
        for place, (_, ends_on) in enumerate(days)
        if ends_on is not None
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def usual_days(ended_on: date) -> tuple[tuple[int, date], ...]:
    """The days proposed for an ending, by months after it."""
    return tuple((months, months_after(ended_on, months)) for months in MONTHS)


def check_days(days: Sequence[tuple[int, date]], ended_on: date) -> None:
    """Raises InvalidInput for a check-in that does not lie after the end, or two for one month."""
    if any(due_on <= ended_on for _month, due_on in days):
        raise InvalidInput("A check-in comes after the end.", "Choose a later day.", "check-ins")
    if len({month for month, _due_on in days}) != len(days):
        raise InvalidInput("Two check-ins are agreed for one month.", "Leave one out.", "check-ins")


def is_crossed(level: float, value: float, direction: Direction) -> bool:
    """Whether a score has reached the agreed level from the better side: at the level counts."""
    return value >= level if direction is Direction.LOWER_BETTER else value <= level


def crossings(
    level: Level | None, ended_on: date | None, courses: Mapping[str, Course], instruments: Instruments
) -> Iterator[RaisedFlag]:
    """A flag where the latest score after the end has crossed the agreed level. `ended_on` None: therapy goes on."""
    course = courses.get(level.measure) if level is not None else None
    if level is None or ended_on is None or course is None or course.latest.taken_on <= ended_on:
        return
    known = known_scale(instruments, course.measure)
    if known is None or not is_crossed(level.value, course.latest.value, known[1].direction):
        return
    scale, latest = known[1], course.latest
    reason = (
        f"After the end, {scale.name} of {day_in_words(latest.taken_on)} is {_shown(latest.value, scale)};"
        f' {_shown(level.value, scale)} was agreed as "get in touch".'
    )
    yield RaisedFlag(FlagKind.CHECK_IN_CROSSED, False, reason, latest.taken_on, level.measure, latest.form_id)


def names_day(text: str, day: date) -> bool:
    """Whether a text names this day, in one of the ways days are written: 4 Nov 2026, 4 November 2026, 2026-11-04."""
    month = day.strftime("%B")
    told = (day_in_words(day), f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", day.isoformat())
    return any(re.search(rf"(?<!\d){re.escape(each)}(?!\d)", text) for each in told)


def due_reasons(due: Sequence[DueCheckIn]) -> list[AttentionReason]:
    """Check-ins ask for the therapist from their day on, and not before."""
    rule = RULES[FlagKind.CHECK_IN_DUE]
    return [
        AttentionReason(rule.level, FlagKind.CHECK_IN_DUE, f"{named(one)} due {day_in_words(one.due_on)}.", one.due_on,
                        rule.step)
        for one in due
    ]  # fmt: skip


def named(one: DueCheckIn) -> str:
    """ "Check-in at 3 months"."""
    if one.month is None:
        return "Check-in"
    return f"Check-in at {one.month} month" + ("" if one.month == 1 else "s")


def _shown(value: float, scale: Scale) -> str:
    text = f"{value:.{scale.decimals}f}"
    return text if scale.decimals or value == int(value) else f"{value:.1f}"
