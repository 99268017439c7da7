"""Marker sources: from the ratings, goals and questionnaires of a record to what each of them says about a marker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from lib.domain.course import CLIENT, GENERAL, Form
from lib.domain.goal_scaling import goal_score
from lib.domain.marker_definitions import CLIENT as CLIENT_RATING
from lib.domain.marker_definitions import CLINICIAN, GOALS, MarkerModel
from lib.domain.marker_observations import LeftOut, Observation, Weighed, settle, t_of, t_of_scale
from lib.domain.markers import BY_CLIENT, BY_CLINICIAN, RatingPoint, one_of_the_day

NOBODY_RATED = "nobody has rated this marker yet: a questionnaire alone makes no level"
_RATERS = {BY_CLINICIAN: CLINICIAN, BY_CLIENT: CLIENT_RATING}


@dataclass(frozen=True, slots=True)
class GoalPoint:
    """How far one goal of a marker was reached on a day, -2 to 2."""

    goal_id: int
    marker: str
    weight: float
    rated_on: date
    attained: int


def observed(
    marker: str,
    ratings: Iterable[RatingPoint],
    goals: Iterable[GoalPoint],
    forms: Iterable[Form],
    model: MarkerModel,
) -> tuple[list[Weighed], list[LeftOut]]:
    """What takes part in the estimate of a marker, and what is left out and why.

    One rating a day and rater: the overall one, else the lowest of the contexts. The goals of a day are one score.
    Of questionnaires only what the client answered about themselves in general. Without any rating or goal there is
    nothing to estimate: a questionnaire measures no marker directly."""
    said = [*_rated(marker, ratings), *_attained(marker, goals, model)]
    asked = _answered(marker, forms, model)
    if not said:
        return [], [LeftOut(one.on, one.source, one.value, NOBODY_RATED) for one in asked]
    return settle(marker, [*said, *asked], model)


class Answered(Protocol):
    """What tells a form, or a line of them, from another."""

    @property
    def instrument(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def respondent(self) -> str: ...


A = TypeVar("A", bound=Answered)


def telling(forms: Iterable[A], model: MarkerModel) -> list[A]:
    """Those that can say anything about a marker: what the client answered about themselves in general, on a
    questionnaire that the model knows."""
    known = {key.partition(".")[0] for _, key in model.indicators}
    return [form for form in forms if form.instrument in known and _is_own(form)]


def _is_own(form: Answered) -> bool:
    return form.target == GENERAL and form.respondent == CLIENT


def _rated(marker: str, ratings: Iterable[RatingPoint]) -> list[Observation]:
    days: dict[tuple[str, date, int | None], list[RatingPoint]] = {}
    for rating in ratings:
        if rating.marker == marker and rating.level is not None and rating.source in _RATERS:
            days.setdefault((rating.source, rating.rated_on, rating.rated_by_id), []).append(rating)
    found = []
    for (source, on, rater), points in days.items():
        one = one_of_the_day(points)
        level = float(one.level or 0)
        found.append(Observation(on, _RATERS[source], level, t_of(level), one.confidence, rater, one.id))
    return found


def _attained(marker: str, goals: Iterable[GoalPoint], model: MarkerModel) -> list[Observation]:
    days: dict[date, list[GoalPoint]] = {}
    for goal in goals:
        if goal.marker == marker:
            days.setdefault(goal.rated_on, []).append(goal)
    return [_goals_of_a_day(on, points, model.rules.goal_correlation) for on, points in days.items()]


def _goals_of_a_day(on: date, points: Sequence[GoalPoint], correlation: float) -> Observation:
    attained, weights = [point.attained for point in points], [point.weight for point in points]
    return Observation(on, GOALS, sum(attained) / len(attained), goal_score(attained, weights, correlation))


def _answered(marker: str, forms: Iterable[Form], model: MarkerModel) -> list[Observation]:
    found = []
    for form in filter(_is_own, forms):
        for scale, value in form.scales.items():
            key = f"{form.instrument}.{scale}"
            if value is None or (marker, key) not in model.indicators:
                continue
            t = t_of_scale(marker, key, float(value), model)
            # without published figures it is left out by `settle`, which says so; its T is then never looked at
            found.append(Observation(form.taken_on, key, float(value), 0.0 if t is None else t, record_id=form.id))
    return found
