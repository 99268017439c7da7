"""Outcome charts: first against latest score of many clients, with the band in which error alone may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from lib.ui import words
from lib.ui.charts import CONFIG, layout
from lib.ui.palette import Palette

__all__ = ["CONFIG", "Pair", "PairsOfScale", "pairs_figure"]


@dataclass(frozen=True, slots=True)
class Pair:
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
    pairs: Sequence[Pair]
    band: float | None = None
    cutoff: float | None = None


def pairs_figure(scale: PairsOfScale, palette: Palette) -> go.Figure:
    """First score across, latest up; band round the diagonal, cut-off dashed, shapes as well as colours."""
    figure = go.Figure(layout=layout(palette, height=430, right=70))
    reach = [scale.low, scale.high]
    margin = (scale.high - scale.low) * 0.03
    style = {"gridcolor": "rgba(0,0,0,0)", "linecolor": palette.line, "zeroline": False, "fixedrange": True}
    ticks = {"tickfont": {"color": palette.muted, "size": 12.5}, "range": [scale.low - margin, scale.high + margin]}
    figure.update_xaxes(title={"text": "first score →", "font": {"color": palette.muted}}, **style, **ticks)
    figure.update_yaxes(title={"text": "latest score →", "font": {"color": palette.muted}}, **style, **ticks)
    if scale.band is not None:
        figure.add_trace(_band(scale, scale.band, palette))
    figure.add_trace(_line(reach, reach, palette.faint, "solid"))
    if scale.cutoff is not None:
        both = [scale.cutoff, scale.cutoff]
        figure.add_trace(_line(reach, both, palette.ink, "dash"))
        figure.add_trace(_line(both, reach, palette.ink, "dash"))
        figure.add_annotation(
            x=1.008, xref="paper", xanchor="left", y=scale.cutoff, showarrow=False, text="cut-off", font={"size": 12.5}
        )
    for verdicts, symbol, colour in (
        (words.BETTER, "circle", palette.accent),
        (words.WORSE, "triangle-up", palette.warning),
        (frozenset({"unchanged", "undetermined"}), "circle", palette.faint),
    ):
        for is_old in (False, True):
            chosen = [pair for pair in scale.pairs if pair.verdict in verdicts and pair.is_old is is_old]
            if chosen:
                figure.add_trace(_dots(chosen, f"{symbol}-open" if is_old else symbol, colour, scale.decimals))
    return figure


def _dots(pairs: Sequence[Pair], symbol: str, colour: str, decimals: int) -> go.Scatter:
    """Codes are given as customdata only: what a practice calls a client is not text for Plotly to read."""
    shown = [(words.figure(pair.first, decimals), words.figure(pair.latest, decimals)) for pair in pairs]
    said = [
        f"{first} to {latest}: {words.verdict(pair.verdict, 2)}"
        for (first, latest), pair in zip(shown, pairs, strict=True)
    ]
    return go.Scatter(
        x=[pair.first for pair in pairs],
        y=[pair.latest for pair in pairs],
        customdata=[[pair.client_id] for pair in pairs],
        mode="markers",
        marker={"symbol": symbol, "size": 10, "color": colour, "line": {"width": 1.4, "color": colour}},
        text=said,
        hovertemplate="%{text}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )


def _line(x: Sequence[float], y: Sequence[float], colour: str, dash: str) -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 1, "dash": dash}, hoverinfo="skip")


def _band(scale: PairsOfScale, half: float, palette: Palette) -> go.Scatter:
    """The band round the diagonal, cut off at the scale's own ends."""
    low, high = scale.low, scale.high
    x = [low, high - half, high, high, low + half, low]
    y = [low + half, high, high, high - half, low, low]
    return go.Scatter(
        x=x, y=y, fill="toself", mode="lines", line={"width": 0}, fillcolor=palette.band, hoverinfo="skip"
    )
