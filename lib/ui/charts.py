"""Charts: markers over dates, drawn with Plotly. Only the client's page imports it.

No text of a person reaches Plotly, which reads some markup: names of scales, days and figures of our own only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lib.ui import words
from lib.ui.charts_words import LEVELS
from lib.ui.courses import MarkerCourse, Span
from lib.ui.palette import Palette

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
_SYMBOLS = {"clinician": "circle", "client": "diamond-open", "gas": "square-open"}
_SOURCES = {"clinician": "therapist", "client": "client", "gas": "goals"}
_APART = {"clinician": 0, "client": 2, "gas": 4}  # days, so that no source hides another


def marker_figure(
    markers: Sequence[MarkerCourse], breaks: Sequence[Span], period: tuple[date, date], palette: Palette, today: date
) -> go.Figure:
    """Five small charts on one axis of levels: what was rated when, by whom. Dots are joined only within a source."""
    figure = make_subplots(rows=1, cols=len(markers), shared_yaxes=True, horizontal_spacing=0.018)
    figure.update_layout(layout(palette, height=265, right=10, left=112))
    margin = timedelta(days=max(7, (period[1] - period[0]).days // 20))
    figure.update_xaxes(
        range=[period[0] - margin, period[1] + margin], **_axis(palette), showgrid=False, nticks=3, tickformat="%b\n%Y"
    )
    figure.update_yaxes(range=[-0.35, 4.3], tickvals=list(range(5)), **_axis(palette), zeroline=False)
    figure.update_yaxes(ticktext=list(LEVELS), col=1)
    for column, marker in enumerate(markers, start=1):
        _draw_marker(figure, marker, column, palette, today)
        for span in breaks:
            _shade(figure, span, palette, row=1, col=column, named=False)
        title = {"size": 14, "color": palette.ink}
        where = f"x{column if column > 1 else ''} domain"
        figure.add_annotation(
            text=f"<b>{marker.label}</b>",
            x=0.5,
            y=1.0,
            xref=where,
            yref="paper",
            yshift=16,
            showarrow=False,
            font=title,
        )
    return figure


def _draw_marker(figure: go.Figure, marker: MarkerCourse, column: int, palette: Palette, today: date) -> None:
    colours = {"clinician": palette.accent, "client": palette.voice, "gas": palette.muted}
    for source, symbol in _SYMBOLS.items():
        points = [point for point in marker.points if point.source == source]
        if not points:
            continue
        trace = go.Scatter(
            x=[point.on + timedelta(days=_APART[source]) for point in points],
            y=[point.level for point in points],
            mode="lines+markers" if source == "clinician" else "markers",
            line={"color": colours[source], "width": 1.6, "shape": "hv"},
            marker={
                "symbol": symbol,
                "size": 9,
                "color": colours[source],
                "line": {"width": 1.4, "color": colours[source]},
            },
            text=[f"{words.day(p.on, today)}: {p.level}, {_SOURCES[source]}" for p in points],
            hovertemplate="%{text}<extra></extra>",
        )
        figure.add_trace(trace, row=1, col=column)
    if not marker.points and not marker.not_enough_on:
        figure.add_trace(go.Scatter(x=[today], y=[None], hoverinfo="skip"), row=1, col=column)  # else no axes are drawn
        where = f"x{column if column > 1 else ''} domain"
        figure.add_annotation(
            text="not rated", x=0.5, y=2, xref=where, yref="y", showarrow=False, font={"color": palette.muted}
        )
    if marker.not_enough_on:
        trace = go.Scatter(
            x=list(marker.not_enough_on),
            y=[-0.2] * len(marker.not_enough_on),
            mode="markers",
            marker={"symbol": "x-thin", "size": 7, "line": {"color": palette.muted, "width": 1.6}},
            text=[f"{words.day(on, today)}: not enough evidence" for on in marker.not_enough_on],
            hovertemplate="%{text}<extra></extra>",
        )
        figure.add_trace(trace, row=1, col=column)


def _shade(figure: go.Figure, span: Span, palette: Palette, named: bool = True, **place: int) -> None:
    figure.add_vrect(
        x0=span.starts_on, x1=span.ends_on, fillcolor=palette.faint, opacity=0.18, line_width=0, layer="below", **place
    )
    if named:
        middle = span.starts_on + (span.ends_on - span.starts_on) / 2
        figure.add_annotation(
            x=middle, y=1, yref="paper", yanchor="top", text=span.label, showarrow=False, font={"color": palette.muted}
        )


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "tickfont": {"color": palette.muted, "size": 12.5},
        "fixedrange": True,
    }


def layout(palette: Palette, height: int, right: int, left: int = 40) -> dict[str, Any]:
    """What all charts share: transparent ground, the page's font, points that can be chosen, nothing that zooms."""
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": 30, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": '"Source Sans", "Source Sans Pro", sans-serif', "color": palette.ink, "size": 12.5},
        "showlegend": False,
        "hovermode": "closest",
        "clickmode": "event+select",
        "dragmode": False,
        "hoverlabel": {"bgcolor": palette.page, "font": {"color": palette.ink}},
    }
