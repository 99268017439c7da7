"""Measure chart: one scale over dates, drawn as SVG: bands and lines named, breaks shaded, gaps open, points that open.

It takes dates and figures of the product and nothing a person wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from lib.ui import drawings, words
from lib.ui.chart_axes import NARROW, WIDE, Frame, day_ticks, frame_of, name_lines, text, value_ticks
from lib.ui.courses import MeasureCourse, Point, Span, Step, runs
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays

HEIGHT = 340
CHECK_IN = " (check-in)"


@dataclass(frozen=True, slots=True)
class Line:
    """A name at the right of the plot for something drawn at this height of the scale."""

    value: float
    said: str
    colour: str


def show_measure(
    course: MeasureCourse, days: ShownDays, palette: Palette, today: date, narrow: bool, said: str, key: str
) -> int | None:
    """Draw what of it lies in these days; return the id of the form whose point was clicked, if that one is drawn."""
    width = NARROW if narrow else WIDE
    shapes = measure_shapes(course, palette, today, width, days)
    opened = drawings.show(shapes, width, HEIGHT, said, key, fixed=True)
    drawn = {str(point.administration_id): point.administration_id for point in course.points if days.holds(point.on)}
    return drawn.get(opened or "")


def in_words(course: MeasureCourse, today: date) -> str:
    """Every score with its day, for whoever does not see the drawing."""
    told = [
        f"{words.day(point.on, today)} {words.figure(point.value, course.decimals)}{CHECK_IN * point.is_check_in}"
        for point in course.points
    ]
    told += [f"{words.day(on, today)} no score" for on in course.unscored_on]
    return f"{course.name}: {', '.join(told) or 'no score yet'}.{after_in_words(course, today)}"


def after_in_words(course: MeasureCourse, today: date) -> str:
    """When therapy ended, and the level agreed for the time after it; nothing where neither is drawn."""
    ended = "".join(f" Therapy ended on {words.day(on, today)}." for on in course.ends)
    if course.level is None:
        return ended
    return f"{ended} Agreed as “get in touch”: {words.figure(course.level, course.decimals)}."


def shown_of(course: MeasureCourse, days: ShownDays) -> MeasureCourse:
    """What of a course lies in these days. First score, band and agreed level stay those of the whole."""
    return replace(
        course,
        begins_on=days.begins_on,
        ends_on=days.ends_on,
        points=tuple(point for point in course.points if days.holds(point.on)),
        sessions=tuple(filter(days.holds, course.sessions)),
        unscored_on=tuple(filter(days.holds, course.unscored_on)),
        steps=tuple(step for step in course.steps if days.holds(step.before.on) and days.holds(step.after.on)),
        expected=tuple(one for one in course.expected if days.holds(one.on)),
        ends=tuple(filter(days.holds, course.ends)),
        breaks=days.part_of(course.breaks),
    )


def measure_shapes(
    whole: MeasureCourse, palette: Palette, today: date, width: int = WIDE, days: ShownDays | None = None
) -> list[Shape]:
    """The nodes of the drawing of these days, from the ground up; of the whole course where no days are given."""
    days = days or ShownDays(whole.begins_on, whole.ends_on)
    course = shown_of(whole, days)
    frame = frame_of(days, course.low, course.high, width, HEIGHT)
    found = [shape for span in course.breaks for shape in _shaded(span, frame, palette)]
    found += value_ticks(frame, course.decimals, palette) + day_ticks(frame, palette)
    lines: list[Line] = []
    for part in (_band, _expected, _reference, _first_and_cutoff, _level):
        shapes, names = part(course, frame, palette)
        found, lines = found + shapes, lines + names
    found += _sessions(course, frame, palette)
    found += [shape for on in course.ends for shape in end_mark(on, frame, palette)]
    # Where a line stays open is a matter of the whole course, however little of it is drawn.
    for run in runs(whole.points, whole.breaks, whole.unscored_on):
        written = " ".join(f"{frame.x(p.on):.1f},{frame.y(p.value):.1f}" for p in run if days.holds(p.on))
        if written:
            found.append(shape("polyline", points=written, fill="none", stroke=palette.accent, stroke_width=2))
    found += [shape for step in course.steps for shape in _step(step, course, frame, palette)]
    found += [_dot(point, course, frame, palette, today) for point in course.points]
    found += [shape for on in course.unscored_on for shape in _unscored(on, frame, palette, today)]
    found += [*_last_value(course, frame, palette), *_outside(whole, days, frame, palette)]
    return found + name_lines([(frame.y(one.value), one.said, one.colour) for one in lines], frame)


def _outside(whole: MeasureCourse, days: ShownDays, frame: Frame, palette: Palette) -> list[Shape]:
    """How many scores lie before the days shown, and after them, at the side where they are."""
    before = sum(point.on < days.begins_on for point in whole.points)
    after = sum(point.on > days.ends_on for point in whole.points)
    y = frame.top - 10
    found = [text(f"← {before} earlier", frame.left - 8, y, palette.muted, text_anchor="end")] if before else []
    return [*found, text(f"{after} later →", frame.right + 8, y, palette.muted)] if after else found


def _shaded(span: Span, frame: Frame, palette: Palette) -> list[Shape]:
    left, right = frame.x(max(span.starts_on, frame.begins_on)), frame.x(min(span.ends_on, frame.ends_on))
    ground = shape(
        "rect", x=left, y=frame.top, width=max(2.0, right - left), height=frame.bottom - frame.top,
        fill=palette.faint, fill_opacity=0.18,
    )  # fmt: skip
    return [ground, text(span.label, (left + right) / 2, frame.top - 6, palette.muted, text_anchor="middle")]


_Part = tuple[list[Shape], list[Line]]


def _band(course: MeasureCourse, frame: Frame, palette: Palette) -> _Part:
    if course.band is None:
        return [], []
    low, high = max(course.low, course.band[0]), min(course.high, course.band[1])
    top, bottom = frame.y(high), frame.y(low)
    ground = shape(
        "rect", x=frame.left, y=top, width=frame.right - frame.left, height=bottom - top, fill=palette.band,
        stroke=palette.line, stroke_width=1,
    )  # fmt: skip
    return [ground], [Line(high, "↓ within error", palette.muted)]


def _expected(course: MeasureCourse, frame: Frame, palette: Palette) -> _Part:
    if len(course.expected) < 2:
        return [], []
    kept = [(one, min(course.high, one.high), max(course.low, one.low)) for one in course.expected]
    upper = [f"{frame.x(one.on):.1f},{frame.y(high):.1f}" for one, high, _ in kept]
    lower = [f"{frame.x(one.on):.1f},{frame.y(low):.1f}" for one, _, low in reversed(kept)]
    middle = " ".join(f"{frame.x(one.on):.1f},{frame.y(one.score):.1f}" for one in course.expected)
    dashed: dict[str, str] = {"fill": "none", "stroke": palette.voice, "stroke_dasharray": "2 4"}
    drawn = [
        shape("polygon", points=" ".join(upper + lower), fill=palette.voice, fill_opacity=0.10),
        shape("polyline", points=" ".join(upper), **dashed),
        shape("polyline", points=" ".join(reversed(lower)), **dashed),
        shape("polyline", points=middle, fill="none", stroke=palette.voice, stroke_width=1.2, stroke_dasharray="7 4"),
    ]
    return drawn, [Line(course.expected[-1].score, "expected, 80 % band", palette.voice)]


def _reference(course: MeasureCourse, frame: Frame, palette: Palette) -> _Part:
    """Figures nobody checked: dotted, and each says so; whose they are stands under the pointer and in the reasons."""
    drawn: list[Shape] = []
    lines: list[Line] = []
    for value, said in course.references:
        if course.low <= value <= course.high:
            rule = frame.rule(value, palette.faint, stroke_dasharray="1 5")
            drawn.append(replace(rule, told=f"Not checked: {said}, {value:g}"))
            lines.append(Line(value, f"not checked: {value:g}", palette.muted))
    return drawn, lines


def _first_and_cutoff(course: MeasureCourse, frame: Frame, palette: Palette) -> _Part:
    drawn: list[Shape] = []
    lines: list[Line] = []
    if course.first is not None:
        drawn.append(frame.rule(course.first, palette.faint))
        lines.append(Line(course.first, f"first score {words.figure(course.first, course.decimals)}", palette.muted))
    if course.cutoff is not None:
        drawn.append(frame.rule(course.cutoff, palette.ink, stroke_dasharray="6 4"))
        lines.append(Line(course.cutoff, f"cut-off {words.figure(course.cutoff, 0)}", palette.ink))
    return drawn, lines


def _level(course: MeasureCourse, frame: Frame, palette: Palette) -> _Part:
    """The score agreed as "get in touch", as a line of its own."""
    if course.level is None or not course.low <= course.level <= course.high:
        return [], []
    said = f"get in touch {words.figure(course.level, course.decimals)}"
    rule = frame.rule(course.level, palette.warning, stroke_dasharray="10 3 2 3")
    return [rule], [Line(course.level, said, palette.warning)]


def end_mark(on: date, frame: Frame, palette: Palette) -> list[Shape]:
    """The last day of a course of therapy: an upright line with its words at the foot, clear of the names of breaks."""
    x = frame.x(on)
    upright = shape("line", x1=x, x2=x, y1=frame.top, y2=frame.bottom, stroke=palette.ink, stroke_width=1.4)
    is_left = x < frame.left + 90  # no room for the words before it
    place, anchor = (x + 5, "start") if is_left else (x - 5, "end")
    return [upright, text("therapy ended", place, frame.bottom - 6, palette.ink, text_anchor=anchor)]


def _sessions(course: MeasureCourse, frame: Frame, palette: Palette) -> list[Shape]:
    if not course.sessions:
        return []
    floor = frame.bottom + 11
    ticks = [
        shape("line", x1=frame.x(on), x2=frame.x(on), y1=floor - 8, y2=floor, stroke=palette.muted, stroke_width=1.6)
        for on in course.sessions
    ]
    return [*ticks, text("sessions", frame.right + 8, floor, palette.muted)]


def _step(step: Step, course: MeasureCourse, frame: Frame, palette: Palette) -> list[Shape]:
    """A sudden gain or loss: its stretch of line drawn broad, with its words beside it."""
    x1, y1 = frame.x(step.before.on), frame.y(step.before.value)
    x2, y2 = frame.x(step.after.on), frame.y(step.after.value)
    colour = palette.accent if step.is_gain else palette.warning
    points = words.figure(abs(step.after.value - step.before.value), course.decimals)
    said = f"{'sudden gain' if step.is_gain else '▲ sudden loss'} {points}"
    return [
        shape("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=6, stroke_opacity=0.45),
        text(said, (x1 + x2) / 2 + 9, (y1 + y2) / 2 + (-6 if y2 > y1 else 14), colour, font_weight=600),
    ]


def _dot(point: Point, course: MeasureCourse, frame: Frame, palette: Palette, today: date) -> Shape:
    """Hollow where missing items were filled in by rule; a diamond for a check-in after the end."""
    told = f"{words.day(point.on, today)}: {words.figure(point.value, course.decimals)}"
    fill = palette.page if point.is_prorated else palette.accent
    x, y = frame.x(point.on), frame.y(point.value)
    line: dict[str, str] = {"fill": fill, "stroke": palette.accent, "stroke_width": "2"}
    node = shape("path", d=diamond(x, y, 7), **line) if point.is_check_in else shape("circle", cx=x, cy=y, r=5, **line)
    told += ", check-in after the end" if point.is_check_in else ""
    told += ", missing items filled in by rule" if point.is_prorated else ""
    return replace(node, told=f"{told}. Click for the answers.", opens=str(point.administration_id))


def diamond(x: float, y: float, arm: float) -> str:
    """The path of a square on its corner."""
    return f"M{x:.1f} {y - arm:.1f}L{x + arm:.1f} {y:.1f}L{x:.1f} {y + arm:.1f}L{x - arm:.1f} {y:.1f}Z"


def _unscored(on: date, frame: Frame, palette: Palette, today: date) -> list[Shape]:
    """A form without a score is a cross with words: it is neither a zero nor nothing."""
    x, y, arm = frame.x(on), frame.bottom - 10, 4
    cross = shape(
        "path", d=f"M{x - arm:.1f} {y - arm:.1f}L{x + arm:.1f} {y + arm:.1f}M{x - arm:.1f} {y + arm:.1f}"
        f"L{x + arm:.1f} {y - arm:.1f}", stroke=palette.warning, stroke_width=2, fill="none",
    )  # fmt: skip
    told = replace(cross, told=f"{words.day(on, today)}: filled in, no score")
    return [told, text("no score", x, y - 9, palette.warning, text_anchor="middle")]


def _last_value(course: MeasureCourse, frame: Frame, palette: Palette) -> list[Shape]:
    if not course.points:
        return []
    last = course.points[-1]
    said = words.figure(last.value, course.decimals) + (" check-in" if last.is_check_in else "")
    return [text(said, frame.x(last.on) + 10, frame.y(last.value) + 5, palette.ink, font_size=15, font_weight=700)]
