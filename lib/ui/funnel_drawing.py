"""Funnel drawing: each therapist's share of clients reliably better, and where chance alone would put it. No ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lib.domain.funnel import FEWEST_TO_COMPARE, Limits, limits
from lib.ui import drawings
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette

WIDTH, HEIGHT = 560, 440
LEFT, RIGHT, TOP, BOTTOM = 52.0, 490.0, 26.0, 388.0
HOLLOW_BELOW = 10


@dataclass(frozen=True, slots=True)
class Group:
    """One therapist by a letter, or several with the same figures: better in `met` of `of`."""

    letter: str
    met: int
    of: int


def show(groups: Sequence[Group], rate: float, palette: Palette, label: str, key: str) -> None:
    """Draw the groups of five and more, with the limits around everybody's rate."""
    drawings.show(funnel_shapes(groups, rate, palette), WIDTH, HEIGHT, label, key, fixed=True)


def funnel_shapes(groups: Sequence[Group], rate: float, palette: Palette) -> list[Shape]:
    """The nodes: grid, band of 95 %, dashed curves of 99.8 %, the common rate, a dot for each group."""
    drawn = [group for group in groups if group.of >= FEWEST_TO_COMPARE]
    most = max([group.of for group in drawn] + [FEWEST_TO_COMPARE * 4])
    curve = [limits(n, rate) for n in range(FEWEST_TO_COMPARE, most + 1)]
    shapes = [*_grid(palette, most), _band(curve, most, palette), *_outer(curve, most, palette)]
    y = _y(rate)
    shapes.append(shape("line", x1=LEFT, x2=RIGHT, y1=y, y2=y, stroke=palette.faint, stroke_width=1.2))
    shapes.append(_text(f"all {100 * rate:.0f} %", RIGHT + 4, y + 4, palette.ink))
    last = curve[-1]
    shapes.append(_text("95 %", RIGHT + 4, _y(last.high_95) + 4 - _apart(last, rate), palette.muted))
    shapes.append(_text("99.8 %", RIGHT + 4, _y(last.high_998) - 2 - _apart(last, rate), palette.muted))
    for place in _together(drawn):
        shapes += _dot(place, most, palette)
    return shapes


def _together(groups: Sequence[Group]) -> list[Group]:
    """Therapists with the same figures share a dot, which bears all their letters."""
    found: dict[tuple[int, int], list[str]] = {}
    for group in groups:
        found.setdefault((group.of, group.met), []).append(group.letter)
    return [Group(" ".join(letters), met, of) for (of, met), letters in found.items()]


def _apart(last: Limits, rate: float) -> float:
    """The names of two curves that meet stand apart."""
    return 6.0 if _y(rate) - _y(last.high_95) < 14 else 0.0


def _grid(palette: Palette, most: int) -> list[Shape]:
    found = []
    for percent in (0, 25, 50, 75, 100):
        y = _y(percent / 100)
        found.append(shape("line", x1=LEFT, x2=RIGHT, y1=y, y2=y, stroke=palette.line, stroke_width=1))
        found.append(_text(f"{percent} %", LEFT - 8, y + 4, palette.muted, text_anchor="end"))
    step = max(5, most // 5 // 5 * 5)
    for n in range(step, most + 1, step):
        found.append(_text(str(n), _x(n, most), BOTTOM + 18, palette.muted, text_anchor="middle"))
    found.append(
        _text("clients with a verdict →", (LEFT + RIGHT) / 2, BOTTOM + 38, palette.muted, text_anchor="middle")
    )
    found.append(_text("↑ reliably better", LEFT, TOP - 10, palette.muted))
    return found


def _band(curve: Sequence[Limits], most: int, palette: Palette) -> Shape:
    upper = [f"{_x(one.n, most):.1f},{_y(one.high_95):.1f}" for one in curve]
    lower = [f"{_x(one.n, most):.1f},{_y(one.low_95):.1f}" for one in reversed(curve)]
    return shape(
        "polygon", points=" ".join(upper + lower), fill=palette.band, stroke=palette.faint, stroke_width=0.9
    )  # fmt: skip


def _outer(curve: Sequence[Limits], most: int, palette: Palette) -> list[Shape]:
    lines = []
    for points in ([(one.n, one.high_998) for one in curve], [(one.n, one.low_998) for one in curve]):
        told = " ".join(f"{_x(n, most):.1f},{_y(rate):.1f}" for n, rate in points)
        lines.append(
            shape("polyline", points=told, fill="none", stroke=palette.faint, stroke_width=1, stroke_dasharray="5 4")
        )
    return lines


def _dot(group: Group, most: int, palette: Palette) -> list[Shape]:
    x, y = _x(group.of, most), _y(group.met / group.of)
    hollow = group.of < HOLLOW_BELOW
    dot = shape(
        "circle", cx=round(x, 1), cy=round(y, 1), r=6, fill=palette.accent, fill_opacity=0 if hollow else 1,
        stroke=palette.accent, stroke_width=1.6,
    )  # fmt: skip
    told = f"{group.letter}  {group.met} of {group.of}"
    near_edge = x > RIGHT - 70
    return [
        Shape(dot.shape, dot.attributes, told=told),
        _text(told, x - 10 if near_edge else x + 10, y - 8, palette.ink, text_anchor="end" if near_edge else "start"),
    ]


def _text(said: str, x: float, y: float, colour: str, **more: str | float) -> Shape:
    return shape("text", said, x=round(x, 1), y=round(y, 1), fill=colour, font_size=12.5, **more)


def _x(n: int, most: int) -> float:
    return LEFT + (RIGHT - LEFT) * n / (most * 1.02)


def _y(rate: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * rate
