"""Caseload table: one row a client on one screen, as pictures or as numbers. No chart library here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.domain.clinical_model import Marker
from lib.domain.standing import DueItem, MeasureStanding, StandingDetail
from lib.ui import words
from lib.ui.courses import MeasureCourse, Point
from lib.ui.marker_drawing import marker_picture, markers_picture
from lib.ui.palette import Palette
from lib.ui.sparkline import course_picture

LEGEND = "markers 0–4, dotted = not rated · course: grey = within error of first score, dashes = cut-off"
PAGE = 200  # pictures of thousands of clients at once would keep a browser busy for seconds
Standings = Sequence[tuple[int, StandingDetail]]


def ask_pictures() -> bool:
    """Pictures or Numbers: the same table for eyes, and for sorting and screen readers."""
    choice = st.segmented_control(
        "Show as",
        ["Pictures", "Numbers"],
        default="Pictures",
        required=True,
        key="caseload-view",
        label_visibility="collapsed",
    )
    return choice != "Numbers"


def ask_page(count: int) -> int:
    """Which page of a long list, from 0; a list that fits asks nothing."""
    pages = -(-count // PAGE)
    if pages < 2:
        return 0

    def told(page: int) -> str:
        return f"{page * PAGE + 1:,} to {min((page + 1) * PAGE, count):,} of {count:,}"

    chosen = st.selectbox(
        "Clients shown", range(pages), format_func=told, key=f"caseload-page-{pages}", width=210,
        label_visibility="collapsed",
    )  # fmt: skip
    return int(chosen)


def show(
    standings: Standings,
    markers: Mapping[str, Marker],
    palette: Palette,
    today: date,
    pictures: bool,
    narrow: bool,
    page: int = 0,
) -> int | None:
    """Draw one page of the list, and return the client whose row was chosen, if any."""
    standings = standings[page * PAGE : (page + 1) * PAGE]
    frame = table(standings, markers, palette, today, pictures, narrow)
    event = st.dataframe(
        _styled(frame, [detail for _, detail in standings], palette),
        hide_index=True,
        row_height=30,
        height=30 * max(1, min(len(frame), 20)) + 36,
        on_select="rerun",
        selection_mode="single-row",
        key=f"caseload-{'pictures' if pictures else 'numbers'}-{page}",
        column_config=_columns(frame, markers, pictures, narrow),
        alt=f"Caseload: {words.count(len(frame), 'client')}, one row each; choose a row to open the client",
    )
    chosen = event.selection.rows
    return standings[chosen[0]][0] if chosen and chosen[0] < len(standings) else None


def table(
    standings: Standings, markers: Mapping[str, Marker], palette: Palette, today: date, pictures: bool, narrow: bool
) -> pd.DataFrame:
    """The rows as a frame, columns in the order they are shown."""
    rows = []
    shows_readiness = any(detail.readiness_for is not None for _, detail in standings)
    for _, detail in standings:
        row: dict[str, Any] = {
            "Client": detail.name or detail.code,
            "Code": detail.code,
            "Session": detail.sessions_held,
        }
        row |= _marker_cells(detail, markers, palette, pictures, narrow)
        row |= _measure_cells(detail, palette, today, pictures)
        row |= {"Seen": words.day(detail.last_seen_on, today), "Due": due_in_words(detail.due, today)}
        if shows_readiness:
            row["For closure"] = _readiness(detail)
        rows.append(row)
    frame = pd.DataFrame(rows)
    dropped = ["Code", "Session", "Measure", "For closure"] if narrow else ([] if pictures else ["Code"])
    return frame.drop(columns=[name for name in dropped if name in frame])


def due_in_words(due: Sequence[DueItem], today: date) -> str:
    """The first thing that falls due, and how late it is; empty when nothing is."""
    if not due:
        return ""
    first = min(due, key=lambda item: item.due_on)
    late = (today - first.due_on).days
    if late > 0:
        return f"{first.what} {late} d late"
    return f"{first.what} today" if late == 0 else f"{first.what} {words.day(first.due_on, today)}"


def course_of(measure: MeasureStanding, today: date) -> MeasureCourse:
    """The main measure's course as a drawing needs it; the axis runs from the first score to today."""
    band = None
    if measure.error_low is not None and measure.error_high is not None:
        band = (measure.error_low, measure.error_high)
    return MeasureCourse(
        name=measure.name,
        low=measure.low,
        high=measure.high,
        decimals=measure.decimals,
        points=tuple(Point(on, value) for on, value in measure.series),
        begins_on=measure.series[0][0] if measure.series else measure.first_on,
        ends_on=max(today, measure.latest_on),
        band=band,
        cutoff=measure.cutoff,
    )


