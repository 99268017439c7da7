"""Flag rules: what each rule looks at in a course, and the sentence it raises."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lib.domain.change import Verdict
from lib.domain.change_basis import Basis
from lib.domain.change_methods import RELIABLE_AT_95_PERCENT, CutoffKind, Method, cutoff_of, index_of
from lib.domain.course import Course, basis_for, change_of, known_scale
from lib.domain.expected_response import ResponseModel, Track, expected_at, session_numbers, track_of
from lib.domain.flags import FlagKind, OpenRupture, RaisedFlag, day_in_words
from lib.domain.instruments import Instruments, Scale

SESSIONS_FOR_RESPONSE = 6
ALLIANCE = "alliance"
SRS_TOTAL, SRS_LOW = "srs.total", 36.0  # Duncan and Miller: below 36 of 40 asks for a talk about the alliance
EARLIER_SCORES = 3  # before one's own spread says anything


@dataclass(frozen=True, slots=True)
class _Watched:
    """One course as the rules look at it. `allowed`: what error alone allows, in points, None without figures."""

    key: str
    course: Course
    scale: Scale
    domain: str
    basis: Basis
    allowed: float | None
    attended_on: Sequence[date]
    model: ResponseModel | None


def flags_for(
    courses: Mapping[str, Course],
    instruments: Instruments,
    attended_on: Sequence[date],
    ruptures: Iterable[OpenRupture],
    models: Mapping[str, ResponseModel] | None = None,
) -> tuple[RaisedFlag, ...]:
    """Every rule flag the record supports now; risk flags are raised form by form and not here.

    `attended_on`: days of attended sessions, in order. `models`: the practice's expected response by measure."""
    raised: list[RaisedFlag] = []
    for key, course in courses.items():
        known = known_scale(instruments, course.measure)
        if known is not None:
            instrument, scale = known
            basis = basis_for(scale)
            model = (models or {}).get(key)
            seen = _Watched(key, course, scale, instrument.domain, basis, _allowed(basis), attended_on, model)
            raised.extend(flag for rule in _RULES for flag in rule(seen))
    for rupture in ruptures:
        reason = f"Rupture of {day_in_words(rupture.happened_on)} has no repair noted."
        raised.append(RaisedFlag(FlagKind.OPEN_RUPTURE, False, reason, rupture.happened_on, str(rupture.id)))
    return tuple(raised)


def _allowed(basis: Basis) -> float | None:
    if basis.sd is None or basis.reliability is None:
        return None  # no figures, no verdict, and so no flag that claims one
    return RELIABLE_AT_95_PERCENT * index_of(basis, Method.JT).standard_error


def _deterioration(seen: _Watched) -> Iterator[RaisedFlag]:
    course, scale, basis = seen.course, seen.scale, seen.basis
    if seen.allowed is None:
        return
    if change_of(course, scale).verdict not in (Verdict.DETERIORATED, Verdict.WORSENED_ACROSS_CUTOFF):
        return
    since = course.latest
    for point in reversed(course.points):
        if _worse_by(basis, course.first.value, point.value) <= seen.allowed:
            break
        since = point
    reason = (
        f"{scale.name} is {_points(abs(course.latest.value - course.first.value), scale)} worse than at the first score"
        f" ({_shown(course.first.value, scale)} to {_shown(course.latest.value, scale)});"
        f" error alone allows {_shown(seen.allowed, scale, 1)}."
    )
    yield _raised(seen, FlagKind.RELIABLE_DETERIORATION, reason, since.taken_on)


def _two_worsenings(seen: _Watched) -> Iterator[RaisedFlag]:
    if seen.allowed is None or len(seen.course.points) < 3:
        return
    scale = seen.scale
    one, two, three = (point.value for point in seen.course.points[-3:])
    steps = _worse_by(seen.basis, one, two), _worse_by(seen.basis, two, three)
    if min(steps) <= 0 or sum(steps) < seen.allowed:
        return
    reason = (
        f"{scale.name} worsened twice in a row ({_shown(one, scale)}, {_shown(two, scale)}, {_shown(three, scale)}),"
        f" together at least what error allows ({_shown(seen.allowed, scale, 1)})."
    )
    yield _raised(seen, FlagKind.TWO_WORSENINGS, reason, seen.course.latest.taken_on)


def _no_early_response(seen: _Watched) -> Iterator[RaisedFlag]:
    course, scale, basis = seen.course, seen.scale, seen.basis
    if seen.allowed is None or basis.cutoff is None:
        return
    if not cutoff_of(basis, CutoffKind.PUBLISHED).is_clinical(course.first.value):
        return
    since_first = [day for day in seen.attended_on if course.first.taken_on <= day <= course.latest.taken_on]
    moved = abs(course.latest.value - course.first.value)
    if len(course.points) < 2 or len(since_first) < SESSIONS_FOR_RESPONSE or moved >= seen.allowed / 2:
        return
    reason = (
        f"{scale.name} has moved {_points(moved, scale)} in {len(since_first)} sessions"
        f" ({_shown(course.first.value, scale)} to {_shown(course.latest.value, scale)}): no early response."
    )
    yield _raised(seen, FlagKind.NO_EARLY_RESPONSE, reason, course.latest.taken_on)


def _alliance_drop(seen: _Watched) -> Iterator[RaisedFlag]:
    """One flag a course, whichever of its two reasons holds; both are said."""
    if seen.domain != ALLIANCE:
        return
    scale, latest = seen.scale, seen.course.latest
    parts = []
    earlier = [point.value for point in seen.course.points[:-1]]
    if len(earlier) >= EARLIER_SCORES:
        mean = sum(earlier) / len(earlier)
        spread = math.sqrt(sum((value - mean) ** 2 for value in earlier) / (len(earlier) - 1))
        drop = _worse_by(seen.basis, mean, latest.value)
        if drop > 0 and drop >= spread:
            parts.append(
                f"below its own mean of {mean:.1f} over {len(earlier)} earlier scores by {drop:.1f},"
                f" where one SD of them is {spread:.1f}"
            )
    if seen.key == SRS_TOTAL and latest.value < SRS_LOW:
        parts.append(f"below {SRS_LOW:g}")
    if parts:
        reason = f"{scale.name} is {_shown(latest.value, scale)}: {'; '.join(parts)}."
        yield _raised(seen, FlagKind.ALLIANCE_DROP, reason, latest.taken_on)


def _not_on_track(seen: _Watched) -> Iterator[RaisedFlag]:
    if seen.model is None or len(seen.course.points) < 2:
        return
    course, scale = seen.course, seen.scale
    session = session_numbers(course, seen.attended_on)[-1]
    expected = expected_at(seen.model, course.first.value, session)
    if expected is None:
        return
    track = track_of(expected, course.latest.value, seen.basis.sign)
    if track is Track.ON_TRACK:
        return
    share = "90 %, red" if track is Track.RED else "80 %, amber"
    reason = (
        f"{scale.name} is {_shown(course.latest.value, scale)} at session {session}, where {expected.score:.1f} was"
        f" expected from {_shown(course.first.value, scale)}: worse than the band of {share}"
        f" ({seen.model.clients} closed courses of this practice, version {seen.model.version})."
    )
    yield _raised(seen, FlagKind.NOT_ON_TRACK, reason, course.latest.taken_on)


_RULES = (_deterioration, _two_worsenings, _no_early_response, _alliance_drop, _not_on_track)


def _raised(seen: _Watched, kind: FlagKind, reason: str, raised_on: date) -> RaisedFlag:
    return RaisedFlag(kind, False, reason, raised_on, seen.key, seen.course.latest.form_id)


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
