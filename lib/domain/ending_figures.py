"""Ending figures: how courses ended and what held afterwards, each with its denominator; small groups are not told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 5  # a smaller group could be recognised


@dataclass(frozen=True, slots=True)
class EndingCount:
    """Courses that ended in one way. `kind` by EndingKind, "" where nobody said it."""

    kind: str
    is_sudden: bool
    courses: int
    with_summary: int
    with_plan: int


@dataclass(frozen=True, slots=True)
class CheckInCount:
    """Check-ins of one month: how many were due, held, scored on the agreed measure, and of those had not crossed."""

    month: int
    due: int
    held: int
    scored: int
    below: int


def of(part: int, whole: int) -> str:
    """ "4 of 6", or that the group is too small to be told."""
    return f"under {SMALLEST}, not told" if whole < SMALLEST else f"{part} of {whole}"


def told_apart(counts: Sequence[EndingCount]) -> tuple[list[EndingCount], list[EndingCount]]:
    """Ways of ending that may be told one by one, and those told together only.

    Small groups are put together, with the next larger one where they stay small: no difference gives one away."""
    ordered = sorted(counts, key=lambda one: (-one.courses, one.kind, one.is_sudden))
    alone = [one for one in ordered if one.courses >= SMALLEST]
    together = [one for one in ordered if one.courses < SMALLEST]
    while together and alone and sum(one.courses for one in together) < SMALLEST:
        together.insert(0, alone.pop())
    return alone, together
