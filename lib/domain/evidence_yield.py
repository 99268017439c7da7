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
class Judged:
    """One suggestion that a person decided: by which phrase and code it was made, and whether it was confirmed.

    Evidence that a person marked as missed has no phrase and no place here."""

    phrase_id: str
    code: str
    confirmed: bool


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


def by_phrase(judged: Iterable[Judged]) -> tuple[Yield, ...]:
    """The yield of each phrase, the least useful first."""
    return _by((each.phrase_id, each.confirmed) for each in judged)


def by_code(judged: Iterable[Judged]) -> tuple[Yield, ...]:
    """The yield of each code, the least useful first."""
    return _by((each.code, each.confirmed) for each in judged)


def wilson(confirmed: int, decided: int) -> tuple[float, float]:
    """The 95 % interval of a share, between 0 and 1 (Wilson 1927). ValueError when the counts cannot be."""
    if not 0 <= confirmed <= decided or decided == 0:
        raise ValueError(f"{confirmed} of {decided} is no share")
    share = confirmed / decided
    spread = _Z**2 / decided
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / decided + spread / (4 * decided)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _by(pairs: Iterable[tuple[str, bool]]) -> tuple[Yield, ...]:
    counts: dict[str, list[int]] = {}
    for key, confirmed in pairs:
        count = counts.setdefault(key, [0, 0])
        count[0] += confirmed
        count[1] += 1
    found = [
        Yield(key, confirmed, decided, wilson(confirmed, decided) if decided >= INTERVAL_FROM else None)
        for key, (confirmed, decided) in counts.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.confirmed / each.decided, each.key)))
