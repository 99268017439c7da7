"""Effect size of a change within one group: standardised by the first scores, with its interval, from sums alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

FEWEST = 5  # below it the spread of the first scores says nothing
_Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Sums:
    """What a database adds up over pairs of first and latest score."""

    pairs: int
    first: float
    latest: float
    first_squared: float
    latest_squared: float
    product: float

    def plus(self, other: Sums) -> Sums:
        """Two groups as one."""
        return Sums(
            self.pairs + other.pairs,
            self.first + other.first,
            self.latest + other.latest,
            self.first_squared + other.first_squared,
            self.latest_squared + other.latest_squared,
            self.product + other.product,
        )


NO_SUMS = Sums(0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class EffectSize:
    """Above zero is better. `low` to `high` is the 95 % interval; all in standard deviations of the first scores."""

    value: float
    low: float
    high: float
    pairs: int


def effect_size(sums: Sums, higher_is_better: bool) -> EffectSize | None:
    """Standardised mean change with the first scores' SD, corrected for small groups.

    None under five pairs or where first or latest scores do not vary. Source: Becker 1988, Br J Math Stat Psychol
    41:257-278: g = J (M2 - M1) / SD1, J = 1 - 3 / (4 (n - 1) - 1), variance 2 (1 - r) / n + g^2 / (2 n)."""
    n = sums.pairs
    if n < FEWEST:
        return None
    first_variance, latest_variance = _variance(sums.first, sums.first_squared, n), _variance(
        sums.latest, sums.latest_squared, n
    )  # fmt: skip
    if first_variance <= 0 or latest_variance <= 0:
        return None
    covariance = (sums.product - sums.first * sums.latest / n) / (n - 1)
    r = max(-1.0, min(1.0, covariance / sqrt(first_variance * latest_variance)))
    sign = 1.0 if higher_is_better else -1.0
    correction = 1 - 3 / (4 * (n - 1) - 1)
    value = correction * sign * (sums.latest - sums.first) / n / sqrt(first_variance)
    half = _Z_95 * sqrt(2 * (1 - r) / n + value * value / (2 * n))
    return EffectSize(value, value - half, value + half, n)


def _variance(total: float, squared: float, n: int) -> float:
    variance = (squared - total * total / n) / (n - 1)
    return 0.0 if variance < 1e-9 else variance
