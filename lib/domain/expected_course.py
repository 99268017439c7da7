"""Expected course: the expectation at each session of one course, how the latest score stands, and both in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lib.domain.course import Course
from lib.domain.expected_response import Expected, ResponseModel, Track, expected_at, session_numbers, track_of

RULE = (
    "Expected response: a mixed model over the logarithm of the session and the first score, fitted on this practice's"
    " own closed courses. The band holds 80 % of such courses; beyond its worse side is amber, beyond that of the 90 %"
    " band red. This is the only figure here that depends on other clients; it says what was usual, not what is right."
)
_TRACK_WORDS = {
    Track.ON_TRACK: "within what was usual, or better",
    Track.AMBER: "amber: worse than the band of 80 %",
    Track.RED: "red: worse than the band of 90 %",
}


@dataclass(frozen=True, slots=True)
class ExpectedPoint:
    """The expectation on the day of one score, in points; `low` to `high` holds 80 % of new courses."""

    on: date
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ExpectedCourse:
    """The expectation for one course. `points` may be empty, `track` None: then `sentence` says why."""

    version: int
    clients: int
    points: tuple[ExpectedPoint, ...]
    track: Track | None
    sentence: str


def expected_course(course: Course, attended_on: Sequence[date], model: ResponseModel, sign: int) -> ExpectedCourse:
    """The expectation at every score of a course; `attended_on` in order, `sign` +1 where higher is better."""
    first = course.first.value
    numbers = session_numbers(course, attended_on)
    told = [
        (point.taken_on, expected)
        for session, point in zip(numbers, course.points, strict=True)
        if (expected := expected_at(model, first, session)) is not None
    ]
    points = tuple(ExpectedPoint(on, expected.score, *expected.bounds()) for on, expected in told)
    latest = expected_at(model, first, numbers[-1])
    track = track_of(latest, course.latest.value, sign) if latest is not None else None
    return ExpectedCourse(
        model.version, model.clients, points, track, _sentence(course, numbers[-1], latest, track, model)
    )


def _sentence(course: Course, session: int, latest: Expected | None, track: Track | None, model: ResponseModel) -> str:
    of_whom = f"{model.clients} closed courses of this practice (version {model.version})"
    if latest is None or track is None:
        why = _why(course, session, model)
        where = f"at session {session} from a first score of {course.first.value:g}"
        return f"Nothing is expected {where}: {why}, in {of_whom}."
    low, high = latest.bounds()
    return (
        f"At session {session}, from a first score of {course.first.value:g}, {of_whom} lead one to expect"
        f" {latest.score:.1f}, and between {low:.1f} and {high:.1f} in eight of ten. The latest score is"
        f" {course.latest.value:g}: {_TRACK_WORDS[track]}."
    )


def _why(course: Course, session: int, model: ResponseModel) -> str:
    if not model.lowest_first <= course.first.value <= model.highest_first:
        return "no course began there"
    return "it is no later session yet" if session < 1 else "too few courses lasted as long"
