"""Marker drawing: growth markers on their scale 0-4 in a table cell. Not rated is a dotted line, never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from lib.ui.sparkline import not_rated_line
from lib.ui.strokes import Picture, Stroke, box, dot, line, lines

WIDTH, WIDER, HEIGHT = 56, 126, 22
_SIDE = 4.0


@dataclass(frozen=True, slots=True)
class MarkerMark:
    """What is drawn of one marker: a level 0-4, its 95 % interval where it is an estimate, and whether it is stale."""

    level: float | None
    interval: tuple[float, float] | None = None
    is_stale: bool = False


@lru_cache(maxsize=2048)
def marker_picture(mark: MarkerMark, width: int = WIDTH) -> Picture:
    """Five ticks, the 95 % interval as an outlined bar where there is one, and a stroke at the level; grey when stale.

    A single rating has no interval: it is drawn as a dot, so that it never looks like an estimate."""
    return Picture(width, HEIGHT, tuple(_marker(mark, 0, width)))


def markers_picture(marks: Sequence[MarkerMark]) -> Picture:
    """All markers side by side in one cell, for narrow screens, in the order of the model."""
    each = 32
    strokes = [stroke for place, mark in enumerate(marks) for stroke in _marker(mark, place * each, 28)]
    return Picture(each * len(marks), HEIGHT, tuple(strokes))


def _marker(mark: MarkerMark, left: float, width: float) -> list[Stroke]:
    middle, start, end = HEIGHT / 2, left + _SIDE, left + width - _SIDE
    if mark.level is None:
        return [not_rated_line(start, end, middle)]
    step = (end - start) / 4
    scale = ("scale", _scale(start, end))
    place = start + step * min(4.0, max(0.0, mark.level))
    old = " old" if mark.is_stale else ""
    if mark.interval is None:
        return [scale, ("rating" + old, dot(place, middle, 4.0))]
    low, high = (start + step * min(4.0, max(0.0, edge)) for edge in mark.interval)
    interval = ("interval" + old, box(low, middle - 5, max(2.0, high - low), 10.0, rounded=2.5))
    return [scale, interval, ("level" + old, line((place, middle - 6.5), (place, middle + 6.5)))]


@cache
def _scale(start: float, end: float) -> str:
    """The line from 0 to 4 with its ticks: the same for every marker that stands in one place of its cell."""
    middle, step = HEIGHT / 2, (end - start) / 4
    ticks = [[(start + step * tick, middle - 3), (start + step * tick, middle + 3)] for tick in range(5)]
    return lines([[(start, middle), (end, middle)], *ticks])
