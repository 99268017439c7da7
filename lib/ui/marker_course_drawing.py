"""Marker course drawing: markers over time, one under another: the estimate as line and band, what people said as dots.

No chart library. Its axis of days is that of the measures' charts. A dot carries its words for the pointer, and opens
what is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from textwrap import wrap

from lib.ui.chart_axes import Frame, day_ticks, frame_of
from lib.ui.charts_words import LEVELS
from lib.ui.course_marks import Lane, Mark
from lib.ui.courses import Span
from lib.ui.drawings import Shape
from lib.ui.measure_chart import diamond, end_mark
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays

TOP, PLOT, STRIP, GAP, LANE, FOOT = 24.0, 72.0, 16.0, 14.0, 22.0, 52.0
LOW, HIGH = -0.5, 4.3  # a little room below and above the levels
NAMED_LEVELS = (0, 2, 4)
SHIFT = {"therapist": -5.0, "client": 3.0, "other": 9.0}  # so that none hides another of the same day
_LETTERS = 26  # of a line of words beside the plot


@dataclass(frozen=True, slots=True)
class Dot:
    """What somebody said on a day. `kind` therapist, client or other; `level` None: not enough evidence."""

    on: date
    kind: str
    level: float | None
    told: str
    opens: str = ""


@dataclass(frozen=True, slots=True)
class MarkerPanel:
    """One marker: title, verdict on the change, the estimate as (day, level, low, high), dots, and marks of evidence.

    `note` warns: sources disagree, or the estimate is old. `disagreed_on`: days on which they do, bracketed."""

    title: str
    verdict: str
    note: str
    line: tuple[tuple[date, float, float, float], ...]
    dots: tuple[Dot, ...]
    is_stale: bool = False
    disagreed_on: tuple[date, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the rows and lanes of one drawing stand."""

    days: ShownDays
    rows: int
    lanes: int
    width: float
    has_strip: bool
    has_end: bool

    @property
    def step(self) -> float:
        return PLOT + (STRIP if self.has_strip else 0.0) + GAP

    @property
    def floor(self) -> float:
        """Under the last row and the last lane, and under the words at an end of therapy."""
        return TOP + self.step * self.rows + LANE * self.lanes + (STRIP if self.has_end else 0.0)

    def row(self, place: int) -> Frame:
        return self._frame(TOP + self.step * place, TOP + self.step * place + PLOT)

    def lane(self, place: int) -> float:
        """The height of a lane's middle."""
        return TOP + self.step * self.rows + LANE * (place + 0.5)

    def all_rows(self) -> Frame:
        return self._frame(TOP, self.floor)

    def _frame(self, top: float, bottom: float) -> Frame:
        height = self.floor + FOOT
        return frame_of(self.days, LOW, HIGH, self.width, height, top=top, bottom_room=height - bottom)


def height_of(panels: Sequence[MarkerPanel], lanes: Sequence[Lane], days: ShownDays, ends: Iterable[date]) -> int:
    """Of the whole drawing."""
    return int(_places(panels, lanes, days, 0, ends).floor + FOOT)


def _places(
    panels: Sequence[MarkerPanel], lanes: Sequence[Lane], days: ShownDays, width: float, ends: Iterable[date]
) -> _Places:
    has_strip = any(panel.marks for panel in panels)
    return _Places(days, len(panels), len(lanes), width, has_strip, any(map(days.holds, ends)))


def panels_shapes(
    panels: Sequence[MarkerPanel],
    lanes: Sequence[Lane],
    days: ShownDays,
    width: float,
    breaks: Iterable[Span],
    ends: Sequence[date],
    palette: Palette,
) -> list[Shape]:
    """A row a marker and a lane a kind of event, on one axis of days; breaks and ends of therapy across them all."""
    at = _places(panels, lanes, days, width, ends)
    everything = at.all_rows()
    found = [shape for span in days.part_of(breaks) for shape in _break(span, everything, palette)]
    found += day_ticks(everything, palette)
    for place, panel in enumerate(panels):
        found += _row(panel, at.row(place), days, palette)
    for place, lane in enumerate(lanes):
        found += _lane(lane, at.lane(place), everything, days, palette)
    return found + [shape for on in ends if days.holds(on) for shape in end_mark(on, everything, palette)]


