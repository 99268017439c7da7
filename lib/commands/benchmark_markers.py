"""Benchmark of the marker estimates: many clients side by side, beside a plain loop over one client after the other.

The loop does the same arithmetic with plain numbers, is measured on some of the clients and scaled by their number;
both must come to the same levels."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from statistics import median

import numpy as np

from lib.domain.marker_filter import Panel, Walk, chance_above, run_filter

CLIENTS, MANY_CLIENTS, MARKERS, DATES = 10_000, 50_000, 5, 30
LOOPED_CLIENTS = 40
FASTER_BY, WITHIN_S = 20.0, 120.0
_LOADINGS, _ERRORS, _BIASES = (0.8, 0.65, 0.7), (35.0, 40.0, 40.0), (1.0, 17.75, 11.0)
_WALK = Walk(0.09, 50.0, 100.0)
_SEED = 17


def many_at_once(runs: int) -> tuple[float, float]:
    """Process seconds for 10,000 clients: side by side, and by the plain loop, scaled from the clients it was run on.

    Raises RuntimeError when the two do not agree: a fast wrong answer is no answer."""
    panel = _panel(CLIENTS, _SEED)
    found = [_timed(panel) for _ in range(runs)]
    rows = LOOPED_CLIENTS * MARKERS
    began = time.process_time()
    levels = [_plain_course(*each) for each in _rows(panel, rows)]
    looped = time.process_time() - began
    if not np.allclose(run_filter(_first(panel, rows), _WALK).level, np.array(levels)[:, :, 0], atol=1e-8):
        raise RuntimeError("the estimates side by side do not agree with the plain loop")
    return median(found), looped * CLIENTS / LOOPED_CLIENTS


def fifty_thousand() -> float:
    """Process seconds for 50,000 clients, 10,000 at a time as a practice of that size is rebuilt."""
    return sum(_timed(_panel(CLIENTS, _SEED + part)) for part in range(MANY_CLIENTS // CLIENTS))


def _timed(panel: Panel) -> float:
    """Level, change and both chances on every day."""
    began = time.process_time()
    found = run_filter(panel, _WALK)
    for points in (0.0, 5.0):
        chance_above(found.change, found.change_variance, points)
    return time.process_time() - began


def _panel(clients: int, seed: int) -> Panel:
    """Irregular days, three sources, one score in five missing."""
    rng, series, sources = np.random.default_rng(seed), clients * MARKERS, len(_LOADINGS)
    days = np.cumsum(rng.integers(3, 40, (series, DATES)), axis=1).astype(float)
    values = rng.normal(50, 10, (series, DATES, sources))
    values[rng.random(values.shape) < 0.2] = np.nan
    errors = np.broadcast_to(np.array(_ERRORS), values.shape)
    loadings, biases = (np.tile(np.array(each), (series, 1)) for each in (_LOADINGS, _BIASES))
    return Panel(days, values, errors, loadings, biases)


def _first(panel: Panel, rows: int) -> Panel:
    return Panel(*(getattr(panel, each)[:rows] for each in Panel.__slots__))


def _rows(panel: Panel, rows: int) -> list[tuple[list[float], list[list[float]]]]:
    return list(zip(panel.days[:rows].tolist(), panel.values[:rows].tolist(), strict=True))


def _plain_course(days: Sequence[float], values: Sequence[Sequence[float]]) -> list[tuple[float, ...]]:
    """One marker of one client with plain numbers: level, variance, change, its variance and two chances a day."""
    size = 2 + len(_LOADINGS)
    mean = [_WALK.mean - 50.0] * 2 + [0.0] * len(_LOADINGS)
    spread = [[0.0] * size for _ in range(size)]
    for one in range(2):
        for other in range(2):
            spread[one][other] = _WALK.variance
    for source, bias in enumerate(_BIASES):
        spread[2 + source][2 + source] = bias
    told, before = [], days[0]
    for day, scores in zip(days, values, strict=True):
        spread[0][0] += _WALK.drift * (day - before)
        before = day
        for source, score in enumerate(scores):
            if score != score:  # missing
                continue
            loading, place = _LOADINGS[source], 2 + source
            gain = [loading * row[0] + row[place] for row in spread]
            total = loading * gain[0] + gain[place] + _ERRORS[source]
            innovation = (score - 50.0 - loading * mean[0] - mean[place]) / total
            for one in range(size):
                mean[one] += gain[one] * innovation
                row, part = spread[one], gain[one] / total
                for other in range(size):
                    row[other] -= part * gain[other]
        change, variance = mean[0] - mean[1], spread[0][0] + spread[1][1] - 2 * spread[0][1]
        scale = math.sqrt(2 * variance) if variance > 0 else math.inf
        chances = (math.erfc((points - change) / scale) / 2 for points in (0.0, 5.0))
        told.append((50.0 + mean[0], spread[0][0], change, variance, *chances))
    return told
