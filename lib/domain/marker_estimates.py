"""Marker estimates: one level a marker over time from all sources, with what may be said of its change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt

import numpy as np

from lib.domain.marker_definitions import PER_LEVEL, MarkerModel
from lib.domain.marker_filter import Array, Filtered, Panel, Walk, chance_above, look_back, run_filter
from lib.domain.marker_observations import LeftOut, Observation, Weighed, level_of, place_of, settle

IN_95_PERCENT = 1.96


class MarkerVerdict(StrEnum):
    """What may be said of the change since the first day."""

    RELIABLE_GROWTH = "reliable_growth"
    GROWTH = "growth"
    UNDISTINGUISHED = "undistinguished"
    SETBACK = "setback"
    RELIABLE_SETBACK = "reliable_setback"
    ONE_DATE = "one_date"


@dataclass(frozen=True, slots=True)
class Level:
    """A level 0-4 with its 95 % interval, not held to 0-4, from mean and variance on the scale T."""

    t: float
    variance: float

    @property
    def level(self) -> float:
        """The estimate."""
        return level_of(self.t)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the level lies with 95 %."""
        half = IN_95_PERCENT * sqrt(self.variance)
        return level_of(self.t - half), level_of(self.t + half)

    def after(self, days: float, drift: float) -> Level:
        """What is known so many days later when nobody has said anything: as much, and less surely."""
        return Level(self.t, self.variance + max(0.0, days) * drift)


@dataclass(frozen=True, slots=True)
class Change:
    """Change since the first day, on the scale T. Chances are None on the first day, when there is no change yet."""

    t: float
    variance: float
    above_nothing: float | None
    above_points: float | None
    below_points: float | None

    @property
    def levels(self) -> float:
        """The change in levels."""
        return self.t / PER_LEVEL

    @property
    def interval(self) -> tuple[float, float]:
        """Of the change in levels, 95 %."""
        half = IN_95_PERCENT * sqrt(self.variance)
        return (self.t - half) / PER_LEVEL, (self.t + half) / PER_LEVEL


@dataclass(frozen=True, slots=True)
class Surprise:
    """A score far from what everything said before it led to expect; `size` is the normalised innovation."""

    observation: Observation
    size: float


@dataclass(frozen=True, slots=True)
class MarkerPoint:
    """What was known on a day from all that was said until then. `looking_back`: the same day as known at the end."""

    on: date
    now: Level
    change: Change
    verdict: MarkerVerdict
    surprises: tuple[Surprise, ...]
    looking_back: Level | None = None