def _break(span: Span, frame: Frame, palette: Palette) -> list[Shape]:
    left, right = frame.x(span.starts_on), frame.x(span.ends_on)
    ground = node(
        "rect", x=left, y=frame.top, width=max(2.0, right - left), height=frame.bottom - frame.top, fill=palette.band
    )
    named = text_node(span.label, (left + right) / 2, frame.top - 6, palette.muted, text_anchor="middle")
    return [replace(ground, told=span.label), named]


def _row(panel: MarkerPanel, frame: Frame, days: ShownDays, palette: Palette) -> list[Shape]:
    shown = replace(
        panel,
        line=days.part_of_line(panel.line),
        dots=tuple(dot for dot in panel.dots if days.holds(dot.on)),
        marks=tuple(mark for mark in panel.marks if days.holds(mark.on)),
    )
    return [
        *_ground(frame, palette),
        *_said_beside(panel, frame, palette),
        *(_band(shown, frame, palette) if panel.line else _not_rated(frame, palette)),
        *_brackets(frame, shown, palette),
        *(_dot(frame, dot, palette) for dot in shown.dots),
        *_strip(shown.marks, frame, palette),
    ]


def _ground(frame: Frame, palette: Palette) -> list[Shape]:
    found = []
    for level in NAMED_LEVELS:
        y = frame.y(level)
        found.append(node("line", x1=frame.left, x2=frame.right, y1=y, y2=y, stroke=palette.line))
        found.append(text_node(LEVELS[level], frame.left - 8, y + 4, palette.muted, text_anchor="end"))
    return found


def _said_beside(panel: MarkerPanel, frame: Frame, palette: Palette) -> list[Shape]:
    """Title, verdict and warning at the right of the row, each on lines of its own."""
    verdict = palette.warning if "▲" in panel.verdict else palette.muted
    lines = [(panel.title, palette.ink, 600)]
    lines += [(line, verdict, 400) for line in wrap(panel.verdict, _LETTERS)]
    lines += [(line, palette.warning, 400) for line in wrap(panel.note, _LETTERS)]
    return [
        text_node(said, frame.right + 8, frame.top + 12 + 16 * place, colour, font_weight=weight)
        for place, (said, colour, weight) in enumerate(lines)
    ]


def _not_rated(frame: Frame, palette: Palette) -> list[Shape]:
    y = frame.y(2)
    dotted: dict[str, str | float] = {"stroke_width": 1.6, "stroke_dasharray": "1 5", "stroke_linecap": "round"}
    line = node("line", x1=frame.left + 8, x2=frame.right - 8, y1=y, y2=y, stroke=palette.faint, **dotted)
    said = text_node("not rated", (frame.left + frame.right) / 2, y - 8, palette.muted, text_anchor="middle")
    return [line, said]


def _band(panel: MarkerPanel, frame: Frame, palette: Palette) -> list[Shape]:
    if not panel.line:
        return []
    colour, fill = (palette.faint, palette.band) if panel.is_stale else (palette.accent, palette.soft)
    held = [
        (frame.x(on), *(frame.y(_held(each)) for each in (level, low, high))) for on, level, low, high in panel.line
    ]
    outline: dict[str, str | float] = {"stroke": colour, "stroke_width": 0.9, "fill_opacity": 0.55}
    if len(held) == 1:
        x, y, bottom, top = held[0]
        bar = node("rect", x=x - 4, y=top, width=8.0, height=bottom - top, rx=2.5, fill=fill, **outline)
        return [bar, node("line", x1=x - 7, x2=x + 7, y1=y, y2=y, stroke=colour, stroke_width=2.4)]
    upper = [f"{x:.1f},{high:.1f}" for x, _, _, high in held]
    lower = [f"{x:.1f},{low:.1f}" for x, _, low, _ in held]
    middle = [f"{x:.1f},{level:.1f}" for x, level, _, _ in held]
    return [
        node("polygon", points=" ".join([*upper, *reversed(lower)]), fill=fill, **outline),
        node("polyline", points=" ".join(middle), fill="none", stroke=colour, stroke_width=2.2),
    ]


def _held(level: float) -> float:
    """A level held to the scale."""
    return min(4.0, max(0.0, level))


