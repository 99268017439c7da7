"""Sparkline: the course of one scale in a table cell, on the scale's own range, with its error band and cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from lib.ui.palette import Palette
from lib.ui.svg import data_address, tag

WIDTH, HEIGHT = 110, 22
_SIDE, _EDGE = 4.0, 2.5
_SHORTEST_GAP = 28  # days: a fortnightly form may be missed once before the line is opened


@dataclass(frozen=True, slots=True)
class Course:
    """What is drawn: dated values in order, the scale's range, what error allows around the first, and the cut-off.

    `band` is the half width of the reliable-change band, None where no figures are published; `ends_on` is where
    the axis ends, so that an old last score stands visibly away from the right edge."""

    points: Sequence[tuple[date, float]]
    low: float
    high: float
    ends_on: date
    band: float | None = None
    cutoff: float | None = None


def segments(points: Sequence[tuple[date, float]]) -> list[list[tuple[date, float]]]:
    """The points in runs without a gap: a line never joins over a time without scores in silence.

    A gap is longer than twice the usual distance between this client's scores, and longer than four weeks."""
    if not points:
        return []
    steps = [(later[0] - earlier[0]).days for earlier, later in pairwise(points)]
    longest = max(_SHORTEST_GAP, 2 * median(steps)) if steps else _SHORTEST_GAP
    runs = [[points[0]]]
    for (_, point), step in zip(pairwise(points), steps, strict=True):
        if step > longest:
            runs.append([])
        runs[-1].append(point)
    return runs


def course_picture(course: Course, palette: Palette) -> str:
    """The drawing as a data address; a dotted line where there is no score at all."""
    if not course.points:
        return data_address(WIDTH, HEIGHT, [not_rated_line(_SIDE, WIDTH - _SIDE, HEIGHT / 2, palette)])
    elements = [*_ground(course, palette), *_lines(course, palette)]
    last_on, last = course.points[-1]
    x, y = _x(course, last_on), _y(course, last)
    elements.append(tag("circle", cx=x, cy=y, r=2.8, fill=palette.accent))
    return data_address(WIDTH, HEIGHT, elements)


def not_rated_line(x1: float, x2: float, y: float, palette: Palette) -> str:
    """The dotted line that means: not rated, never zero."""
    return tag("line", x1=x1, y1=y, x2=x2, y2=y, stroke=palette.faint, stroke_width=1.2, stroke_dasharray="1.2 4.2")


def _ground(course: Course, palette: Palette) -> list[str]:
    elements = []
    first = course.points[0][1]
    if course.band is not None:
        top = _y(course, min(course.high, first + course.band))
        bottom = _y(course, max(course.low, first - course.band))
        elements.append(tag("rect", x=2.0, y=top, width=WIDTH - 4.0, height=bottom - top, fill=palette.band))
    floor = _y(course, course.low)
    elements.append(tag("line", x1=2.0, y1=floor, x2=WIDTH - 2.0, y2=floor, stroke=palette.line, stroke_width=1.0))
    if course.cutoff is not None:
        y = _y(course, course.cutoff)
        dashes = tag(
            "line", x1=2.0, y1=y, x2=WIDTH - 2.0, y2=y, stroke=palette.faint, stroke_width=1.0, stroke_dasharray="3 3"
        )
        elements.append(dashes)
    return elements


def _lines(course: Course, palette: Palette) -> list[str]:
    elements = []
    for run in segments(course.points):
        places = [(_x(course, on), _y(course, value)) for on, value in run]
        if len(places) == 1:
            elements.append(tag("circle", cx=places[0][0], cy=places[0][1], r=1.4, fill=palette.accent))
            continue
        written = " ".join(f"{x:.2f},{y:.2f}" for x, y in places)
        elements.append(
            tag(
                "polyline",
                points=written,
                fill="none",
                stroke=palette.accent,
                stroke_width=1.7,
                stroke_linejoin="round",
            )
        )
    return elements


def _x(course: Course, on: date) -> float:
    start = course.points[0][0]
    span = max(1, (course.ends_on - start).days)
    return _SIDE + (WIDTH - 2 * _SIDE) * min(1.0, (on - start).days / span)


def _y(course: Course, value: float) -> float:
    share = (value - course.low) / (course.high - course.low)
    return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share
