"""A second, slow and obvious state model: one series, lists and loops, every matrix written out element by element."""

from __future__ import annotations

import math
from dataclasses import dataclass

CENTRE = 50.0


@dataclass(frozen=True)
class PlainScore:
    """A score of source number `source` on a day."""

    day: float
    source: int
    value: float
    error: float


@dataclass(frozen=True)
class PlainDay:
    """What is known on a day."""

    day: float
    level: float
    variance: float
    change: float
    change_variance: float
    surprises: dict[int, float]


def plain_course(
    days: list[float],
    scores: list[PlainScore],
    loadings: list[float],
    biases: list[float],
    drift: float,
    mean: float = 50.0,
    variance: float = 100.0,
) -> tuple[list[PlainDay], float]:
    """Every day of one series, and the log-likelihood. State: level, its first value, one bias a source."""
    size = 2 + len(loadings)
    x = [0.0] * size
    p = [[0.0] * size for _ in range(size)]
    for i in range(2):
        x[i] = mean - CENTRE
        for j in range(2):
            p[i][j] = variance  # the level on the first day is the first level
    for number, bias in enumerate(biases):
        p[2 + number][2 + number] = bias
    told, likelihood, before = [], 0.0, days[0]
    for day in days:
        p[0][0] += drift * (day - before)
        before = day
        surprises = {}
        for score in sorted((one for one in scores if one.day == day), key=lambda one: one.source):
            h = [0.0] * size
            h[0], h[2 + score.source] = loadings[score.source], 1.0
            forecast = sum(h[i] * x[i] for i in range(size))
            ph = [sum(p[i][j] * h[j] for j in range(size)) for i in range(size)]
            f = sum(h[i] * ph[i] for i in range(size)) + score.error
            v = score.value - CENTRE - forecast
            x = [x[i] + ph[i] / f * v for i in range(size)]
            p = [[p[i][j] - ph[i] * ph[j] / f for j in range(size)] for i in range(size)]
            surprises[score.source] = v / math.sqrt(f)
            likelihood -= 0.5 * (math.log(2 * math.pi * f) + v * v / f)
        spread = p[0][0] + p[1][1] - 2 * p[0][1]
        told.append(PlainDay(day, CENTRE + x[0], p[0][0], x[0] - x[1], spread, surprises))
    return told, likelihood
