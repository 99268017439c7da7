"""Marker drawing: one growth marker on its scale 0-4 in a table cell. Not rated is a dotted line, never zero."""

from __future__ import annotations

from lib.ui.palette import Palette
from lib.ui.sparkline import not_rated_line
from lib.ui.svg import data_address, tag

WIDTH, HEIGHT = 56, 22
_SIDE = 4.0


def marker_picture(
    level: float | None, palette: Palette, interval: tuple[float, float] | None = None, width: float = WIDTH
) -> str:
    """Five ticks, the 95 % interval as an outlined bar where there is one, and a stroke at the level.

    A single rating has no interval: it is drawn as a dot, so that it never looks like an estimate."""
    middle = HEIGHT / 2
    if level is None:
        return data_address(width, HEIGHT, [not_rated_line(_SIDE, width - _SIDE, middle, palette)])
    elements = [_line(_SIDE, middle, width - _SIDE, middle, palette.line, 1.4)]
    elements += [
        _line(_x(step, width), middle - 3, _x(step, width), middle + 3, palette.line, 1.2) for step in range(5)
    ]
    if interval is None:
        elements.append(tag("circle", cx=_x(level, width), cy=middle, r=4.2, fill=palette.accent))
    else:
        left, right = (_x(end, width) for end in interval)
        elements.append(
            tag(
                "rect",
                x=left,
                y=middle - 5,
                width=max(2.0, right - left),
                height=10.0,
                rx=2.5,
                fill=palette.soft,
                stroke=palette.accent,
                stroke_width=0.9,
            )
        )
        elements.append(_line(_x(level, width), middle - 6.5, _x(level, width), middle + 6.5, palette.accent, 2.6))
    return data_address(width, HEIGHT, elements)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, weight: float) -> str:
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=weight, stroke_linecap="round")


def _x(level: float, width: float) -> float:
    return _SIDE + (width - 2 * _SIDE) * min(4.0, max(0.0, level)) / 4
