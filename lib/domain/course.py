"""Course: the scores of one client on one scale over time, and what can be said about the change in them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from lib.domain.change import Basis, ChangeResult, basis_of, judge_change, reliable_band
from lib.domain.instruments import Direction, Instrument, Instruments, Scale

CLIENT, GENERAL = "client", "general"


@dataclass(frozen=True, slots=True)
class Measure:
    """One scale, who the answers are about, and who answered: scores of two respondents never share a line."""

    instrument: str
    scale: str
    target: str = GENERAL
    respondent: str = CLIENT

    @property
    def key(self) -> str:
        """ "instrument.scale", with "@target" and ":respondent" where they are not the ordinary ones."""
        about = "" if self.target == GENERAL else f"@{self.target}"
        by = "" if self.respondent == CLIENT else f":{self.respondent}"
        return f"{self.instrument}.{self.scale}{about}{by}"


def measure_of(key: str) -> Measure:
    """The measure behind a key. Raises ValueError when it is none."""
    rest, _, respondent = key.partition(":")
    rest, _, target = rest.partition("@")
    instrument, dot, scale = rest.partition(".")
    if not (instrument and dot and scale):
        raise ValueError(f"{key!r} is not a measure")
    return Measure(instrument, scale, target or GENERAL, respondent or CLIENT)


@dataclass(frozen=True, slots=True)
class Form:
    """One current form of the record, as far as courses need it. `scales`: scale key -> value or None."""

    id: int
    instrument: str
    target: str
    respondent: str
    taken_on: date
    scales: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """The current forms of one questionnaire about one target by one respondent, in the order of days.

    Side by side and not form by form, because whole practices are read so: the same place in `ids`, `days` and
    `scales` is the same form."""

    instrument: str
    target: str
    respondent: str
    ids: Sequence[int]
    days: Sequence[date]
    scales: Sequence[Mapping[str, Any]]

    def since(self, day: date) -> Line:
        """The forms of this day and later ones."""
        first = bisect_left(self.days, day)
        return replace(self, ids=self.ids[first:], days=self.days[first:], scales=self.scales[first:])

    def forms(self) -> list[Form]:
        """The same one by one."""
        told = zip(self.ids, self.days, self.scales, strict=True)
        return [
            Form(form_id, self.instrument, self.target, self.respondent, taken_on, scales)
            for form_id, taken_on, scales in told
        ]


class Point(NamedTuple):
    """One score. `form_id` is the administration behind it."""

    form_id: int
    taken_on: date
    value: float


@dataclass(frozen=True, slots=True)
class Course:
    """One measure of one client in the order of days. `unscored_on`: days of forms that gave no score on this scale."""

    measure: Measure
    points: tuple[Point, ...]
    unscored_on: tuple[date, ...] = ()

    @property
    def unscored(self) -> int:
        """How many forms gave no score on this scale."""
        return len(self.unscored_on)

    @property
    def first(self) -> Point:
        """The baseline: the earliest score."""
        return self.points[0]

    @property
    def latest(self) -> Point:
        """The newest score."""
        return self.points[-1]

    def best(self, direction: Direction) -> Point:
        """The best score; of equals the earliest."""
        sign = 1 if direction is Direction.LOWER_BETTER else -1
        return min(self.points, key=lambda point: sign * point.value)


def courses_of(forms: Iterable[Form]) -> dict[str, Course]:
    """Every measure of one client by its key, sorted by key; a scale that never had a score is left out."""
    lines: dict[tuple[str, str, str], list[Form]] = defaultdict(list)
    for form in sorted(forms, key=lambda form: (form.taken_on, form.id)):
        lines[form.instrument, form.target, form.respondent].append(form)
    return courses_of_lines(
        Line(*line, [form.id for form in of], [form.taken_on for form in of], [form.scales for form in of])
        for line, of in lines.items()
    )


def courses_of_lines(lines: Iterable[Line]) -> dict[str, Course]:
    """`courses_of` of forms that stand in their lines already."""
    found = {course.measure.key: course for line in lines for course in _courses(line)}
    return dict(sorted(found.items()))


def _courses(line: Line) -> Iterator[Course]:
    """The course of each scale that some form of the line gives a score on."""
    for scale in dict.fromkeys(chain.from_iterable(line.scales)):
        told = zip(line.ids, line.days, [scales.get(scale) for scales in line.scales], strict=True)
        points = tuple([Point(form_id, day, float(value)) for form_id, day, value in told if value is not None])
        if points:
            unscored = () if len(points) == len(line.ids) else _unscored_on(line, scale)
            yield Course(Measure(line.instrument, scale, line.target, line.respondent), points, unscored)


def _unscored_on(line: Line, scale: str) -> tuple[date, ...]:
    told = zip(line.days, line.scales, strict=True)
    return tuple(day for day, scales in told if scale in scales and scales[scale] is None)


def known_scale(instruments: Instruments, measure: Measure) -> tuple[Instrument, Scale] | None:
    """Instrument and scale of a measure; None when the practice no longer knows it."""
    instrument = instruments.get(measure.instrument)
    if instrument is None:
        return None
    scale = next((scale for scale in instrument.scales if scale.key == measure.scale), None)
    return None if scale is None else (instrument, scale)


def change_of(course: Course, scale: Scale) -> ChangeResult:
    """The verdict from the first to the latest score. One score alone is undetermined, and says why."""
    after = course.latest.value if len(course.points) > 1 else None
    return _judged(course.first.value, after, _Hold(scale))


class _Hold:
    """Carries a scale into the cache by its identity: definitions live as long as the program."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale

    def __hash__(self) -> int:
        return id(self.scale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hold) and other.scale is self.scale


def basis_for(scale: Scale) -> Basis:
    """The figures behind verdicts on this scale, worked out once."""
    return _basis(_Hold(scale))


def error_band(scale: Scale, first: float) -> tuple[float, float] | None:
    """Where error alone may put a second score; None without published figures."""
    return _band(first, _Hold(scale))


@lru_cache(maxsize=1_000)
def _basis(hold: _Hold) -> Basis:
    return basis_of(hold.scale)


@lru_cache(maxsize=20_000)
def _band(first: float, hold: _Hold) -> tuple[float, float] | None:
    return reliable_band(first, _basis(hold))


@lru_cache(maxsize=20_000)
def _judged(before: float, after: float | None, hold: _Hold) -> ChangeResult:
    """Remembered, because whole practices are judged at once and scores repeat: a PHQ-9 has 28 values."""
    return judge_change(before, after, _basis(hold))
