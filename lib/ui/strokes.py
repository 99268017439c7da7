"""Strokes: small drawings as data. A stroke is a path of numbers alone and a kind, which the style sheet colours.

The browser's half is components/strokes.js, which our own components carry: hundreds of such drawings in a table are
nodes of the page, where as many pictures with an address would each be a document of its own. No word of a person can
enter a drawing, and both palettes are followed without being drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Stroke = tuple[str, str]  # a kind of components/strokes.css, and what stands in the path's "d"

_FILES = Path(__file__).with_name("components")
SCRIPT = (_FILES / "strokes.js").read_text(encoding="utf-8")
STYLE = (_FILES / "strokes.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of this size in pixels, its strokes from back to front."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]

    def as_data(self) -> dict[str, Any]:
        """What the browser is sent."""
        return {"width": self.width, "height": self.height, "strokes": self.strokes}


def line(*places: tuple[float, float]) -> str:
    """Straight from place to place."""
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in places)


def lines(each: Sequence[Sequence[tuple[float, float]]]) -> str:
    """Several such lines as one path."""
    return "".join(line(*places) for places in each)


def box(x: float, y: float, width: float, height: float, rounded: float = 0.0) -> str:
    """A box by its upper left corner, its corners rounded as far as its width allows."""
    r = min(rounded, width / 2)
    if r == 0:
        return f"M{_short(x)} {_short(y)}h{_short(width)}v{_short(height)}h{_short(-width)}z"
    across, down, bend = _short(width - 2 * r), _short(height - 2 * r), f"a{_short(r)} {_short(r)} 0 0 1 "
    turns = [f"{bend}{_short(dx * r)} {_short(dy * r)}" for dx, dy in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    return f"M{_short(x + r)} {_short(y)}h{across}{turns[0]}v{down}{turns[1]}h-{across}{turns[2]}v-{down}{turns[3]}z"


def dot(x: float, y: float, r: float) -> str:
    """A full circle about its middle."""
    half = f"a{_short(r)} {_short(r)} 0 1 0 "
    return f"M{_short(x - r)} {_short(y)}{half}{_short(2 * r)} 0{half}{_short(-2 * r)} 0z"


def _short(value: float) -> str:
    return f"{round(value, 2):g}"
