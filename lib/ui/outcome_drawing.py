"""Outcome drawing: first against latest score of many clients, with the band in which error alone may lie."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import floor, log10

from lib.ui import drawings, words
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette

WIDTH, HEIGHT = 660, 440
LEFT, RIGHT, TOP, BOTTOM = 40.0, 580.0, 26.0, 388.0
_RADIUS = 4.6
_MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """One client's first and latest score; `is_old` when the latest is older than 60 days."""

    client_id: int
    code: str
    first: float
    latest: float
    verdict: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class PairsOfScale:
    """All pairs of one scale, with what the verdicts rest on. `band` is its half width, None without figures."""

    name: str
    low: float
    high: float
    decimals: int
    pairs: Sequence[Dot]
    band: float | None = None
    cutoff: float | None = None
    higher_is_better: bool = False

    def count(self, verdicts: Collection[str]) -> int:
        """How many of the pairs have one of these verdicts."""
        return sum(pair.verdict in verdicts for pair in self.pairs)


def show_pairs(scale: PairsOfScale, palette: Palette, label: str, key: str) -> int | None:
    """Draw them all; the client whose dot was clicked, if it is one of those drawn."""
    opened = drawings.show(pairs_shapes(scale, palette), WIDTH, HEIGHT, label, key, fixed=True)
    return next((pair.client_id for pair in scale.pairs if str(pair.client_id) == opened), None)


def in_words(scale: PairsOfScale) -> str:
    """The figures of the drawing, for whoever does not see it."""
    told = [f"improved: {scale.count(words.BETTER)}", f"worse: {scale.count(words.WORSE)}", *_unclear(scale)]
    return f"{scale.name}, first against latest score; {', '.join(told)}"


def pairs_shapes(scale: PairsOfScale, palette: Palette) -> list[Shape]:
    """First score across, latest up. What matters most is drawn last, so that nothing lies over it."""
    drawn = []
    for verdicts in (frozenset({"unchanged", "undetermined"}), words.BETTER, words.WORSE):
        drawn += [_dot(pair, scale, palette) for pair in scale.pairs if pair.verdict in verdicts]
    return [*_ground(scale, palette), *_axes(scale, palette), *drawn, *_counts(scale, palette)]


def ticks(low: float, high: float) -> list[float]:
    """Both ends of a scale and round values between, none so near the upper end that their figures would touch."""
    rough = (high - low) / _MOST_STEPS
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
    between = [round(low + step * number, 6) for number in range(_MOST_STEPS + 1)]
    return [value for value in between if value <= high - step / 2] + [high]


def band_corners(low: float, high: float, half: float) -> list[tuple[float, float]]:
    """The band of half width `half` round the diagonal, cut off at the scale's own ends, in scores."""
    half = min(half, high - low)
    return [(low, low), (low, low + half), (high - half, high), (high, high), (high, high - half), (low + half, low)]


def _ground(scale: PairsOfScale, palette: Palette) -> list[Shape]:
    found = []
    if scale.band is not None:
        corners = band_corners(scale.low, scale.high, scale.band)
        written = " ".join(f"{_x(scale, first):.1f},{_y(scale, latest):.1f}" for first, latest in corners)
        found.append(shape("polygon", points=written, fill=palette.band))
    found.append(shape("line", x1=LEFT, y1=BOTTOM, x2=RIGHT, y2=TOP, stroke=palette.faint, stroke_width=1))
    if scale.cutoff is not None:
        x, y = _x(scale, scale.cutoff), _y(scale, scale.cutoff)
        dashed: dict[str, str | float] = {"stroke": palette.ink, "stroke_width": 1, "stroke_dasharray": "5 4"}
        found.append(shape("line", "", x1=LEFT, y1=y, x2=RIGHT, y2=y, **dashed))
        found.append(shape("line", "", x1=x, y1=TOP, x2=x, y2=BOTTOM, **dashed))
        found.append(_text(f"cut-off {words.figure(scale.cutoff, scale.decimals)}", RIGHT + 6, y + 4, palette.muted))
    return found


