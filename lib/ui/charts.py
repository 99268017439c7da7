"""Charts: measures and markers over dates, drawn with Plotly. Only the client's page imports it.

No text of a person reaches Plotly, which reads some markup: names of scales, days and figures of our own only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lib.ui import words
from lib.ui.charts_words import LEVELS
from lib.ui.courses import MarkerCourse, MeasureCourse, Point, Span, runs
from lib.ui.palette import Palette

CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
_SYMBOLS = {"clinician": "circle", "client": "diamond-open", "gas": "square-open"}
_SOURCES = {"clinician": "therapist", "client": "client", "gas": "goals"}
_APART = {"clinician": 0, "client": 2, "gas": 4}  # days, so that no source hides another


def measure_figure(course: MeasureCourse, palette: Palette, today: date) -> go.Figure:
    """One scale over dates: its whole range, band and cut-off named, breaks shaded, gaps open, sessions on the floor.

    Every point carries the id of its form as customdata, so that a click can show the answers behind it."""
    figure = go.Figure(layout=layout(palette, height=330, right=118))
    figure.update_xaxes(range=_days_shown(course), **_axis(palette), **_ticks(course), showgrid=False)
    floor = course.low - (course.high - course.low) * 0.07
    figure.update_yaxes(range=[floor, course.high], **_axis(palette), zeroline=False)
    _draw_band(figure, course, palette)
    for span in course.breaks:
        _shade(figure, span, palette)
    _draw_sessions(figure, course, palette, floor)
    for run in runs(course.points, course.breaks):
        figure.add_trace(_run_trace(run, course, palette, today))
    _draw_unscored(figure, course, palette, today)
    _name_last(figure, course, palette)
    return figure


def _run_trace(run: Sequence[Point], course: MeasureCourse, palette: Palette, today: date) -> go.Scatter:
    said = [f"{words.day(p.on, today)}: {words.figure(p.value, course.decimals)}" for p in run]
    return go.Scatter(
        x=[point.on for point in run],
        y=[point.value for point in run],
        customdata=[[point.administration_id] for point in run],
        text=said,
        hovertemplate="%{text}<extra></extra>",
        mode="lines+markers",
        line={"color": palette.accent, "width": 2.2},
        marker={"size": 9, "color": palette.accent},
        selected={"marker": {"color": palette.ink, "size": 12}},
        unselected={"marker": {"opacity": 1}},
    )


def _draw_band(figure: go.Figure, course: MeasureCourse, palette: Palette) -> None:
    names: list[tuple[float, str, str]] = []
    if course.points:
        first = course.points[0].value
        figure.add_hline(y=first, line={"color": palette.faint, "width": 1})
        names.append((first, f"first score {words.figure(first, course.decimals)}", palette.muted))
    if course.band is not None:
        low, high = max(course.low, course.band[0]), min(course.high, course.band[1])
        edge = {"color": palette.faint, "width": 1}
        figure.add_hrect(y0=low, y1=high, fillcolor=palette.band, opacity=1, line=edge, layer="below")
        names.append((high, "within error ↓", palette.muted))
    if course.cutoff is not None:
        figure.add_hline(y=course.cutoff, line={"color": palette.ink, "width": 1, "dash": "dash"})
        names.append((course.cutoff, f"cut-off {words.figure(course.cutoff, 0)}", palette.ink))
    for y, said, colour in apart(names, (course.high - course.low) * 0.065):
        _name(figure, y, said, colour)


def apart(names: list[tuple[float, str, str]], room: float) -> list[tuple[float, str, str]]:
    """The names of lines moved apart where two would stand on each other, in the order of their lines."""
    placed: list[tuple[float, str, str]] = []
    for y, said, colour in sorted(names, key=lambda name: -name[0]):
        highest = placed[-1][0] - room if placed else y
        placed.append((min(y, highest), said, colour))
    return placed


def _draw_sessions(figure: go.Figure, course: MeasureCourse, palette: Palette, floor: float) -> None:
    if not course.sessions:
        return
    height = (course.low - floor) * 0.7
    for held_on in course.sessions:
        line = {"color": palette.faint, "width": 1.2}
        figure.add_shape(type="line", x0=held_on, x1=held_on, y0=floor, y1=floor + height, line=line)
    _name(figure, floor + height / 2, "sessions", palette.muted)


def _draw_unscored(figure: go.Figure, course: MeasureCourse, palette: Palette, today: date) -> None:
    """A form without a score is a cross with words: it is neither a zero nor nothing."""
    if not course.unscored_on:
        return
    height = course.low + (course.high - course.low) * 0.05
    trace = go.Scatter(
        x=list(course.unscored_on),
        y=[height] * len(course.unscored_on),
        mode="markers+text",
        text=["no score"] * len(course.unscored_on),
        textposition="top center",
        textfont={"color": palette.warning, "size": 12.5},
        marker={"symbol": "x-thin", "size": 9, "line": {"color": palette.warning, "width": 2}},
        hovertext=[f"{words.day(on, today)}: filled in, no score" for on in course.unscored_on],
        hoverinfo="text",
    )
    figure.add_trace(trace)


def _name_last(figure: go.Figure, course: MeasureCourse, palette: Palette) -> None:
    if not course.points:
        return
    last = course.points[-1]
    figure.add_annotation(
        x=last.on,
        y=last.value,
        text=f"<b>{words.figure(last.value, course.decimals)}</b>",
        showarrow=False,
        xshift=16,
        font={"color": palette.ink, "size": 14},
    )


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


def _name(figure: go.Figure, y: float, said: str, colour: str) -> None:
    """A line's name stands at the right of the plot: inside the axis range Plotly would clip it."""
    figure.add_annotation(
        x=1.008,
        xref="paper",
        xanchor="left",
        y=y,
        yanchor="middle",
        text=said,
        showarrow=False,
        align="left",
        font={"color": colour, "size": 12.5},
    )


def _shade(figure: go.Figure, span: Span, palette: Palette, named: bool = True, **place: int) -> None:
    figure.add_vrect(
        x0=span.starts_on, x1=span.ends_on, fillcolor=palette.faint, opacity=0.18, line_width=0, layer="below", **place
    )
    if named:
        middle = span.starts_on + (span.ends_on - span.starts_on) / 2
        figure.add_annotation(
            x=middle, y=1, yref="paper", yanchor="top", text=span.label, showarrow=False, font={"color": palette.muted}
        )


def _ticks(course: MeasureCourse) -> dict[str, Any]:
    """Days of the month while a course is short, months when it is long: no name stands there twice."""
    days = (course.ends_on - course.begins_on).days
    if days <= 120:
        return {"tickformat": "%-d %b\n%Y", "nticks": 8}
    return {"tickformat": "%b\n%Y", "dtick": f"M{max(1, round(days / 300))}"}


def _days_shown(course: MeasureCourse) -> list[date]:
    margin = timedelta(days=max(5, (course.ends_on - course.begins_on).days // 40))
    return [course.begins_on - margin, course.ends_on + margin]


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
