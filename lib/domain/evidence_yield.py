"""What phrases and codes yield: confirmed of decided, an interval from ten decisions on. It proposes, never mutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

INTERVAL_FROM = 10
"""From so many decisions on an interval is told; below it the two numbers stand alone."""
MUTE_BELOW = 0.5
"""A phrase is proposed for muting when even the upper end of its interval is below this share."""
_Z = 1.959963984540054  # the normal quantile of a two-sided 95 % interval


@dataclass(frozen=True, slots=True)
class Yield:
    """Confirmed of decided. `interval` is the 95 % Wilson interval of the share, None below ten decisions."""

    key: str
    confirmed: int
    decided: int
    interval: tuple[float, float] | None

    @property
    def share(self) -> float | None:
        """Confirmed of decided, None when nothing was decided."""
        return self.confirmed / self.decided if self.decided else None

    @property
    def proposed_to_mute(self) -> bool:
        """Whether to propose muting it; a person decides."""
        return self.interval is not None and self.interval[1] < MUTE_BELOW


def by_phrase(counts: Iterable[tuple[str, bool, int]]) -> tuple[Yield, ...]:
    """The yield of each phrase, the least useful first, from (phrase id, whether confirmed, how often).

    Evidence that a person marked as missed has no phrase and no place here."""
    found: dict[str, list[int]] = {}
    for key, confirmed, often in counts:
        count = found.setdefault(key, [0, 0])
        count[0] += often if confirmed else 0
        count[1] += often
    made = [_yield(key, confirmed, decided) for key, (confirmed, decided) in found.items()]
    return tuple(sorted(made, key=lambda each: (each.confirmed / each.decided, each.key)))


def together(key: str, yields: Iterable[Yield]) -> Yield | None:
    """What several phrases yield as one, under the name of what they speak for; None when nothing was decided."""
    counts = [(each.confirmed, each.decided) for each in yields]
    decided = sum(of for _met, of in counts)
    return _yield(key, sum(met for met, _of in counts), decided) if decided else None


def wilson(confirmed: int, decided: int) -> tuple[float, float]:
    """The 95 % interval of a share, between 0 and 1 (Wilson 1927). ValueError when the counts cannot be."""
    if not 0 <= confirmed <= decided or decided == 0:
        raise ValueError(f"{confirmed} of {decided} is no share")
    share = confirmed / decided
    spread = _Z**2 / decided
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / decided + spread / (4 * decided)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _yield(key: str, confirmed: int, decided: int) -> Yield:
    return Yield(key, confirmed, decided, wilson(confirmed, decided) if decided >= INTERVAL_FROM else None)
