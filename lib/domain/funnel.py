"""Funnel: where chance alone puts the rates of equally good groups of different sizes. Limits, never ranks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import comb

from lib.domain.small_groups import FEWEST as FEWEST_TO_COMPARE

INNER, OUTER = 0.95, 0.998


class Place(StrEnum):
    """Where a group lies, or why it is not drawn. Outside the limits is a question to ask, not an answer."""

    INSIDE = "within what chance alone would do"
    BETWEEN = "outside 95 %, within 99.8 %"
    OUTSIDE = "outside 99.8 %"
    # Not drawn:
    TOO_FEW = "fewer than five with two scores"
    HELD_BACK = "held back: what is left beside it would be fewer than five"
    NOT_JUDGED = "not drawn: no figures to judge change by"
    FEW_JUDGED = "fewer than five with a verdict"


DRAWN = (Place.INSIDE, Place.BETWEEN, Place.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper limits of the rate in a group of `n`, for 95 % and 99.8 %."""

    n: int
    low_95: float
    high_95: float
    low_998: float
    high_998: float


def limits(n: int, rate: float) -> Limits:
    """Exact binomial limits, interpolated so that the curves are smooth.

    Source: Spiegelhalter 2005, Stat Med 24:1185-1202, appendix A.1.1, for the lower limit; the upper one is the lower
    limit of those who are not better, so that nobody lies outside by whose outcome chance alone is likely.
    Raises ValueError for a size or rate that cannot be."""
    if n < 1 or not 0 <= rate <= 1:
        raise ValueError("a group has somebody in it and a rate lies between 0 and 1")
    better, others = _binomial(n, rate), _binomial(n, 1 - rate)
    tail_95, tail_998 = (1 - INNER) / 2, (1 - OUTER) / 2
    return Limits(
        n,
        _lower(better, tail_95) / n,
        1 - _lower(others, tail_95) / n,
        _lower(better, tail_998) / n,
        1 - _lower(others, tail_998) / n,
    )


def place_of(met: int, n: int, rate: float) -> Place:
    """Where `met` of `n` with a verdict lies when everybody had this rate."""
    if n == 0:
        return Place.NOT_JUDGED
    if n < FEWEST_TO_COMPARE:
        return Place.FEW_JUDGED
    found, own = limits(n, rate), met / n
    if found.low_95 <= own <= found.high_95:
        return Place.INSIDE
    return Place.BETWEEN if found.low_998 <= own <= found.high_998 else Place.OUTSIDE


def _binomial(n: int, rate: float) -> list[float]:
    return [comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)]


def _lower(chances: list[float], wanted: float) -> float:
    """The count below which at most a share `wanted` of all outcomes lies, between whole numbers; 0 to n."""
    summed = 0.0
    for count, chance in enumerate(chances):
        before, summed = summed, summed + chance
        if summed > wanted:
            part = (summed - wanted) / (summed - before)
            return min(max(count - part, 0.0), float(len(chances) - 1))
    return float(len(chances) - 1)