@dataclass(frozen=True, slots=True)
class MarkerEstimate:
    """One marker of one client. `points` is empty where nobody has said anything usable, and `left_out` says why."""

    points: tuple[MarkerPoint, ...]
    observations: tuple[Observation, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def latest(self) -> MarkerPoint | None:
        """The newest day on which somebody said something; later days that were only asked for do not count."""
        newest = max((one.on for one in self.observations), default=None)
        return next((point for point in self.points if point.on == newest), None)


def estimate(
    marker: str, observations: Iterable[Observation], model: MarkerModel, also_on: Iterable[date] = ()
) -> MarkerEstimate:
    """One marker of one client over all its days, each also as it looks from the end.

    `also_on`: further days after the first one on which the level is asked for, though nobody said anything."""
    weighed, left_out = settle(marker, observations, model)
    return estimate_weighed(weighed, left_out, model, also_on)


def estimate_weighed(
    weighed: Sequence[Weighed], left_out: Sequence[LeftOut], model: MarkerModel, also_on: Iterable[date] = ()
) -> MarkerEstimate:
    """The same from observations that are settled already."""
    if not weighed:
        return MarkerEstimate((), (), tuple(left_out))
    panel, (days,), (sources,) = _panel([weighed], model, [also_on])
    told, (means, variances) = _told(panel, model), look_back(panel, _walk(model))
    back = [Level(float(mean), float(variance)) for mean, variance in zip(means[0], variances[0], strict=True)]
    points = _points(told, 0, days, sources, weighed, model)
    points = [replace(point, looking_back=each) for point, each in zip(points, back, strict=True)]
    return MarkerEstimate(tuple(points), tuple(one.observation for one in weighed), tuple(left_out))


def courses_of_many(
    series: Sequence[Sequence[Weighed]],
    model: MarkerModel,
    also_on: Sequence[Iterable[date]] | None = None,
    *,
    only_last: bool = False,
) -> list[list[MarkerPoint]]:
    """The points of each series, none of them empty, many at once.

    With `only_last` the newest point of each alone; its `surprises` are all those of the last days that still count
    as current (the stale days)."""
    found: list[list[MarkerPoint]] = [[] for _ in series]
    asked = also_on or [()] * len(series)
    for places in _of_like_length(series):
        chosen = [series[place] for place in places]
        panel, days_of, sources_of = _panel(chosen, model, [asked[place] for place in places])
        told = _told(panel, model)
        for row, place in enumerate(places):
            found[place] = _points(told, row, days_of[row], sources_of[row], chosen[row], model, only_last)
    return found


def _of_like_length(series: Sequence[Sequence[Weighed]]) -> Iterable[list[int]]:
    """Places of series whose lengths lie within a factor of two, so that short ones do not wait for long ones."""
    found: dict[int, list[int]] = {}
    for place, one in enumerate(series):
        found.setdefault(len(one).bit_length(), []).append(place)
    return found.values()


def verdict_of(above: float | None, below: float | None, growth: float, reliable: float) -> MarkerVerdict:
    """Growth and setback from the chances that the change lies beyond the points that count, up and down."""
    if above is None or below is None:
        return MarkerVerdict.ONE_DATE
    if above >= reliable:
        return MarkerVerdict.RELIABLE_GROWTH
    if below >= reliable:
        return MarkerVerdict.RELIABLE_SETBACK
    if above >= growth:
        return MarkerVerdict.GROWTH
    return MarkerVerdict.SETBACK if below >= growth else MarkerVerdict.UNDISTINGUISHED


def is_stale(newest_on: date, today: date, stale_days: int) -> bool:
    """True when nobody has said anything for so many days."""
    return (today - newest_on).days >= stale_days


def shown_level(level: float) -> float:
    """A level as a screen shows it, held to the scale; the figure itself is kept as it is."""
    return min(4.0, max(0.0, level))


def _walk(model: MarkerModel) -> Walk:
    return Walk(model.drift, model.mean, model.variance)


def _panel(
    series: Sequence[Sequence[Weighed]], model: MarkerModel, also_on: Sequence[Iterable[date]]
) -> tuple[Panel, list[list[date]], list[list[str]]]:
    """Series side by side, their days, and their sources in the order of the panel's columns.

    Two scores of one source on one day (two therapists) share its bias and so count as their mean, each weighed by its
    error: the filter would come to the same."""
    days_of = [_days(one, more) for one, more in zip(series, also_on, strict=True)]
    sources_of = [
        sorted({weighed.observation.source for weighed in one}, key=lambda key: place_of(key, model)) for one in series
    ]
    n, k, s = len(series), max(map(len, days_of)), max(map(len, sources_of))
    days = np.full((n, k), np.nan)
    values, errors = np.full((n, k, s), np.nan), np.full((n, k, s), np.nan)
    loadings, biases = np.zeros((n, s)), np.zeros((n, s))
    for row, one in enumerate(series):
        first = days_of[row][0]
        days[row, : len(days_of[row])] = [(on - first).days for on in days_of[row]]
        step_of = {on: step for step, on in enumerate(days_of[row])}
        column_of = {key: column for column, key in enumerate(sources_of[row])}
        for weighed in one:
            column = column_of[weighed.observation.source]
            at = (row, step_of[weighed.observation.on], column)
            held = 0.0 if np.isnan(values[at]) else 1 / errors[at]
            share = held / (held + 1 / weighed.error)
            values[at] = share * values[at] + (1 - share) * weighed.observation.t if held else weighed.observation.t
            errors[at] = 1 / (held + 1 / weighed.error)
            loadings[row, column], biases[row, column] = weighed.source.loading, weighed.source.bias_variance
    return Panel(days, values, errors, loadings, biases), days_of, sources_of


def _days(weighed: Sequence[Weighed], also_on: Iterable[date]) -> list[date]:
    """In order: the days of observations, and those asked for besides that follow the first."""
    days = {one.observation.on for one in weighed}
    first = min(days)
    return sorted(days | {on for on in also_on if on > first})


@dataclass(frozen=True, slots=True)
class _Told:
    """What a panel's filter says, with the chances of change and the scores that surprise, for all at once."""

    filtered: Filtered
    above_nothing: Array
    above_points: Array
    below_points: Array
    surprising: Array


def _told(panel: Panel, model: MarkerModel) -> _Told:
    filtered = run_filter(panel, _walk(model))
    change, variance, points = filtered.change, filtered.change_variance, model.rules.points
    with np.errstate(invalid="ignore"):
        surprising = np.abs(filtered.surprise) > model.rules.disagreement
    return _Told(
        filtered,
        chance_above(change, variance, 0.0),
        chance_above(change, variance, points),
        chance_above(-change, variance, points),
        surprising,
    )


def _points(
    told: _Told,
    row: int,
    days: Sequence[date],
    sources: Sequence[str],
    weighed: Sequence[Weighed],
    model: MarkerModel,
    only_last: bool = False,
) -> list[MarkerPoint]:
    last, filtered = len(days) - 1, told.filtered
    since = days[last] - timedelta(days=model.rules.stale_days) if only_last else None
    surprises = _surprises(told, row, days, sources, weighed, since) if told.surprising[row].any() else []
    found = []
    for step in range(last if only_last else 0, last + 1):
        chances = (told.above_nothing[row, step], told.above_points[row, step], told.below_points[row, step])
        known = [None if chance != chance else float(chance) for chance in chances]  # NaN is not itself
        change = Change(float(filtered.change[row, step]), float(filtered.change_variance[row, step]), *known)
        verdict = verdict_of(change.above_points, change.below_points, model.rules.growth, model.rules.reliable)
        now = Level(float(filtered.level[row, step]), float(filtered.variance[row, step]))
        surprised = tuple(one for one in surprises if only_last or one.observation.on == days[step])
        found.append(MarkerPoint(days[step], now, change, verdict, surprised))
    return found


def _surprises(
    told: _Told,
    row: int,
    days: Sequence[date],
    sources: Sequence[str],
    weighed: Sequence[Weighed],
    since: date | None,
) -> list[Surprise]:
    by_place = {(one.observation.on, one.observation.source): one.observation for one in weighed}
    sizes = told.filtered.surprise[row]
    found = [
        Surprise(by_place[days[step], sources[column]], float(sizes[step, column]))
        for step, column in np.argwhere(told.surprising[row]).tolist()
    ]
    return [one for one in found if since is None or one.observation.on >= since]
