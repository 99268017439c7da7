"""Marker course drawing: markers over time, side by side: the estimate as line and band, what people said as dots.

No chart library. A dot carries its words for the pointer, and opens what is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lib.ui.charts_words import LEVELS
from lib.ui.courses import Span
from lib.ui.drawings import Shape
from lib.ui.palette import Palette

LABELS = 122.0  # room for the levels in words at the left
GAP, TITLE, PLOT, FOOT = 20.0, 60.0, 172.0, 30.0
ROW = TITLE + PLOT + FOOT
SHIFT = {"therapist": -5.0, "client": 3.0, "other": 9.0}  # so that none hides another of the same day
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    """One marker: title, verdict on the change, the estimate as (day, level, low, high), and the dots.

    `note` warns: sources disagree, or the estimate is old. `disagreed_on`: days on which they do, bracketed."""

    title: str
    verdict: str
    note: str
    line: tuple[tuple[date, float, float, float], ...]
    dots: tuple[Dot, ...]
    is_stale: bool = False
    disagreed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where one panel stands and how days and levels become places in it."""

    left: float
    top: float
    width: float
    begins_on: date
    ends_on: date

    def x(self, on: date) -> float:
        span = max(1, (self.ends_on - self.begins_on).days)
        return self.left + 8 + (self.width - 16) * min(1.0, max(0.0, (on - self.begins_on).days / span))

    def y(self, level: float) -> float:
        return self.top + TITLE + 10 + (PLOT - 26) * (4 - min(4.0, max(0.0, level))) / 4

    @property
    def floor(self) -> float:
        return self.top + TITLE + PLOT


