"""Marker filter: the level behind noisy, biased sources over irregular days, for many series side by side.

State of one series: the level theta, one lasting bias a source, and copies of theta on remembered days. The level is a
random walk, so its variance grows by drift * days; biases are constant. A score is
y - 50 = loading * (theta - 50) + bias + error. All figures on the scale T, variances in T squared.
A Kalman filter (Kalman 1960) taking the scores of a day one after another; because theta on a remembered day stays in
the state, the change since that day has an exact variance, and remembering every day gives the smoothed course."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.domain.marker_definitions import CENTRE

Array = NDArray[Any]
BLOCK = 2_048  # series at a time: their covariances stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Panel:
    """n series of at most k days and s sources.

    `days` (n, k) in any unit counted from anywhere, rising, NaN after a series' last day. `values` (n, k, s) in T, NaN
    where a source said nothing; `errors` (n, k, s) variances; `loadings` and `biases` (n, s), the latter variances."""

    days: Array
    values: Array
    errors: Array
    loadings: Array
    biases: Array


@dataclass(frozen=True, slots=True)
class Walk:
    """How the level moves: variance a day, and mean and variance before anything is known. `drift` may be (n,)."""

    drift: float
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Filtered:
    """What is known on each day from what was said until then; NaN after a series' last day.

    (n, k): `level`, `variance`, and `change` since the first day with its `change_variance`. (n, k, s): `bias` of each
    source, and `surprise`, the normalised innovation (score less forecast over its SD; NaN where nothing was said).
    `log_likelihood` (n,)."""

    level: Array
    variance: Array
    change: Array
    change_variance: Array
    bias: Array
    surprise: Array
    log_likelihood: Array


def run_filter(panel: Panel, walk: Walk) -> Filtered:
    """The filter over every series of the panel."""
    n, k, s = panel.values.shape
    level, variance, change, change_variance = (np.full((n, k), np.nan) for _ in range(4))
    bias, surprise = (np.full((n, k, s), np.nan) for _ in range(2))
    found = Filtered(level, variance, change, change_variance, bias, surprise, np.zeros(n))
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        state = _State(_part(panel, block), walk, memories=1)
        for step in range(k):
            state.advance(step, memory=0 if step == 0 else None)
            _keep(found, state, block, step)
        found.log_likelihood[block] = state.log_likelihood
    return found


def look_back(panel: Panel, walk: Walk) -> tuple[Array, Array]:
    """Mean and variance (n, k) of the level on each day, knowing all that was said until the last: smoothed."""
    n, k, _ = panel.values.shape
    means, variances = np.full((n, k), np.nan), np.full((n, k), np.nan)
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        state = _State(_part(panel, block), walk, memories=k)
        for step in range(k):
            state.advance(step, memory=step)
        first = state.first_memory
        there = np.isfinite(panel.days[block])
        means[block] = np.where(there, CENTRE + state.mean[first:].T, np.nan)
        covered = state.covariance[range(first, first + k), range(first, first + k)]
        variances[block] = np.where(there, covered.T, np.nan)
    return means, variances


def chance_above(change: Array, variance: Array, points: float) -> Array:
    """P(change > points) of normal estimates, to 1e-11; NaN where there is no variance, so on the first day."""
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(variance > 0, (points - change) / np.sqrt(variance), np.nan)
    flat = distance.ravel()
    parts = [_upper_tail(flat[start : start + BLOCK * 8]) for start in range(0, len(flat), BLOCK * 8)]
    return (np.concatenate(parts) if parts else flat).reshape(distance.shape)


_CELLS, _FURTHEST = 512, 9.0  # a unit, and how far from 0 a normal tail is told from 0 or 1


def _tail_polynomials() -> Array:
    """The upper tail of the standard normal by cubic pieces (4, cells): values and slopes exact at every end."""
    ends = np.linspace(-_FURTHEST, _FURTHEST, int(2 * _FURTHEST * _CELLS) + 1)
    tail = np.array([0.5 * math.erfc(each / math.sqrt(2)) for each in ends.tolist()])
    slope = -np.exp(-(ends**2) / 2) / math.sqrt(2 * math.pi) / _CELLS
    rise = np.diff(tail)
    start, end = slope[:-1], slope[1:]
    return np.array([tail[:-1], start, 3 * rise - 2 * start - end, start + end - 2 * rise])


_TAIL = _tail_polynomials()


def _upper_tail(distance: Array) -> Array:
    """P(Z > distance); NaN stays NaN."""
    place = (np.clip(distance, -_FURTHEST, _FURTHEST) + _FURTHEST) * _CELLS
    known = np.isfinite(place)
    cell = np.minimum(np.where(known, place, 0.0).astype(np.intp), _TAIL.shape[1] - 1)
    within = place - cell
    level, first, second, third = (_TAIL[power].take(cell) for power in range(4))
    return np.clip(level + within * (first + within * (second + within * third)), 0.0, 1.0)


def _part(panel: Panel, block: slice) -> Panel:
    return Panel(
        panel.days[block], panel.values[block], panel.errors[block], panel.loadings[block], panel.biases[block]
    )


class _State:
    """Mean (d, n) and covariance (d, d, n) of one block: theta less 50, biases, memories, with the series last.

    Only the upper half of the covariance is kept: the lower one says the same."""

    def __init__(self, panel: Panel, walk: Walk, memories: int) -> None:
        n, _k, s = panel.values.shape
        self.panel = panel
        self.first_memory = 1 + s
        size = 1 + s + memories
        self.mean = np.zeros((size, n))
        self.mean[0] = walk.mean - CENTRE
        self.covariance = np.zeros((size, size, n))
        self.covariance[0, 0] = walk.variance
        for source in range(s):
            self.covariance[1 + source, 1 + source] = panel.biases[:, source]
        gaps = np.diff(panel.days, axis=1, prepend=panel.days[:, :1])
        self.drifts = (np.where(np.isfinite(gaps), gaps, 0.0) * walk.drift).T.copy()
        self.log_likelihood = np.zeros(n)
        self.surprise = np.full((n, s), np.nan)

    def advance(self, step: int, memory: int | None) -> None:
        """One day on: the level may have moved; then each source's score is taken in."""
        self.covariance[0, 0] += self.drifts[step]
        if memory is not None:
            self._remember(self.first_memory + memory)
        for source in range(self.panel.values.shape[2]):
            self._take(step, source)

    def _remember(self, slot: int) -> None:
        """From now on the slot is the level of this day: it shares the level's mean and every covariance."""
        self.mean[slot] = self.mean[0]
        self.covariance[:slot, slot] = self.covariance[0, :slot]
        self.covariance[slot, slot + 1 :] = self.covariance[0, slot + 1 :]
        self.covariance[slot, slot] = self.covariance[0, 0]

    def _take(self, step: int, source: int) -> None:
        value = self.panel.values[:, step, source]
        said = np.isfinite(value)
        self.surprise[:, source] = np.nan
        if not said.any():
            return
        loading, bias = self.panel.loadings[:, source], 1 + source
        gain = loading * self.covariance[0]
        gain[:bias] += self.covariance[:bias, bias]
        gain[bias:] += self.covariance[bias, bias:]
        spread = loading * gain[0] + gain[bias] + np.where(said, self.panel.errors[:, step, source], 1.0)
        forecast = loading * self.mean[0] + self.mean[bias]
        innovation = np.where(said, value - CENTRE - forecast, 0.0)
        weighted = gain * (said / spread)
        self.mean += weighted * innovation
        for row in range(len(gain)):
            self.covariance[row, row:] -= gain[row:] * weighted[row]
        self.surprise[:, source] = np.where(said, innovation / np.sqrt(spread), np.nan)
        self.log_likelihood -= np.where(said, (np.log(2 * math.pi * spread) + innovation**2 / spread) / 2, 0.0)


def _keep(found: Filtered, state: _State, block: slice, step: int) -> None:
    there = np.isfinite(state.panel.days[:, step])
    mean, covariance, first = state.mean, state.covariance, state.first_memory
    found.level[block, step] = np.where(there, CENTRE + mean[0], np.nan)
    found.variance[block, step] = np.where(there, covariance[0, 0], np.nan)
    found.change[block, step] = np.where(there, mean[0] - mean[first], np.nan)
    spread = covariance[0, 0] + covariance[first, first] - 2 * covariance[0, first]
    found.change_variance[block, step] = np.where(there, spread if step else 0.0, np.nan)
    found.bias[block, step] = np.where(there, mean[1:first], np.nan).T
    found.surprise[block, step] = state.surprise
