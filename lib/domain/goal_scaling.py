"""Goal Attainment Scaling: how far a client's own goals were reached, as one T score."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from lib.domain.errors import InvalidInput

LOWEST, HIGHEST = -2, 2
ATTAINED_WORDS = {
    -2: "much less than expected",
    -1: "less than expected",
    0: "as expected",
    1: "more than expected",
    2: "much more than expected",
}


def goal_score(attained: Sequence[int], weights: Sequence[float], correlation: float) -> float:
    """T of goals rated together: 50 + 10 sum(w x) / sqrt((1 - rho) sum(w^2) + rho (sum w)^2).

    Kiresuk & Sherman (1968), with rho their expected correlation between goals. One goal gives 50 + 10 x. Raises
    ValueError for no goal at all, a weight that is not above 0, or lengths that differ."""
    if not attained or any(weight <= 0 for weight in weights):
        raise ValueError("a goal score needs goals, and weights above 0")
    weighted = sum(weight * x for weight, x in zip(weights, attained, strict=True))
    squares, total = sum(weight**2 for weight in weights), sum(weights)
    return 50 + 10 * weighted / sqrt((1 - correlation) * squares + correlation * total**2)


def check_attained(value: object) -> int:
    """A whole number from -2 to 2, or InvalidInput."""
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST <= value <= HIGHEST:
        raise InvalidInput(
            f"Attainment is {value}; it is a whole number from {LOWEST} to {HIGHEST}.",
            "0 is what was expected when the goal was agreed.",
            "attained",
        )
    return value