def size(panels: int, in_a_row: int, width: float) -> tuple[int, int]:
    """Width and height of the whole drawing."""
    return int(width), int(ROW * -(-panels // in_a_row))


def panels_shapes(
    panels: Sequence[MarkerPanel],
    in_a_row: int,
    width: float,
    period: tuple[date, date],
    breaks: Iterable[Span],
    palette: Palette,
) -> list[Shape]:
    """All panels on one axis of levels and one of days."""
    each = (width - LABELS) / in_a_row
    spans, found = list(breaks), []
    for place, panel in enumerate(panels):
        row, column = divmod(place, in_a_row)
        frame = _Frame(LABELS + each * column, ROW * row, each - GAP, *period)
        if column == 0:
            found += _levels(frame, palette)
        found += [*_ground(frame, panel, spans, palette), *_band(frame, panel, palette)]
        found += [
            *_brackets(frame, panel, palette),
            *(_dot(frame, dot, palette) for dot in panel.dots),
        ]
    return found


def _levels(frame: _Frame, palette: Palette) -> list[Shape]:
    return [
        text_node(said, LABELS - 8, frame.y(level) + 4, palette.muted, text_anchor="end")
        for level, said in enumerate(LEVELS)
    ]


def _ground(frame: _Frame, panel: MarkerPanel, spans: Sequence[Span], palette: Palette) -> list[Shape]:
    middle = frame.left + frame.width / 2
    found = [text_node(panel.title, middle, frame.top + 16, palette.ink, text_anchor="middle", font_weight=600)]
    colour = palette.warning if "▲" in panel.verdict else palette.muted
    found.append(text_node(panel.verdict, middle, frame.top + 34, colour, text_anchor="middle"))
    if panel.note:
        found.append(text_node(panel.note, middle, frame.top + 51, palette.warning, text_anchor="middle"))
    for span in spans:
        left, right = frame.x(max(span.starts_on, frame.begins_on)), frame.x(span.ends_on)
        place: dict[str, str | float] = {"x": left, "y": frame.top + TITLE, "width": right - left, "height": PLOT}
        found.append(replace(node("rect", fill=palette.band, **place), told=span.label))
    found += [
        node("line", x1=frame.left, x2=frame.left + frame.width, y1=frame.y(k), y2=frame.y(k), stroke=palette.line)
        for k in range(5)
    ]
    found.append(
        node("line", x1=frame.left, x2=frame.left + frame.width, y1=frame.floor, y2=frame.floor, stroke=palette.faint)
    )
    for on, said in months(frame.begins_on, frame.ends_on, most=int(frame.width // 62)):
        found.append(text_node(said, frame.x(on), frame.floor + 17, palette.muted, text_anchor="middle"))
    return found


def _band(frame: _Frame, panel: MarkerPanel, palette: Palette) -> list[Shape]:
    if not panel.line:
        y = frame.y(2)
        dotted: dict[str, str | float] = {
            "stroke": palette.faint,
            "stroke_width": 1.6,
            "stroke_dasharray": "1 5",
            "stroke_linecap": "round",
        }
        line = node("line", x1=frame.left + 8, x2=frame.left + frame.width - 8, y1=y, y2=y, **dotted)
        said = text_node("not rated", frame.left + frame.width / 2, y - 8, palette.muted, text_anchor="middle")
        return [line, said]
    colour, fill = (palette.faint, palette.band) if panel.is_stale else (palette.accent, palette.soft)
    upper = [f"{frame.x(on):.1f},{frame.y(high):.1f}" for on, _, _, high in panel.line]
    lower = [f"{frame.x(on):.1f},{frame.y(low):.1f}" for on, _, low, _ in panel.line]
    middle = [f"{frame.x(on):.1f},{frame.y(level):.1f}" for on, level, _, _ in panel.line]
    outline: dict[str, str | float] = {"stroke": colour, "stroke_width": 0.9, "fill_opacity": 0.55}
    if len(panel.line) == 1:
        x = frame.x(panel.line[0][0])
        top, bottom = frame.y(panel.line[0][3]), frame.y(panel.line[0][2])
        bar = node("rect", x=x - 4, y=top, width=8.0, height=bottom - top, rx=2.5, fill=fill, **outline)
        y = frame.y(panel.line[0][1])
        return [bar, node("line", x1=x - 7, x2=x + 7, y1=y, y2=y, stroke=colour, stroke_width=2.4)]
    return [
        node("polygon", points=" ".join([*upper, *reversed(lower)]), fill=fill, **outline),
        node("polyline", points=" ".join(middle), fill="none", stroke=colour, stroke_width=2.2),
    ]


def _brackets(frame: _Frame, panel: MarkerPanel, palette: Palette) -> list[Shape]:
    """A bracket beside scores of one day that disagree."""
    found = []
    for on in panel.disagreed_on:
        said = [frame.y(dot.level) for dot in panel.dots if dot.on == on and dot.level is not None]
        if len(said) > 1:
            x = frame.x(on) + 17
            path = f"M{x - 5:.1f},{min(said):.1f} H{x:.1f} V{max(said):.1f} H{x - 5:.1f}"
            found.append(node("path", d=path, fill="none", stroke=palette.warning, stroke_width=1.6))
    return found


def _dot(frame: _Frame, dot: Dot, palette: Palette) -> Shape:
    x = frame.x(dot.on) + SHIFT[dot.kind]
    if dot.level is None:
        y, r = frame.floor - 8, 3.2
        cross = f"M{x - r:.1f},{y - r:.1f} L{x + r:.1f},{y + r:.1f} M{x - r:.1f},{y + r:.1f} L{x + r:.1f},{y - r:.1f}"
        drawn = node("path", d=cross, stroke=palette.muted, stroke_width=1.6, fill="none")
    else:
        drawn = _sign(dot.kind, x, frame.y(dot.level), palette)
    return replace(drawn, told=dot.told, opens=dot.opens)


def _sign(kind: str, x: float, y: float, palette: Palette) -> Shape:
    if kind == "therapist":
        return node("circle", cx=x, cy=y, r=4.2, fill=palette.ink, fill_opacity=0.85)
    if kind == "client":
        points = f"{x},{y - 5.2} {x + 5.2},{y} {x},{y + 5.2} {x - 5.2},{y}"
        return node("polygon", points=points, fill=palette.page, stroke=palette.voice, stroke_width=1.6)
    return node("rect", x=x - 3.8, y=y - 3.8, width=7.6, height=7.6, fill=palette.page, stroke=palette.muted,
                 stroke_width=1.6)  # fmt: skip


def months(begins_on: date, ends_on: date, most: int) -> list[tuple[date, str]]:
    """First days of months to be named, evenly, at most so many; of several years the first and January tell it."""
    first = begins_on.year * 12 + begins_on.month - 1 + (begins_on.day > 1)
    last = ends_on.year * 12 + ends_on.month - 1
    if last < first:
        return [(begins_on, f"{begins_on.day} {MONTHS[begins_on.month - 1]}")]
    step = next(each for each in (1, 2, 3, 4, 6, 12, 24, 60, 240) if (last - first) // each < max(1, most))
    found = []
    for number in range(first, last + 1, step):
        year, month = divmod(number, 12)
        with_year = begins_on.year != ends_on.year and (month == 0 or number == first or step >= 12)
        found.append((date(year, month + 1, 1), f"{MONTHS[month]} {year % 100:02d}" if with_year else MONTHS[month]))
    return found


def node(name: str, **attributes: str | float) -> Shape:
    """One shape; an underscore in an attribute's name stands for its hyphen."""
    return Shape(name, {key.replace("_", "-"): value for key, value in attributes.items()})


def text_node(said: str, x: float, y: float, colour: str, **more: str | float) -> Shape:
    """Words in the drawing's one size."""
    return replace(node("text", x=x, y=y, fill=colour, font_size=12.5, **more), text=said)