def _axes(scale: PairsOfScale, palette: Palette) -> list[Shape]:
    found = [
        shape("line", x1=LEFT, y1=BOTTOM, x2=RIGHT, y2=BOTTOM, stroke=palette.line, stroke_width=1),
        shape("line", x1=LEFT, y1=TOP, x2=LEFT, y2=BOTTOM, stroke=palette.line, stroke_width=1),
        _text("↑ latest score", LEFT + 6, TOP - 11, palette.muted),
        _text("first score →", (LEFT + RIGHT) / 2, BOTTOM + 40, palette.muted, text_anchor="middle"),
    ]
    for value in ticks(scale.low, scale.high):
        said = words.figure(value, 0)
        found.append(_text(said, _x(scale, value), BOTTOM + 19, palette.muted, text_anchor="middle"))
        found.append(_text(said, LEFT - 8, _y(scale, value) + 4, palette.muted, text_anchor="end"))
    return found


def _counts(scale: PairsOfScale, palette: Palette) -> list[Shape]:
    """The figures in words, each on its side of the diagonal; a rim keeps them readable over a dot."""
    rises, falls = (LEFT + 16, TOP + 24, "start"), (RIGHT - 16, BOTTOM - 20, "end")
    better, worse = (rises, falls) if scale.higher_is_better else (falls, rises)
    found = [
        _text(said, x, y, colour, text_anchor=anchor, font_weight="600", stroke=palette.page, stroke_width=3,
              paint_order="stroke")
        for said, (x, y, anchor), colour in (
            (f"improved: {scale.count(words.BETTER)}", better, palette.accent),
            (f"worse: {scale.count(words.WORSE)}", worse, palette.warning),
        )
    ]  # fmt: skip
    unclear = " · ".join(_unclear(scale))
    return [*found, _text(unclear, RIGHT, TOP - 11, palette.muted, text_anchor="end")] if unclear else found


def _unclear(scale: PairsOfScale) -> list[str]:
    unchanged, unknown = scale.count({"unchanged"}), scale.count({"undetermined"})
    told = [f"no clear change: {unchanged}"] if unchanged or scale.band is not None else []
    return [*told, f"cannot be determined: {unknown}"] if unknown else told


def _dot(pair: Dot, scale: PairsOfScale, palette: Palette) -> Shape:
    x, y = round(_x(scale, pair.first), 1), round(_y(scale, pair.latest), 1)
    better, worse = pair.verdict in words.BETTER, pair.verdict in words.WORSE
    colour = palette.accent if better else palette.warning if worse else palette.faint
    # A hollow dot's inside is see-through and yet clickable.
    style: dict[str, str | float] = {"fill": colour, "fill_opacity": 0 if pair.is_old else 1}
    style |= {"stroke": colour, "stroke_width": 1.4}
    if worse:
        written = f"{x},{y - 5.6:.1f} {x + 5.4:.1f},{y + 4:.1f} {x - 5.4:.1f},{y + 4:.1f}"
        drawn = shape("polygon", "", points=written, **style)
    else:
        drawn = shape("circle", "", cx=x, cy=y, r=_RADIUS, **style)
    scores = f"{words.figure(pair.first, scale.decimals)} to {words.figure(pair.latest, scale.decimals)}"
    said = f"{pair.code}: {scores}. {words.verdict(pair.verdict, 2)}"
    return Shape(drawn.shape, drawn.attributes, told=said, opens=str(pair.client_id))


def _text(said: str, x: float, y: float, colour: str, **more: str | float) -> Shape:
    return shape("text", said, x=round(x, 1), y=round(y, 1), fill=colour, font_size=12.5, **more)


def _x(scale: PairsOfScale, value: float) -> float:
    return LEFT + (RIGHT - LEFT) * (value - scale.low) / (scale.high - scale.low)


def _y(scale: PairsOfScale, value: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - scale.low) / (scale.high - scale.low)
