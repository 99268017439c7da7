"""Sparkline: the course of one scale in a table cell, on the scale's own range, with its error band and cut-off."""

from __future__ import annotations

from datetime import date

from lib.ui.courses import MeasureCourse, runs
from lib.ui.palette import Palette
from lib.ui.svg import data_address, tag

WIDTH, HEIGHT = 110, 22
_SIDE, _EDGE = 4.0, 2.5


def course_picture(course: MeasureCourse, palette: Palette) -> str:
    """The drawing as a data address; a dotted line where there is no score at all."""
    if not course.points:
        return data_address(WIDTH, HEIGHT, [not_rated_line(_SIDE, WIDTH - _SIDE, HEIGHT / 2, palette)])
    elements = [*_ground(course, palette), *_lines(course, palette)]
    last = course.points[-1]
    elements.append(tag("circle", cx=_x(course, last.on), cy=_y(course, last.value), r=2.8, fill=palette.accent))
    return data_address(WIDTH, HEIGHT, elements)


def not_rated_line(x1: float, x2: float, y: float, palette: Palette) -> str:
    """The dotted line that means: not rated, never zero."""
    return tag("line", x1=x1, y1=y, x2=x2, y2=y, stroke=palette.faint, stroke_width=1.2, stroke_dasharray="1.2 4.2")


def _ground(course: MeasureCourse, palette: Palette) -> list[str]:
    elements = []
    if course.band is not None:
        top, bottom = (_y(course, min(course.high, max(course.low, end))) for end in reversed(course.band))
        elements.append(tag("rect", x=2.0, y=top, width=WIDTH - 4.0, height=bottom - top, fill=palette.band))
    elements.append(_across(_y(course, course.low), palette.line))
    if course.cutoff is not None:
        elements.append(_across(_y(course, course.cutoff), palette.faint, stroke_dasharray="3 3"))
    return elements


def _across(y: float, colour: str, **more: str) -> str:
    return tag("line", x1=2.0, y1=y, x2=WIDTH - 2.0, y2=y, stroke=colour, stroke_width=1.0, **more)


def _lines(course: MeasureCourse, palette: Palette) -> list[str]:
    elements = []
    for run in runs(course.points, course.breaks):
        places = [(_x(course, point.on), _y(course, point.value)) for point in run]
        if len(places) == 1:
            elements.append(tag("circle", cx=places[0][0], cy=places[0][1], r=1.4, fill=palette.accent))
            continue
        written = " ".join(f"{x:.2f},{y:.2f}" for x, y in places)
        line: dict[str, str | float] = {"stroke": palette.accent, "stroke_width": 1.7, "stroke_linejoin": "round"}
        elements.append(tag("polyline", **line, points=written, fill="none"))
    return elements


def _x(course: MeasureCourse, on: date) -> float:
    span = max(1, (course.ends_on - course.begins_on).days)
    return _SIDE + (WIDTH - 2 * _SIDE) * min(1.0, max(0.0, (on - course.begins_on).days / span))


def _y(course: MeasureCourse, value: float) -> float:
    share = (value - course.low) / (course.high - course.low)
    return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share
