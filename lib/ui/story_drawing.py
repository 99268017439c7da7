"""Story drawing: a therapy on one axis of days, a lane a kind, breaks across them all. No chart library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from lib.domain.question import next_anniversary
from lib.ui import drawings, words
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette
from lib.ui.story_lines import KINDS, Happening

LANE, TOP, LABELS = 27, 22, 128
_SIDE = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """Days to places. `width` of the whole drawing in its own units."""

    begins_on: date
    ends_on: date
    width: int

    def x(self, on: date) -> float:
        """Where a day stands."""
        days = max(1, (self.ends_on - self.begins_on).days)
        share = min(1.0, max(0.0, (on - self.begins_on).days / days))
        return LABELS + _SIDE + share * (self.width - LABELS - 2 * _SIDE)


def show(
    found: Sequence[Happening], kinds: Sequence[str], palette: Palette, today: date, width: int, label: str, key: str
) -> str | None:
    """Draw these events in these lanes; return the key of the one that was clicked, as the browser sent it."""
    lanes = [kind for kind in KINDS if kind in kinds and kind != "break"]
    axis = axis_of(found, today, width)
    shapes = story_shapes(found, lanes, axis, palette, today)
    return drawings.show(shapes, width, height_of(lanes), label, key)


def height_of(lanes: Sequence[str]) -> int:
    """Lanes, and the days under them."""
    return TOP + LANE * len(lanes) + 26


def axis_of(found: Sequence[Happening], today: date, width: int) -> Axis:
    """From the first event to today, or to the end of what is planned. An anniversary's first day is left aside."""
    days = [one.on for one in found if one.mark != "day"]
    ends = [one.ends_on or one.on for one in found if one.mark != "day"]
    begins_on = min([*days, today - timedelta(days=28)])
    return Axis(begins_on, max([today, *ends]), width)


def story_shapes(
    found: Sequence[Happening], lanes: Sequence[str], axis: Axis, palette: Palette, today: date
) -> list[Shape]:
    """Ground, lanes with their names, days, and the events."""
    bottom = TOP + LANE * len(lanes)
    shapes = []
    for one in found:
        if one.kind == "break":
            shapes += _break(one, axis, bottom, palette, today)
    for place, kind in enumerate(lanes):
        y = TOP + LANE * place + LANE / 2
        shapes.append(shape("line", x1=LABELS, y1=y, x2=axis.width, y2=y, stroke=palette.line, stroke_width=1))
        shapes.append(shape("text", KINDS[kind], x=0, y=y + 4, fill=palette.muted, font_size=13))
        shapes += [_event(one, axis.x(one.on), y, palette, today) for one in found if one.kind == kind]
    return [*shapes, *_days(axis, bottom, palette)]


def _break(one: Happening, axis: Axis, bottom: float, palette: Palette, today: date) -> list[Shape]:
    """A break shades its days; an anniversary, or a break of one day, is a dashed line."""
    left, right = axis.x(one.on), axis.x(one.ends_on or one.on)
    told = f"{_when(one, today)}: {one.said}"
    if one.mark == "day":
        return [replace(_dashed(axis.x(day), bottom, palette), told=told, opens=one.key) for day in _returns(one, axis)]
    if right - left < 3:
        return [replace(_dashed(left, bottom, palette), told=told, opens=one.key)]
    ground = shape("rect", x=left, y=TOP - 4, width=right - left, height=bottom - TOP + 4, fill=palette.band)
    found = [replace(ground, told=told, opens=one.key)]
    if right - left > 36:
        middle = (left + right) / 2
        found.append(
            shape(
                "text",
                one.said.partition(":")[0].partition(" · ")[0].lower(),
                x=middle,
                y=12,
                fill=palette.muted,
                font_size=12.5,
                text_anchor="middle",
            )
        )
    return found


def _dashed(x: float, bottom: float, palette: Palette) -> Shape:
    dashes: dict[str, str | float] = {"stroke": palette.faint, "stroke-width": 2, "stroke-dasharray": "3 3"}
    return Shape("line", {"x1": x, "y1": TOP - 4, "x2": x, "y2": bottom, **dashes})


def _returns(one: Happening, axis: Axis) -> list[date]:
    """The days within the story on which an anniversary came back, the first day among them."""
    found, day = [], next_anniversary(one.on, axis.begins_on)
    while day <= axis.ends_on:
        found.append(day)
        day = next_anniversary(one.on, day + timedelta(days=1))
    return found


def _event(one: Happening, x: float, y: float, palette: Palette, today: date) -> Shape:
    """A shape a kind, so that colour is never needed to tell them apart."""
    fill, edge = palette.accent, palette.accent
    if one.mark in ("open", "worse"):
        fill = edge = palette.warning
    if one.mark in ("missed", "not_started", "under_way"):
        fill = palette.page
    look = _hyphened({"fill": fill, "stroke": edge, "stroke_width": 1.6})
    match one.kind:
        case "session":
            drawn = shape("line", x1=x, y1=y - 7, x2=x, y2=y + 7, stroke=palette.faint, stroke_width=2.4)
            if one.mark == "missed":
                drawn = _stroke(_cross(x, y, 4.5), palette.warning)
        case "rupture":
            drawn = _stroke(f"M{x - 5:.1f},{y - 6:.1f} l5,5 l-4,3 l6,5", edge)
        case "repair":
            drawn = _stroke(f"M{x - 6:.1f},{y:.1f} l4,5 l8,-10", edge)
        case "moment":
            drawn = Shape("circle", {"cx": x, "cy": y, "r": 5.0, **look})
        case "attempt":
            drawn = Shape("polygon", {"points": f"{x},{y - 6} {x + 6},{y + 5} {x - 6},{y + 5}", **look})
        case "part" | "ending":
            drawn = Shape("rect", {"x": x - 4.5, "y": y - 4.5, "width": 9, "height": 9, **look})
        case _:
            drawn = Shape("polygon", {"points": f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}", **look})
    return replace(drawn, told=f"{_when(one, today)}: {one.said}", opens=one.key)


def _stroke(path: str, colour: str) -> Shape:
    return shape("path", d=path, fill="none", stroke=colour, stroke_width=2.2)


def _hyphened(attributes: dict[str, str | float]) -> dict[str, str | float]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def _cross(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f},{y - r:.1f} L{x + r:.1f},{y + r:.1f} M{x + r:.1f},{y - r:.1f} L{x - r:.1f},{y + r:.1f}"


def _when(one: Happening, today: date) -> str:
    until = f" to {words.day(one.ends_on, today)}" if one.ends_on else ""
    return f"{words.day(one.on, today)}{until}"


def _days(axis: Axis, bottom: float, palette: Palette) -> list[Shape]:
    """The first of a month as often as there is room."""
    months = max(1, round((axis.ends_on - axis.begins_on).days / 30.4))
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= axis.width / 90 or step == 60)
    found = []
    day = date(axis.begins_on.year, axis.begins_on.month, 1)
    while day <= axis.ends_on:
        if day >= axis.begins_on and (day.year * 12 + day.month - 1) % every == 0:
            x = axis.x(day)
            found.append(shape("line", x1=x, y1=bottom, x2=x, y2=bottom + 5, stroke=palette.faint, stroke_width=1))
            said = words.day(day, date(day.year if day.month > 1 else day.year - 1, 1, 1)).removeprefix("1 ")
            found.append(
                shape("text", said, x=x, y=bottom + 19, fill=palette.muted, font_size=12.5, text_anchor="middle")
            )
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found
