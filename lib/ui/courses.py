"""Courses: what a drawing of one scale or marker over time needs, as plain values. Drawings take nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

SHORTEST_GAP = 28  # days: a fortnightly form may be missed once before the line is opened


@dataclass(frozen=True, slots=True)
class Point:
    """One score of one form. `is_check_in`: filled in after a course of therapy ended and before another began."""

    on: date
    value: float
    administration_id: int = 0
    is_prorated: bool = False
    is_check_in: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are shaded. `label` is a word of the product's own, never a person's."""

    starts_on: date
    ends_on: date
    label: str = "break"


@dataclass(frozen=True, slots=True)
class Step:
    """A sudden gain or loss between two points that stand beside each other."""

    before: Point
    after: Point
    is_gain: bool


@dataclass(frozen=True, slots=True)
class ExpectedPoint:
    """What closed courses of the practice lead one to expect on a day, and the band that holds 80 % of them."""

    on: date
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MeasureCourse:
    """One scale over time, points in the order of dates, on the scale's whole range.

    `band`: the scores that error alone allows around the first, None where no figures are published. `unscored_on`:
    forms that were filled in and gave no score. `sessions` are the days of meetings held. `references` are figures
    nobody checked, with the words that say so. `first`: the first score of all, also where less is drawn. `ends`: last
    days of courses of therapy; `level`: the score that was agreed to mean "get in touch"."""

    name: str
    low: float
    high: float
    decimals: int
    points: tuple[Point, ...]
    begins_on: date
    ends_on: date
    band: tuple[float, float] | None = None
    cutoff: float | None = None
    breaks: tuple[Span, ...] = ()
    sessions: tuple[date, ...] = ()
    unscored_on: tuple[date, ...] = ()
    steps: tuple[Step, ...] = ()
    expected: tuple[ExpectedPoint, ...] = ()
    references: tuple[tuple[float, str], ...] = ()
    first: float | None = None
    ends: tuple[date, ...] = ()
    level: float | None = None


def runs(points: Sequence[Point], breaks: Sequence[Span] = (), unscored_on: Sequence[date] = ()) -> list[list[Point]]:
    """The points in runs without a gap: a line never joins over a time without scores in silence.

    A gap is longer than twice the usual distance between this client's scores and longer than four weeks, or
    holds a break of therapy or a form that gave no score. Check-ins do not stand in one run with the course itself."""
    if not points:
        return []
    steps = [(later.on - earlier.on).days for earlier, later in pairwise(points)]
    longest = max(SHORTEST_GAP, 2 * median(steps)) if steps else SHORTEST_GAP
    found = [[points[0]]]
    for (earlier, later), step in zip(pairwise(points), steps, strict=True):
        is_paused = any(earlier.on <= b.starts_on and b.ends_on <= later.on for b in breaks)
        is_paused = is_paused or earlier.is_check_in is not later.is_check_in
        if step > longest or is_paused or any(earlier.on < on < later.on for on in unscored_on):
            found.append([])
        found[-1].append(later)
    return found
