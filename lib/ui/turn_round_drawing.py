"""Turn-round drawing: five stepping stones, filled as far as somebody has come; a ring where they began."""

from __future__ import annotations

from lib.domain.turn_round import MarkerSaid
from lib.ui import drawings
from lib.ui.drawings import Shape, shape
from lib.ui.palette import Palette

WIDTH, HEIGHT = 260, 44
_STONES = 5


def show(marker: MarkerSaid, palette: Palette, key: str) -> None:
    """Draw one marker; what nobody has looked at is not drawn, so that it never looks like nothing."""
    if marker.now is not None:
        drawings.show(stones(marker, palette), WIDTH, HEIGHT, told(marker), key, fixed=True)


def stones(marker: MarkerSaid, palette: Palette) -> list[Shape]:
    """A stone for each step, the ones reached filled; the stone of the beginning has a ring."""
    shapes = []
    for step in range(_STONES):
        across, reached = 24 + step * 52, marker.now is not None and step <= marker.now
        fill = palette.accent if reached else palette.page
        shapes.append(shape("circle", cx=across, cy=22, r=13, fill=fill, stroke=palette.accent, stroke_width=1.6))
        if marker.then is not None and marker.then == step != marker.now:
            shapes.append(shape("circle", cx=across, cy=22, r=18, fill="none", stroke=palette.ink, stroke_width=2))
    return shapes


def told(marker: MarkerSaid) -> str:
    """The drawing in words."""
    if marker.now is None:
        return f"{marker.label}: not looked at yet"
    began = f", begun at stone {marker.then + 1}" if marker.then is not None and marker.then != marker.now else ""
    return f"{marker.label}: stone {marker.now + 1} of {_STONES}{began}"
