"""Marker drawing: growth markers on their scale 0-4 in a table cell. Not rated is a dotted line, never zero."""

from __future__ import annotations

from collections.abc import Sequence

from lib.ui.palette import Palette
from lib.ui.sparkline import not_rated_line
from lib.ui.svg import data_address, drawing, tag

WIDTH, HEIGHT = 56, 22
_SIDE = 4.0


def marker_picture(level: float | None, palette: Palette, interval: tuple[float, float] | None = None) -> str:
    """Five ticks, the 95 % interval as an outlined bar where there is one, and a stroke at the level.

    A single rating has no interval: it is drawn as a dot, so that it never looks like an estimate."""
    return data_address(WIDTH, HEIGHT, _marker(level, palette, interval, 0, WIDTH))


def marker_shape(level: float | None, palette: Palette) -> str:
    """The same drawing, wider, as SVG text for a page."""
    return drawing(126, HEIGHT, _marker(level, palette, None, 0, 126))


def markers_picture(levels: Sequence[float | None], palette: Palette) -> str:
    """All markers side by side in one cell, for narrow screens, in the order of the model."""
    each = 32
    elements = [part for place, level in enumerate(levels) for part in _marker(level, palette, None, place * each, 28)]
    return data_address(each * len(levels), HEIGHT, elements)


def _marker(
    level: float | None, palette: Palette, interval: tuple[float, float] | None, left: float, width: float
) -> list[str]:
    middle, start, end = HEIGHT / 2, left + _SIDE, left + width - _SIDE
    if level is None:
        return [not_rated_line(start, end, middle, palette)]
    step = (end - start) / 4
    elements = [_line(start, middle, end, middle, palette.line, 1.4)]
    elements += [
        _line(start + step * tick, middle - 3, start + step * tick, middle + 3, palette.line, 1.2) for tick in range(5)
    ]
    place = start + step * min(4.0, max(0.0, level))
    if interval is None:
        return [*elements, tag("circle", cx=place, cy=middle, r=4.0, fill=palette.accent)]
    low, high = (start + step * min(4.0, max(0.0, edge)) for edge in interval)
    outline: dict[str, str | float] = {"rx": 2.5, "fill": palette.soft, "stroke": palette.accent, "stroke_width": 0.9}
    elements.append(tag("rect", **outline, x=low, y=middle - 5, width=max(2.0, high - low), height=10.0))
    return [*elements, _line(place, middle - 6.5, place, middle + 6.5, palette.accent, 2.6)]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, weight: float) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=weight, stroke_linecap="round")
