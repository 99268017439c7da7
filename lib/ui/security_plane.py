"""Security plane: attachment anxiety against avoidance as a dated path, with the error of first and last score.

No types, no quadrants, no cut-off: there is none. Corners are named by what more or less of both would mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.instruments import Scale
from lib.services.client_measures import MeasureCourse
from lib.services.client_record import ClientOverview
from lib.ui import drawings, words
from lib.ui.drawings import Shape
from lib.ui.marker_course_drawing import node, text_node
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays

JOINT_95 = 2.45  # sqrt of the 95 % point of chi-square with two degrees of freedom
INSTRUMENTS = ("ecr_r", "ecr_rs", "ecr36", "ecr12")  # the first with both scores is drawn
WIDTH, HEIGHT = 470, 372
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 452.0, 12.0, 318.0


@dataclass(frozen=True, slots=True)
class PlanePoint:
    """Both scores of one form."""

    on: date
    anxiety: float
    avoidance: float


@dataclass(frozen=True, slots=True)
class Plane:
    """The path of one questionnaire. `errors`: standard errors of one score, None where no figures are published."""

    name: str
    points: tuple[PlanePoint, ...]
    low: float
    high: float
    errors: tuple[float, float] | None


def show(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date, days: ShownDays) -> None:
    """The plane with the change on both scales in words; nothing where no form gave both scores."""
    plane = plane_of(overview.measures, definitions)
    if plane is None:
        return
    st.header("Attachment security plane", anchor=False)
    dates = words.count(len(plane.points), "date")
    with st.container(key=f"quiet-plane-{overview.client.id}"):
        ellipse = "ellipse = joint 95 % error of one score" if plane.errors else "no published figures for its error"
        st.text(f"{plane.name}, {dates}{_faded_in_words(plane, days)} · {ellipse} · no cut-off exists, no types")
    with st.container(horizontal=True, gap="medium", key=f"plane-row-{overview.client.id}"):
        with st.container(width=WIDTH):
            key = f"plane-{overview.client.id}"
            shapes = plane_shapes(plane, palette, today, days)
            drawings.show(shapes, WIDTH, HEIGHT, in_words(plane, today), key, fixed=True)
        with st.container(width="stretch"):
            for measure in _both(overview.measures, plane.name, definitions):
                with st.container(key=f"strong-plane-{overview.client.id}-{measure.measure}"):
                    said = words.verdict(measure.change.verdict, len(measure.points))
                    st.text(f"{measure.name}: {said}{days.beside_a_verdict}")
                st.text(measure.change.sentence)
            st.text("Security grows when both fall. Less avoidance with more anxiety can be dependence: look at both.")


def plane_of(measures: tuple[MeasureCourse, ...], definitions: Definitions) -> Plane | None:
    """The forms of the first questionnaire that gave both scores, in the order of days; None where there is none."""
    known = {measure.measure: measure for measure in measures}
    for instrument in INSTRUMENTS:
        anxiety, avoidance = known.get(f"{instrument}.anxiety"), known.get(f"{instrument}.avoidance")
        if anxiety is None or avoidance is None:
            continue
        other = {point.form_id: point.value for point in avoidance.points}
        points = tuple(
            PlanePoint(point.taken_on, point.value, other[point.form_id])
            for point in anxiety.points
            if point.form_id in other
        )
        if points:
            scales = [definitions.instruments[instrument].scale(key) for key in ("anxiety", "avoidance")]
            return Plane(anxiety.short_name, points, anxiety.low, anxiety.high, _errors(*scales))
    return None


def _both(measures: tuple[MeasureCourse, ...], short_name: str, definitions: Definitions) -> list[MeasureCourse]:
    instrument = next(one.id for one in definitions.instruments.values() if one.short_name == short_name)
    return [one for one in measures if one.measure in (f"{instrument}.anxiety", f"{instrument}.avoidance")]


def _errors(anxiety: Scale, avoidance: Scale) -> tuple[float, float] | None:
    """Standard error of one score on each scale: SD sqrt(1 - r)."""
    if anxiety.change is None or avoidance.change is None:
        return None
    first, second = (each.change.sd * sqrt(1 - each.change.reliability) for each in (anxiety, avoidance) if each.change)
    return first, second


def in_words(plane: Plane, today: date) -> str:
    """The drawing in a sentence."""
    first, last = plane.points[0], plane.points[-1]

    def said(point: PlanePoint) -> str:
        return f"anxiety {point.anxiety:.1f} and avoidance {point.avoidance:.1f} on {words.day(point.on, today)}"

    if first is last:
        return f"{plane.name}: {said(first)}, one date only."
    return f"{plane.name}: from {said(first)} to {said(last)}, {len(plane.points)} dates."


def _faded_in_words(plane: Plane, days: ShownDays) -> str:
    faded = sum(not days.holds(point.on) for point in plane.points)
    return f", {faded} of them faded: outside the days shown" if faded else ""


def plane_shapes(plane: Plane, palette: Palette, today: date, days: ShownDays | None = None) -> list[Shape]:
    """Ground, corners in words, the path, and ellipses and dates of the first and last point of the days shown.

    Points outside these days are faded, never left out: the path is that of the whole course."""
    at = _Places(plane, tuple(point for point in plane.points if days is None or days.holds(point.on)))
    return [*_ground(at, palette), *_ellipses(at, palette), *_path(at, palette), *_dates(at, palette, today)]


@dataclass(frozen=True, slots=True)
class _Places:
    plane: Plane
    shown: tuple[PlanePoint, ...]

    def x(self, anxiety: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (anxiety - self.plane.low) / (self.plane.high - self.plane.low)

    def y(self, avoidance: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (avoidance - self.plane.low) / (self.plane.high - self.plane.low)


def _ground(at: _Places, palette: Palette) -> list[Shape]:
    found = []
    for value in range(int(at.plane.low), int(at.plane.high) + 1):
        x, y = at.x(value), at.y(value)
        found.append(node("line", x1=x, x2=x, y1=_TOP, y2=_BOTTOM, stroke=palette.line))
        found.append(node("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, stroke=palette.line))
        found.append(text_node(str(value), x, _BOTTOM + 18, palette.muted, text_anchor="middle"))
        found.append(text_node(str(value), _LEFT - 9, y + 4, palette.muted, text_anchor="end"))
    found.append(
        text_node("attachment anxiety →", (_LEFT + _RIGHT) / 2, _BOTTOM + 42, palette.muted, text_anchor="middle")
    )
    middle = (_TOP + _BOTTOM) / 2
    turned = f"rotate(-90 16 {middle})"
    found.append(text_node("attachment avoidance →", 16, middle, palette.muted, text_anchor="middle", transform=turned))
    corners = (
        ("both lower:", "more security", _LEFT + 8, _BOTTOM - 24, "start"),
        ("less distance, more worry:", "not yet security", _RIGHT - 8, _BOTTOM - 24, "end"),
        ("less worry, more distance:", "not yet security", _LEFT + 8, _TOP + 18, "start"),
        ("both higher:", "less security", _RIGHT - 8, _TOP + 18, "end"),
    )
    for first, second, x, y, anchor in corners:
        found += [
            text_node(first, x, y, palette.faint, text_anchor=anchor),
            text_node(second, x, y + 16, palette.faint, text_anchor=anchor),
        ]
    return found


def _ellipses(at: _Places, palette: Palette) -> list[Shape]:
    errors = at.plane.errors
    if errors is None or not at.shown:
        return []
    first, last = at.shown[0], at.shown[-1]
    found = []
    if first is not last:
        found.append(
            _ellipse(at, first, errors, fill="none", stroke=palette.muted, stroke_width=1, stroke_dasharray="4 3")
        )
    found.append(
        _ellipse(at, last, errors, fill=palette.soft, fill_opacity=0.55, stroke=palette.accent, stroke_width=0.9)
    )
    return found


def _ellipse(at: _Places, point: PlanePoint, errors: tuple[float, float], **more: str | float) -> Shape:
    """As a path of two arcs: the drawing component knows no ellipse."""
    rx, ry = (JOINT_95 * error for error in errors)
    rx, ry = at.x(rx) - at.x(0), at.y(0) - at.y(ry)
    x, y = at.x(point.anxiety), at.y(point.avoidance)
    arc = f"A{rx:.1f},{ry:.1f} 0 1 0"
    return node("path", d=f"M{x - rx:.1f},{y:.1f} {arc} {x + rx:.1f},{y:.1f} {arc} {x - rx:.1f},{y:.1f}", **more)


def _path(at: _Places, palette: Palette) -> list[Shape]:
    faded = [(at.x(point.anxiety), at.y(point.avoidance)) for point in at.plane.points]
    places = [(at.x(point.anxiety), at.y(point.avoidance)) for point in at.shown]
    found = []
    if len(places) < len(faded):
        found.append(_line(faded, stroke=palette.faint, stroke_width=1, stroke_dasharray="2 4"))
        outside = [place for place in faded if place not in places]
        found += [node("circle", cx=x, cy=y, r=2.6, fill=palette.faint, fill_opacity=0.6) for x, y in outside]
    if not places:
        return found
    found.append(_line(places, stroke=palette.accent, stroke_width=1.6))
    found += [node("circle", cx=x, cy=y, r=3.0, fill=palette.accent) for x, y in places[1:-1]]
    x, y = places[0]
    if len(places) > 1:
        found.append(node("circle", cx=x, cy=y, r=4.4, fill=palette.page, stroke=palette.accent, stroke_width=1.8))
    x, y = places[-1]
    return [*found, node("circle", cx=x, cy=y, r=5.4, fill=palette.accent)]


def _line(places: list[tuple[float, float]], **more: str | float) -> Shape:
    return node("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places), fill="none", **more)


def _dates(at: _Places, palette: Palette, today: date) -> list[Shape]:
    """The first date above its dot and the last below it, or the other way round where the path leads up."""
    if not at.shown:
        return []
    first, last = at.shown[0], at.shown[-1]
    up = last.avoidance > first.avoidance
    found = [_date(at, last, above=up, colour=palette.ink, today=today, palette=palette, bold=True)]
    if first is not last:
        found += [_date(at, first, above=not up, colour=palette.muted, today=today, palette=palette, bold=False)]
    return [each for pair in found for each in pair]


def _date(
    at: _Places, point: PlanePoint, *, above: bool, colour: str, today: date, palette: Palette, bold: bool
) -> list[Shape]:
    x, y = at.x(point.anxiety), at.y(point.avoidance)
    end = max(_TOP + 16, y - 46) if above else min(_BOTTOM - 8, y + 46)
    leader = node("line", x1=x, x2=x, y1=y, y2=end, stroke=palette.faint, stroke_width=1)
    weight = 600 if bold else 400
    place = end - 4 if above else end + 13
    return [leader, text_node(words.day(point.on, today), x, place, colour, text_anchor="middle", font_weight=weight)]