def _brackets(frame: Frame, panel: MarkerPanel, palette: Palette) -> list[Shape]:
    """A bracket beside scores of one day that disagree."""
    found = []
    for on in panel.disagreed_on:
        said = [frame.y(_held(dot.level)) for dot in panel.dots if dot.on == on and dot.level is not None]
        if len(said) > 1:
            x = frame.x(on) + 17
            path = f"M{x - 5:.1f},{min(said):.1f} H{x:.1f} V{max(said):.1f} H{x - 5:.1f}"
            found.append(node("path", d=path, fill="none", stroke=palette.warning, stroke_width=1.6))
    return found


def _dot(frame: Frame, dot: Dot, palette: Palette) -> Shape:
    x = frame.x(dot.on) + SHIFT[dot.kind]
    if dot.level is None:
        drawn = _stroked(_cross(x, frame.bottom - 4, 3.2), palette.muted)
    else:
        drawn = _sign(dot.kind, x, frame.y(_held(dot.level)), palette)
    return replace(drawn, told=dot.told, opens=dot.opens)


def _sign(kind: str, x: float, y: float, palette: Palette) -> Shape:
    if kind == "therapist":
        return node("circle", cx=x, cy=y, r=4.2, fill=palette.ink, fill_opacity=0.85)
    if kind == "client":
        points = f"{x},{y - 5.2} {x + 5.2},{y} {x},{y + 5.2} {x - 5.2},{y}"
        return node("polygon", points=points, fill=palette.page, stroke=palette.voice, stroke_width=1.6)
    return node("rect", x=x - 3.8, y=y - 3.8, width=7.6, height=7.6, fill=palette.page, stroke=palette.muted,
                 stroke_width=1.6)  # fmt: skip


def _strip(marks: Sequence[Mark], frame: Frame, palette: Palette) -> list[Shape]:
    """Evidence and moments under the levels they speak to."""
    if not marks:
        return []
    y = frame.bottom + STRIP / 2 - 2
    named = text_node("evidence", frame.left - 8, y + 4, palette.muted, text_anchor="end")
    return [named, *_marks(marks, y, frame, palette)]


def _lane(lane: Lane, y: float, frame: Frame, days: ShownDays, palette: Palette) -> list[Shape]:
    named = text_node(lane.name, frame.left - 8, y + 4, palette.muted, text_anchor="end")
    ground = node("line", x1=frame.left, x2=frame.right, y1=y, y2=y, stroke=palette.line)
    return [named, ground, *_marks([mark for mark in lane.marks if days.holds(mark.on)], y, frame, palette)]


def _marks(marks: Sequence[Mark], y: float, frame: Frame, palette: Palette) -> list[Shape]:
    """Marks of one day stand beside each other, so that none hides another."""
    found = []
    for on, together in groupby(sorted(marks, key=lambda mark: mark.on), key=lambda mark: mark.on):
        for place, mark in enumerate(together):
            drawn = _mark(mark.sign, frame.x(on) + 12 * place, y, palette)
            found.append(replace(drawn, told=mark.told, opens=mark.opens))
    return found


def _mark(sign: str, x: float, y: float, palette: Palette) -> Shape:
    """A shape a kind: a plus, a minus, a ring, a square, a diamond."""
    if sign in ("for", "against"):
        upright = f" M{x:.1f},{y - 4.5:.1f} V{y + 4.5:.1f}" if sign == "for" else ""
        return _stroked(f"M{x - 4.5:.1f},{y:.1f} H{x + 4.5:.1f}{upright}", palette.accent if upright else palette.ink)
    if sign == "moment":
        return node("circle", cx=x, cy=y, r=3.8, fill=palette.page, stroke=palette.voice, stroke_width=1.8)
    if sign == "check_in":
        return node("path", d=diamond(x, y, 5.5), fill=palette.accent)
    return node("rect", x=x - 4, y=y - 4, width=8.0, height=8.0, fill=palette.muted)


def _cross(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f},{y - r:.1f} L{x + r:.1f},{y + r:.1f} M{x - r:.1f},{y + r:.1f} L{x + r:.1f},{y - r:.1f}"


def _stroked(path: str, colour: str) -> Shape:
    return node("path", d=path, stroke=colour, stroke_width=2.0, fill="none")


def node(name: str, **attributes: str | float) -> Shape:
    """One shape; an underscore in an attribute's name stands for its hyphen."""
    return Shape(name, {key.replace("_", "-"): value for key, value in attributes.items()})


def text_node(said: str, x: float, y: float, colour: str, **more: str | float) -> Shape:
    """Words in the drawing's one size."""
    return replace(node("text", x=x, y=y, fill=colour, font_size=12.5, **more), text=said)
