"""Chart axes: where a day and a value stand in a drawing, the marks beside them, and names that keep apart.

All charts of a client's progress have one axis of days: `frame_of` gives them the same ends and the same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays

WIDE, NARROW = 1240, 740  # of every drawing over days
LEFT, RIGHT_ROOM = 118.0, 176.0  # beside its plot: names of values and levels, and names of lines and verdicts
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ROOM = 15.0  # between two names of lines, in pixels
_MOST_VALUES = 7


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot of a drawing `width` by `height`: days from left to right, values from the bottom up."""

    begins_on: date
    ends_on: date
    low: float
    high: float
    width: float
    height: float
    left: float = LEFT
    right_room: float = RIGHT_ROOM
    top: float = 24.0
    bottom_room: float = 54.0

    @property
    def right(self) -> float:
        """The right end of the plot; names stand beyond it."""
        return self.width - self.right_room

    @property
    def bottom(self) -> float:
        """The floor of the plot; marks of days stand below it."""
        return self.height - self.bottom_room

    def x(self, on: date) -> float:
        """Where a day stands."""
        return self.left + (self.right - self.left) * (on - self.begins_on).days / (self.ends_on - self.begins_on).days

    def y(self, value: float) -> float:
        """Where a value stands."""
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)

    def rule(self, value: float, colour: str, **more: str) -> Shape:
        """A level line across the plot."""
        y = self.y(value)
        return shape("line", x1=self.left, x2=self.right, y1=y, y2=y, stroke=colour, stroke_width=1, **more)


def frame_of(
    days: ShownDays, low: float, high: float, width: float, height: float, top: float = 24.0, bottom_room: float = 54.0
) -> Frame:
    """The plot of these days, with a little room before the first and after the last."""
    margin = timedelta(days=max(4, (days.ends_on - days.begins_on).days // 50))
    begins_on, ends_on = days.begins_on - margin, days.ends_on + margin
    return Frame(begins_on, ends_on, low, high, width, height, top=top, bottom_room=bottom_room)


def text(said: str, x: float, y: float, colour: str, **more: str | float) -> Shape:
    """Words in the drawing, as they are."""
    return shape("text", said, **{"x": x, "y": y, "fill": colour, "font_size": 12.5, **more})


def value_ticks(frame: Frame, decimals: int, palette: Palette) -> list[Shape]:
    """Level lines with their values, at round steps from the lowest value on."""
    step = round_step(frame.high - frame.low, decimals)
    found = []
    count = floor((frame.high - frame.low) / step + 1e-9)
    for value in (frame.low + step * place for place in range(count + 1)):
        found.append(frame.rule(value, palette.line))
        found.append(text(f"{value:g}", frame.left - 8, frame.y(value) + 4, palette.muted, text_anchor="end"))
    return found


def round_step(span: float, decimals: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that gives at most seven; a whole number on a scale of whole numbers."""
    power = 10.0 ** floor(log10(span / _MOST_VALUES))
    step = next(times * power for times in (1, 2, 5, 10) if span / (times * power) <= _MOST_VALUES)
    return max(step, 1.0) if decimals == 0 else step


def day_ticks(frame: Frame, palette: Palette) -> list[Shape]:
    """Days of the month while a course is short, months when it is long, the year below where it begins.

    A thin upright line at each lets the eye go from one chart to the next."""
    found = []
    shown_year = None
    for on, said in marked_days(frame.begins_on, frame.ends_on, max(3, int((frame.right - frame.left) / 90))):
        x = frame.x(on)
        found.append(shape("line", x1=x, x2=x, y1=frame.top, y2=frame.bottom, stroke=palette.line, stroke_opacity=0.7))
        found.append(text(said, x, frame.bottom + 26, palette.muted, text_anchor="middle"))
        if on.year != shown_year:
            found.append(text(str(on.year), x, frame.bottom + 42, palette.muted, text_anchor="middle"))
            shown_year = on.year
    return found


def marked_days(begins_on: date, ends_on: date, most: int) -> list[tuple[date, str]]:
    """Which days carry a mark, and its words; never more than `most`."""
    days = (ends_on - begins_on).days
    if days <= 120:
        step = next(step for step in (7, 14, 28, 56) if days / step <= most or step == 56)
        first = begins_on + timedelta(days=(7 - begins_on.weekday()) % 7)  # Mondays
        marks = [first + timedelta(days=step * place) for place in range((ends_on - first).days // step + 1)]
        return [(on, f"{on.day} {_MONTHS[on.month - 1]}") for on in marks]
    firsts = [
        date(year, month, 1)
        for year in range(begins_on.year, ends_on.year + 1)
        for month in range(1, 13)
        if begins_on <= date(year, month, 1) <= ends_on
    ]
    apart = next(step for step in (1, 2, 3, 6, 12, 24, 60, 1200) if len(firsts) / step <= most)
    kept = [on for on in firsts if (on.year * 12 + on.month - 1) % apart == 0]
    return [(on, _MONTHS[on.month - 1]) for on in kept]


def name_lines(names: Sequence[tuple[float, str, str]], frame: Frame) -> list[Shape]:
    """Names right of the plot at these heights, moved apart where two would stand on each other."""
    placed = apart(names, _ROOM)
    over = max(0.0, placed[-1][0] - frame.bottom) if placed else 0.0
    return [text(said, frame.right + 8, y - over + 4, colour) for y, said, colour in placed]


def apart(names: Sequence[tuple[float, str, str]], room: float) -> list[tuple[float, str, str]]:
    """The names from the top down, each at least `room` below the one above it."""
    placed: list[tuple[float, str, str]] = []
    for y, said, colour in sorted(names, key=lambda name: name[0]):
        lowest = placed[-1][0] + room if placed else y
        placed.append((max(y, lowest), said, colour))
    return placed
