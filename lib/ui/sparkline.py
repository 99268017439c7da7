"""Sparkline: the course of one scale in a table cell, on the scale's own range, with its error band and cut-off."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lib.ui.courses import MeasureCourse, runs
from lib.ui.strokes import Picture, Stroke, box, dot, line

WIDTH, HEIGHT = 110, 22
_SIDE, _EDGE = 4.0, 2.5


@lru_cache(maxsize=1024)
def course_picture(course: MeasureCourse) -> Picture:
    """The drawing; a dotted line where there is no score at all."""
    if not course.points:
        return Picture(WIDTH, HEIGHT, (not_rated_line(_SIDE, WIDTH - _SIDE, HEIGHT / 2),))
    last = course.points[-1]
    latest = ("score", dot(_x(course, last.on), _y(course, last.value), 2.8))
    return Picture(WIDTH, HEIGHT, (*_ground(course), *_lines(course), latest))


def not_rated_line(x1: float, x2: float, y: float) -> Stroke:
    """The dotted line that means: not rated, never zero."""
    return "unrated", line((x1, y), (x2, y))


def _ground(course: MeasureCourse) -> list[Stroke]:
    strokes: list[Stroke] = []
    if course.band is not None:
        top, bottom = (_y(course, min(course.high, max(course.low, end))) for end in reversed(course.band))
        strokes.append(("band", box(2.0, top, WIDTH - 4.0, bottom - top)))
    strokes.append(("ground", _across(_y(course, course.low))))
    if course.cutoff is not None:
        strokes.append(("cutoff", _across(_y(course, course.cutoff))))
    return strokes


def _across(y: float) -> str:
    return line((2.0, y), (WIDTH - 2.0, y))


def _lines(course: MeasureCourse) -> list[Stroke]:
    strokes: list[Stroke] = []
    for run in runs(course.points, course.breaks):
        places = [(_x(course, point.on), _y(course, point.value)) for point in run]
        strokes.append(("score", dot(*places[0], 1.4)) if len(places) == 1 else ("course", line(*places)))
    return strokes


def _x(course: MeasureCourse, on: date) -> float:
    span = max(1, (course.ends_on - course.begins_on).days)
    return _SIDE + (WIDTH - 2 * _SIDE) * min(1.0, max(0.0, (on - course.begins_on).days / span))


def _y(course: MeasureCourse, value: float) -> float:
    share = (value - course.low) / (course.high - course.low)
    return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share
