"""Marker words: estimates of growth markers as screens say them, always as what they are: unvalidated."""

from __future__ import annotations

from datetime import date

from lib.domain.marker_estimates import MarkerVerdict, shown_level
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.standing import MarkerStanding
from lib.ui.marker_drawing import MarkerMark

# A verdict is a sign and words, never a colour alone.
VERDICTS = {
    MarkerVerdict.RELIABLE_GROWTH: "● reliable growth",
    MarkerVerdict.GROWTH: "◐ growth likely",
    MarkerVerdict.UNDISTINGUISHED: "○ not distinguishable from no change",
    MarkerVerdict.SETBACK: "▲ setback likely",
    MarkerVerdict.RELIABLE_SETBACK: "▲ reliable setback",
    MarkerVerdict.ONE_DATE: "– one date only",
}
SHORT = {**VERDICTS, MarkerVerdict.UNDISTINGUISHED: "○ cannot be told"}
UNVALIDATED = "unvalidated working estimate"


def mark_of(standing: MarkerStanding | None, today: date) -> MarkerMark:
    """What a list draws of a marker: the estimate from all sources, else the clinician's rating alone."""
    if standing is None:
        return MarkerMark(None)
    estimate = standing.estimate
    if estimate is None:
        return MarkerMark(standing.level)
    return MarkerMark(estimate.level, estimate.interval_on(today), estimate.is_stale(today))


def level_with_interval(estimate: EstimatedLevel, today: date) -> str:
    """ "2.4  1.8–3.0", held to the scale; an old one says since when nobody has said anything."""
    return _with_interval(estimate.level, estimate.interval_on(today), estimate.is_stale(today))


def _with_interval(level: float, interval: tuple[float, float], is_stale: bool) -> str:
    low, high = (shown_level(edge) for edge in interval)
    said = f"{shown_level(level):.1f}  {low:.1f}–{high:.1f}"
    return f"{said}, old" if is_stale else said


def signed(change: float) -> str:
    """ "+0.9" or "−0.3", with a minus sign that is as wide as the plus."""
    return f"{change:+.1f}".replace("-", "−")


def change_told(change: float, verdict: str, short: bool = True) -> str:
    """ "+0.9, ● reliable growth"; one date alone has no change."""
    said = (SHORT if short else VERDICTS)[MarkerVerdict(verdict)]
    return said if verdict == MarkerVerdict.ONE_DATE else f"{signed(change)}, {said}"


def mark_in_cell(mark: MarkerMark) -> str:
    """A marker in the cell of a list, in words: of what is drawn, so that its interval is reckoned once for both."""
    if mark.level is None:
        return "not rated"
    return str(mark.level) if mark.interval is None else _with_interval(mark.level, mark.interval, mark.is_stale)
