"""Marker drawing: growth markers on their scale 0-4 in a table cell. Not rated is a dotted line, never zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.ui.palette import Palette
from lib.ui.sparkline import not_rated_line
from lib.ui.svg import data_address, drawing, tag

WIDTH, HEIGHT = 56, 22
_SIDE = 4.0


@dataclass(frozen=True, slots=True)
class MarkerMark:
    """What is drawn of one marker: a level 0-4, its 95 % interval where it is an estimate, and whether it is stale."""

    level: float | None
    interval: tuple[float, float] | None = None
    is_stale: bool = False


def marker_picture(mark: MarkerMark, palette: Palette) -> str:
    """Five ticks, the 95 % interval as an outlined bar where there is one, and a stroke at the level; grey when stale.

    A single rating has no interval: it is drawn as a dot, so that it never looks like an estimate."""
    return data_address(WIDTH, HEIGHT, _marker(mark, palette, 0, WIDTH))


def marker_shape(mark: MarkerMark, palette: Palette) -> str:
    """The same drawing, wider, as SVG text for a page."""
    return drawing(126, HEIGHT, _marker(mark, palette, 0, 126))


def markers_picture(marks: Sequence[MarkerMark], palette: Palette) -> str:
    """All markers side by side in one cell, for narrow screens, in the order of the model."""
    each = 32
    elements = [part for place, mark in enumerate(marks) for part in _marker(mark, palette, place * each, 28)]
    return data_address(each * len(marks), HEIGHT, elements)


def _marker(mark: MarkerMark, palette: Palette, left: float, width: float) -> list[str]:
    middle, start, end = HEIGHT / 2, left + _SIDE, left + width - _SIDE
    if mark.level is None:
        return [not_rated_line(start, end, middle, palette)]
    step = (end - start) / 4
    elements = [_line(start, middle, end, middle, palette.line, 1.4)]
    elements += [
        _line(start + step * tick, middle - 3, start + step * tick, middle + 3, palette.line, 1.2) for tick in range(5)
    ]
    colour, fill = (palette.faint, palette.band) if mark.is_stale else (palette.accent, palette.soft)
    place = start + step * min(4.0, max(0.0, mark.level))
    if mark.interval is None:
        return [*elements, tag("circle", cx=place, cy=middle, r=4.0, fill=colour)]
    low, high = (start + step * min(4.0, max(0.0, edge)) for edge in mark.interval)
    outline: dict[str, str | float] = {"rx": 2.5, "fill": fill, "stroke": colour, "stroke_width": 0.9}
    elements.append(tag("rect", **outline, x=low, y=middle - 5, width=max(2.0, high - low), height=10.0))
    return [*elements, _line(place, middle - 6.5, place, middle + 6.5, colour, 2.6)]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, weight: float) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=weight, stroke_linecap="round")