def _marker_cells(
    detail: StandingDetail, markers: Mapping[str, Marker], palette: Palette, pictures: bool, narrow: bool
) -> dict[str, Any]:
    levels = {marker.marker: marker.level for marker in detail.markers}
    if narrow:
        listed = [levels.get(key) for key in markers]
        return {"Markers": markers_picture(listed, palette) if pictures else "  ".join(_short(one) for one in listed)}
    return {
        marker.label: marker_picture(levels.get(key), palette) if pictures else words.level(levels.get(key))
        for key, marker in markers.items()
    }


def _short(level: int | None) -> str:
    return "–" if level is None else str(level)


def _measure_cells(detail: StandingDetail, palette: Palette, today: date, pictures: bool) -> dict[str, Any]:
    main = detail.main
    cells: dict[str, Any] = {"Measure": main.name if main else "–"}
    if pictures:
        empty = MeasureCourse("", 0, 1, 0, (), today, today)
        cells["Course"] = course_picture(course_of(main, today) if main else empty, palette)
    cells["Now"] = words.figure(main.latest if main else None, min(1, main.decimals) if main else 0)
    cells["Since first score"] = words.verdict(main.verdict if main else None, main.points if main else 0)
    return cells


def _readiness(detail: StandingDetail) -> str:
    if detail.readiness_for is None or detail.readiness_against is None:
        return ""
    return f"{detail.readiness_for} for · {detail.readiness_against} against"


def _columns(frame: pd.DataFrame, markers: Mapping[str, Marker], pictures: bool, narrow: bool) -> dict[str, Any]:
    config = st.column_config
    widths = {"Client": 110, "Code": 70, "Measure": 110, "Now": 52, "Since first score": 148, "Seen": 70, "Due": 120}
    if narrow:
        widths |= {"Client": 100, "Now": 44, "Since first score": 124, "Seen": 60, "Due": 106}
    found: dict[str, Any] = {name: config.TextColumn(name, width=width) for name, width in widths.items()}
    found["Session"] = config.NumberColumn("Session", width=62, format="%d")
    labels = ["Markers"] if narrow else [marker.label for marker in markers.values()]
    for label in labels:
        wide = 170 if narrow else 76
        wide = max(wide, 8 * len(label))
        found[label] = config.ImageColumn(label, width=wide) if pictures else config.TextColumn(label, width=wide + 8)
    if pictures:
        found["Course"] = config.ImageColumn("Course", width=118 if narrow else 128)
    return {name: column for name, column in found.items() if name in frame}


def _styled(frame: pd.DataFrame, details: Sequence[StandingDetail], palette: Palette) -> Any:
    """Quiet columns muted, what is worse or late in the warning colour; the word says it too."""
    colours = pd.DataFrame("", index=frame.index, columns=frame.columns)
    for name in ("Code", "Measure"):
        if name in frame:
            colours[name] = f"color: {palette.muted}"
    for row, detail in enumerate(details):
        if detail.main is None or detail.main.points < 2 or detail.main.verdict in ("unchanged", "undetermined"):
            colours.loc[row, "Since first score"] = f"color: {palette.muted}"
        elif detail.main.verdict in words.WORSE:
            colours.loc[row, "Since first score"] = f"color: {palette.warning}"
        if str(frame.loc[row, "Due"]).endswith("late"):
            colours.loc[row, "Due"] = f"color: {palette.warning}"
    return frame.style.apply(lambda _: colours, axis=None)
