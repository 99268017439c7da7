"""Sudden changes: a large, lasting step between two neighbouring forms, for the better (gain) or the worse (loss)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lib.domain.change_basis import Basis
from lib.domain.change_methods import RELIABLE_AT_95_PERCENT, Method, index_of
from lib.domain.course import Course, Point

# Two-sided 5 % of Student's t by degrees of freedom, as Tang and DeRubeis 1999 and the R package suddengains use them.
T_CRITICAL: Mapping[int, float] = {2: 4.303, 3: 3.182, 4: 2.776}
SHARE_OF_SCORE = 0.25
AROUND = 3  # forms before and after the step
FEWEST_AROUND = 2
SHARE_LOST_AGAIN = 0.5
NEIGHBOURS_DAYS = 21  # forms further apart are not neighbouring sessions: a house rule, not from the literature
# Published cut-offs of the step in points; other scales take the rule in common use, else their reliable change.
PUBLISHED_STEPS: Mapping[str, tuple[float, str]] = {"bdi.total": (7.0, "Tang and DeRubeis 1999")}


@dataclass(frozen=True, slots=True)
class Criteria:
    """The three criteria of Tang and DeRubeis 1999 for one step; None where the scores that one needs are missing."""

    is_large: bool | None
    is_large_share: bool | None
    is_lasting: bool | None

    @property
    def all_met(self) -> bool | None:
        """True when all three hold; None when any cannot be judged."""
        answers = (self.is_large, self.is_large_share, self.is_lasting)
        return None if None in answers else all(answers)


@dataclass(frozen=True, slots=True)
class StepSize:
    """How many points a step must have, and whose figure that is."""

    points: float
    source: str


@dataclass(frozen=True, slots=True)
class SuddenChange:
    """One sudden gain or loss between two neighbouring forms of a course.

    `undone_on`: the first later day on which at least half of the step was lost again (or regained, for a loss)."""

    is_gain: bool
    before: Point
    after: Point
    undone_on: date | None

    @property
    def points(self) -> float:
        """The size of the step, above 0."""
        return abs(self.after.value - self.before.value)


def step_size(key: str, basis: Basis) -> StepSize | None:
    """The first criterion's cut-off for a measure ("phq9.total"); None where nothing is published."""
    if key in PUBLISHED_STEPS:
        return StepSize(*PUBLISHED_STEPS[key])
    if basis.rule_in_use is not None:
        return StepSize(basis.rule_in_use, basis.sources.get("rule_in_use", "the rule in common use"))
    if basis.sd is None or basis.reliability is None:
        return None
    return StepSize(RELIABLE_AT_95_PERCENT * index_of(basis, Method.JT).standard_error, "the reliable change at 95 %")


def criteria_at(scores: Sequence[float | None], place: int, least: float, sign: int, is_gain: bool) -> Criteria:
    """The criteria for the step from `scores[place]` to the next; None in `scores` is a missing form.

    `sign` is +1 where higher is better. A loss is the mirror image: the same sizes, the other way. The third
    criterion's denominator is the pooled SD, not the standard error of a difference, as Tang and DeRubeis print it."""
    way = sign if is_gain else -sign
    before, after = scores[place], scores[place + 1]
    is_large = is_share = None
    if before is not None and after is not None:
        step = way * (after - before)
        is_large, is_share = step >= least, step >= SHARE_OF_SCORE * abs(before)
    return Criteria(is_large, is_share, _is_lasting(scores, place, way))


def _is_lasting(scores: Sequence[float | None], place: int, way: int) -> bool | None:
    first = [score for score in scores[max(0, place - AROUND + 1) : place + 1] if score is not None]
    second = [score for score in scores[place + 1 : place + 1 + AROUND] if score is not None]
    if min(len(first), len(second)) < FEWEST_AROUND:
        return None
    freedom = len(first) + len(second) - 2
    pooled = math.sqrt((_squares(first) + _squares(second)) / freedom)
    return way * (_mean(second) - _mean(first)) > T_CRITICAL[freedom] * pooled


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def _squares(scores: Sequence[float]) -> float:
    """The sum of squared deviations, which is the variance times its degrees of freedom."""
    mean = _mean(scores)
    return sum((score - mean) ** 2 for score in scores)


def sudden_changes(course: Course, basis: Basis) -> tuple[SuddenChange, ...]:
    """Every sudden gain and loss of a course, in the order of days; empty where no size of step is published.

    A form without a score, and a distance of more than three weeks, leave a place empty between two scores."""
    least = step_size(course.measure.key, basis)
    if least is None or not course.points:
        return ()
    slots = _slots(course)
    scores = [slot.value if slot else None for slot in slots]
    found = []
    for place, (before, after) in enumerate(pairwise(slots)):
        if before is None or after is None or before.value == after.value:
            continue
        is_gain = basis.sign * (after.value - before.value) > 0
        if criteria_at(scores, place, least.points, basis.sign, is_gain).all_met:
            found.append(SuddenChange(is_gain, before, after, _undone_on(slots[place + 2 :], before, after)))
    return tuple(found)


def _slots(course: Course) -> list[Point | None]:
    """The scores in order, with a None between two that do not stand beside each other."""
    slots: list[Point | None] = [course.points[0]]
    for earlier, later in pairwise(course.points):
        lies_between = any(earlier.taken_on < day < later.taken_on for day in course.unscored_on)
        if lies_between or (later.taken_on - earlier.taken_on).days > NEIGHBOURS_DAYS:
            slots.append(None)
        slots.append(later)
    return slots


def _undone_on(later: Sequence[Point | None], before: Point, after: Point) -> date | None:
    """The first day on which half of the step or more was gone: a reversal, as Tang and DeRubeis define it."""
    step = after.value - before.value
    half = abs(step) * SHARE_LOST_AGAIN
    back = -1 if step > 0 else 1
    return next((p.taken_on for p in later if p is not None and back * (p.value - after.value) >= half), None)
