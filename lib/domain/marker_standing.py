"""Marker standing: the estimate of one marker as every list keeps it, and how it ages while nobody says anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lib.domain.course import Form
from lib.domain.flags import day_in_words
from lib.domain.marker_definitions import CLIENT, CLINICIAN, MarkerModel
from lib.domain.marker_estimates import Level, MarkerPoint, Surprise, courses_of_many
from lib.domain.marker_observations import Observation, Weighed, t_of
from lib.domain.marker_sources import GoalPoint, observed
from lib.domain.markers import RatingPoint


@dataclass(frozen=True, slots=True)
class EstimatedLevel:
    """One marker as last estimated, on the day of the newest observation `on`; the first one was on `since`.

    `level` and its 95 % interval `low` to `high` on that day, and `change` since the first day with its own, all in
    levels and not held to 0-4. `variance` in T squared, `drift` a day. The chances that the change lies above nothing
    and above the points that count are None while there is one day only. `disagreement`: which sources, in words, ""
    where none disagree now. An unvalidated working estimate, wherever it is shown."""

    on: date
    since: date
    level: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    above_nothing: float | None
    above_points: float | None
    verdict: str
    disagreement: str
    stale_from: date
    variance: float
    drift: float

    def interval_on(self, day: date) -> tuple[float, float]:
        """The 95 % interval as it has widened until a day, not held to 0-4."""
        return Level(t_of(self.level), self.variance).after((day - self.on).days, self.drift).interval

    def is_stale(self, today: date) -> bool:
        """True when nobody has said anything for too long: drawn grey."""
        return today >= self.stale_from

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> EstimatedLevel:
        """The estimate out of the JSON it is kept as."""
        return cls(**{**kept, **{name: date.fromisoformat(kept[name]) for name in _DAYS}})


_DAYS = ("on", "since", "stale_from")
Said = tuple[Sequence[RatingPoint], Sequence[GoalPoint], Sequence[Form]]


def estimated_levels(
    records: Mapping[int, Said], markers: Iterable[str], model: MarkerModel
) -> dict[int, dict[str, EstimatedLevel]]:
    """The estimates of every marker of many clients at once, by client and marker; without any where nobody rated."""
    places, series = [], []
    for client_id, (ratings, goals, forms) in records.items():
        if not ratings and not goals:
            continue
        for marker in markers:
            weighed, _ = observed(marker, ratings, goals, forms, model)
            if weighed:
                places.append((client_id, marker))
                series.append(weighed)
    found: dict[int, dict[str, EstimatedLevel]] = {}
    for (client_id, marker), weighed, (point,) in zip(
        places, series, courses_of_many(series, model, only_last=True), strict=True
    ):
        found.setdefault(client_id, {})[marker] = _kept(point, weighed, model)
    return found


def _kept(point: MarkerPoint, weighed: Sequence[Weighed], model: MarkerModel) -> EstimatedLevel:
    said = [one.observation for one in weighed]
    newest = max(point.surprises, key=lambda one: one.observation.on, default=None)
    (low, high), (change_low, change_high) = point.now.interval, point.change.interval
    return EstimatedLevel(
        on=point.on,
        since=said[0].on,
        level=point.now.level,
        low=low,
        high=high,
        change=point.change.levels,
        change_low=change_low,
        change_high=change_high,
        above_nothing=point.change.above_nothing,
        above_points=point.change.above_points,
        verdict=point.verdict.value,
        disagreement=disagreement_told(newest, said, model) if newest else "",
        stale_from=point.on + timedelta(days=model.rules.stale_days),
        variance=point.now.variance,
        drift=model.drift,
    )


def disagreement_told(surprise: Surprise, said: Iterable[Observation], model: MarkerModel) -> str:
    """Both sides of a disagreement: the score that stands apart, and what each other source last said before it."""
    apart = surprise.observation
    since = apart.on - timedelta(days=model.rules.stale_days)
    others: dict[str, Observation] = {}
    for one in said:
        if one.source != apart.source and since <= one.on <= apart.on:
            others[one.source] = one
    sides = [_side(apart, model), *(_side(other, model) for other in others.values())]
    told = f"{day_in_words(apart.on)}: {', '.join(sides)}"
    return told if others else f"{told}, unlike everything said before"


def _side(one: Observation, model: MarkerModel) -> str:
    label = model.sources[one.source].label if one.source in model.sources else "questionnaire"
    figure = f"{one.value:.0f}" if one.source in (CLINICIAN, CLIENT) else f"{one.level:.1f}"
    return f"{label} {figure}"
