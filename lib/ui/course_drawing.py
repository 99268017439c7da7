"""Course drawing: one measure at a glance with its words, no chart library: band, cut-off, breaks, first and last."""

from __future__ import annotations

from datetime import date

from lib.ui import drawings, words
from lib.ui.courses import MeasureCourse, Point, runs
from lib.ui.drawings import Shape, shape
from lib.ui.measure_chart import after_in_words, diamond
from lib.ui.palette import Palette

WIDTH, HEIGHT = 383, 92
_RIGHT, _TOP, _BOTTOM = 316.0, 8.0, 84.0
_LETTER = 6.6  # pixels, about what a letter of the size used here takes


def show_course(course: MeasureCourse, palette: Palette, today: date, verdict: str, key: str) -> None:
    """Draw it, with a label that says what the picture shows."""
    said = in_words(course, today, verdict)
    drawings.show(course_shapes(course, palette, today), WIDTH, HEIGHT, said, key, fixed=True)


def in_words(course: MeasureCourse, today: date, verdict: str) -> str:
    """The drawing in a sentence, for whoever does not see it."""
    if not course.points:
        return f"{course.name}: no score yet."
    first, last = course.points[0], course.points[-1]
    start = f"{course.name} from {words.figure(first.value, course.decimals)} on {words.day(first.on, today)}"
    end = f"to {words.figure(last.value, course.decimals)} on {words.day(last.on, today)}"
    checked = sum(point.is_check_in for point in course.points)
    after = f", {words.count(checked, 'check-in')} after the end" if checked else ""
    return f"{start} {end}, {words.count(len(course.points), 'score')}{after}.{after_in_words(course, today)} {verdict}"


def course_shapes(course: MeasureCourse, palette: Palette, today: date) -> list[Shape]:
    """The nodes; none where there is no score."""
    if not course.points:
        return []
    return [*_ground(course, palette, today), *_line(course, palette), *_ends(course, palette, today)]


def _ground(course: MeasureCourse, palette: Palette, today: date) -> list[Shape]:
    found = []
    if course.band is not None:
        top, bottom = (_y(course, min(course.high, max(course.low, end))) for end in reversed(course.band))
        found.append(shape("rect", x=4.0, y=top, width=_RIGHT - 4, height=bottom - top, fill=palette.band))
    for span in course.breaks:
        left, right = _x(course, span.starts_on), _x(course, span.ends_on)
        found.append(shape("rect", x=left, y=_TOP, width=right - left, height=_BOTTOM - _TOP, fill=palette.line))
    found += _named_breaks(course, palette, today)
    for on in course.ends:
        x = _x(course, on)
        found.append(shape("line", x1=x, y1=_TOP, x2=x, y2=_BOTTOM, stroke=palette.ink, stroke_width=1.2))
    if course.level is not None and course.low <= course.level <= course.high:
        found.append(_rule(_y(course, course.level), palette.warning, stroke_dasharray="8 2 2 2"))
    found.append(_rule(_y(course, course.low), palette.line))
    if course.cutoff is not None:
        y = _y(course, course.cutoff)
        found.append(_rule(y, palette.faint, stroke_dasharray="4 3"))
        found.append(_text(f"cut-off {words.figure(course.cutoff, 0)}", _RIGHT + 6, y + 4, palette.muted))
    return found


def _named_breaks(course: MeasureCourse, palette: Palette, today: date) -> list[Shape]:
    """The word "break" at each, clear of the first score's words and of its neighbour: above, else below, else not."""
    x, y, said = _first_in_words(course, today)
    taken = [(x, x + len(said) * _LETTER, y)]
    found = []
    for span in course.breaks:
        middle = (_x(course, span.starts_on) + _x(course, span.ends_on)) / 2
        left, right = middle - 2.5 * _LETTER, middle + 2.5 * _LETTER
        for place in (_TOP + 12, _BOTTOM - 5):
            if all(right < start or left > end or abs(place - other) > 14 for start, end, other in taken):
                taken.append((left, right, place))
                found.append(_text("break", middle, place, palette.muted, text_anchor="middle"))
                break
    return found


def _line(course: MeasureCourse, palette: Palette) -> list[Shape]:
    found = []
    for run in runs(course.points, course.breaks, course.unscored_on):
        written = " ".join(f"{_x(course, point.on):.1f},{_y(course, point.value):.1f}" for point in run)
        found.append(shape("polyline", points=written, fill="none", stroke=palette.accent, stroke_width=2))
        if len(run) == 1:
            found.append(
                shape("circle", cx=_x(course, run[0].on), cy=_y(course, run[0].value), r=2, fill=palette.accent)
            )
    return found


def _ends(course: MeasureCourse, palette: Palette, today: date) -> list[Shape]:
    first, last = course.points[0], course.points[-1]
    x, y = _x(course, first.on), _y(course, first.value)
    hollow = shape("circle", cx=x, cy=y, r=3.4, fill=palette.page, stroke=palette.accent, stroke_width=1.6)
    found = [hollow]
    beside, below, said = _first_in_words(course, today)
    found.append(_text(said, beside, below, palette.muted))
    found += [_diamond(course, point, palette) for point in course.points if point.is_check_in]
    x, y = _x(course, last.on), _y(course, last.value)
    if not last.is_check_in:
        found.append(shape("circle", cx=x, cy=y, r=4, fill=palette.accent))
    if course.cutoff is None or abs(_y(course, course.cutoff) - y) > 13:
        found.append(_text(words.day(last.on, today), _RIGHT + 6, y + 4, palette.muted))
    else:
        found.append(_text(words.day(last.on, today), _RIGHT + 6, _y(course, course.cutoff) + 18, palette.muted))
    return found


def _diamond(course: MeasureCourse, point: Point, palette: Palette) -> Shape:
    """A check-in after the end of therapy."""
    return shape("path", d=diamond(_x(course, point.on), _y(course, point.value), 5), fill=palette.accent)


def _first_in_words(course: MeasureCourse, today: date) -> tuple[float, float, str]:
    """Where the first score's words begin, across and down, and the words."""
    first = course.points[0]
    said = f"{words.figure(first.value, min(1, course.decimals))} on {words.day(first.on, today)}"
    return _x(course, first.on) + 8, _beside(course, _y(course, first.value)), said


def _beside(course: MeasureCourse, y: float) -> float:
    """Where the first score's words stand: away from where the line goes, and inside the drawing."""
    rises = len(course.points) > 1 and course.points[1].value > course.points[0].value
    below = rises or y < _TOP + 14
    return y + 16 if below and y < _BOTTOM - 16 else y - 6


def _rule(y: float, colour: str, **more: str) -> Shape:
    return shape("line", x1=4.0, y1=y, x2=_RIGHT, y2=y, stroke=colour, stroke_width=1, **more)


def _text(said: str, x: float, y: float, colour: str, **more: str) -> Shape:
    return shape("text", said, x=x, y=y, fill=colour, font_size=12.5, **more)


def _x(course: MeasureCourse, on: date) -> float:
    span = max(1, (course.ends_on - course.begins_on).days)
    return 18 + (_RIGHT - 30) * min(1.0, max(0.0, (on - course.begins_on).days / span))


def _y(course: MeasureCourse, value: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (value - course.low) / (course.high - course.low)
