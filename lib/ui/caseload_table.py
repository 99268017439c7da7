"""Caseload table: one row a client on one screen, as pictures or as numbers. No chart library, no grid library here.

The browser's half is components/caseload_table.js: it finds, sorts and switches; only opening a client comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.clinical_model import Marker
from lib.domain.standing import NOTHING, DueItem, MeasureStanding, StandingDetail
from lib.services.readiness import EndingChoice
from lib.ui import marker_words, words
from lib.ui.courses import MeasureCourse, Point
from lib.ui.marker_drawing import marker_picture, markers_picture
from lib.ui.sparkline import course_picture
from lib.ui.strokes import SCRIPT, STYLE, Picture

LEGEND = "markers 0–4 with 95 % interval, dotted = not rated · course: grey = error of first score, dashes = cut-off"
PAGE = 200  # pictures of thousands of clients at once would keep a browser busy for seconds
Standings = Sequence[tuple[int, StandingDetail]]
Cell = dict[str, Any]  # text, what it is sorted by (None: nothing there), and where they differ picture and tone

_ONLY_WIDE = ("Code", "Session", "Measure", "Ending")
_KINDS = {"Client": "name", "Session": "figure", "Now": "figure", "Course": "drawing"}  # every other is text
_UNSORTED = ("Course", "Markers")
_BEST_FIRST = list(words.VERDICTS)
_DECIDED = {EndingChoice.NOT_YET: "not yet", EndingChoice.END_NOW: "to end now"}
_NEEDS_ME, _DUE = "Needs me", "Due"
_NO_COURSE = MeasureCourse("", 0, 1, 0, (), date.min, date.min)
_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_caseload",
    css=(_FILES / "caseload_table.css").read_text(encoding="utf-8") + STYLE,
    js=(_FILES / "caseload_table.js").read_text(encoding="utf-8") + SCRIPT,
    isolate_styles=False,  # in the page's own tree: the benchmark sees when the table is drawn
)


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


def show(standings: Standings, markers: Mapping[str, Marker], today: date, narrow: bool, page: int = 0) -> int | None:
    """Draw one page of the list, and return the client whose row was chosen, if any."""
    shown = standings[page * PAGE : (page + 1) * PAGE]
    data = table(shown, markers, today, narrow)
    data["find"] = len(shown) == len(standings)  # in a list of several pages it would find one page's clients only
    if not data["find"]:
        data["filters"] = []
    told = _mount(key=f"caseload-{page}", data=data, on_opened_change=lambda: None)
    return chosen_of(told.get("opened"), shown)


def chosen_of(told: object, shown: Standings) -> int | None:
    """The client the browser asks to open, if it is one of those shown; anything else opens nothing."""
    if not isinstance(told, int) or isinstance(told, bool):
        return None
    return told if any(client_id == told for client_id, _ in shown) else None


def table(standings: Standings, markers: Mapping[str, Marker], today: date, narrow: bool) -> dict[str, Any]:
    """What the browser draws: columns in their order, one row a client, each different picture once."""
    pictures: dict[Picture, int] = {}
    shows_ending = any(detail.ending is not None and detail.is_open for _, detail in standings)
    rows, names = [], ["Client"]
    for client_id, detail in standings:
        cells = _cells(detail, markers, today, narrow)
        if shows_ending:
            cells["Ending"] = _ending(detail, today)
        names = [name for name in cells if not (narrow and name in _ONLY_WIDE)]
        for cell in cells.values():
            if "picture" in cell:
                cell["picture"] = pictures.setdefault(cell["picture"], len(pictures))
        find = f"{detail.name} {detail.code}"
        belongs = _belongs(detail, today)
        listed = [cells[name] for name in names]
        rows.append({"id": client_id, "find": find, "code": detail.code, "belongs": belongs, "cells": listed})
    return {
        "label": f"Caseload: {words.count(len(rows), 'client')}, one row each; choose a row to open the client",
        "legend": "" if narrow else LEGEND,
        "columns": [
            {"label": name, "kind": _KINDS.get(name, "text"), "sorts": name not in _UNSORTED} for name in names
        ],
        "rows": rows,
        "filters": _filters(rows),
        "pictures": [picture.as_data() for picture in pictures],
    }


def _belongs(detail: StandingDetail, today: date) -> list[str]:
    """The filters this client is shown by."""
    main = detail.main
    said = words.verdict(main.verdict, main.points) if main is not None else words.verdict(None, 0)
    needs = [_NEEDS_ME] if detail.attention_on(today) != NOTHING else []
    return [*needs, *([_DUE] if any(item.due_on <= today for item in detail.due) else []), said]


def _filters(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Needs me, due, and the verdicts that somebody has, the best first."""
    there = {name for row in rows for name in row["belongs"]}
    verdicts = [words.verdict(verdict, 2) for verdict in _BEST_FIRST]
    known = [_NEEDS_ME, _DUE, *verdicts]
    return [name for name in known if name in there] + sorted(there - set(known))


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


def _cells(detail: StandingDetail, markers: Mapping[str, Marker], today: date, narrow: bool) -> dict[str, Cell]:
    """The cells of one client by the name of their column, in the order they are shown."""
    name = detail.name or detail.code
    cells = {
        "Client": _cell(name, name),
        "Code": _cell(detail.code, detail.code, tone="quiet"),
        "Session": _cell(str(detail.sessions_held), detail.sessions_held),
    }
    cells |= _marker_cells(detail, markers, today, narrow)
    cells |= _measure_cells(detail, today)
    seen, due = detail.last_seen_on, due_in_words(detail.due, today)
    first_due = min((item.due_on.isoformat() for item in detail.due), default=None)
    cells["Seen"] = _cell(words.day(seen, today), seen.isoformat() if seen else None)
    cells["Due"] = _cell(due, first_due, tone="warning" if due.endswith("late") else "")
    return cells


def _cell(text: str, sort: str | float | None, *, picture: Picture | None = None, tone: str = "") -> Cell:
    cell: Cell = {"text": text, "sort": sort}
    if picture is not None:
        cell["picture"] = picture
    if tone:
        cell["tone"] = tone
    return cell


def _marker_cells(detail: StandingDetail, markers: Mapping[str, Marker], today: date, narrow: bool) -> dict[str, Cell]:
    """Five small bars with their intervals; the same in words where pictures are off."""
    known = {marker.marker: marker for marker in detail.markers}
    marks = {key: marker_words.mark_of(known.get(key), today) for key in markers}
    if narrow:
        told = "  ".join("–" if mark.level is None else words.level(round(mark.level, 1)) for mark in marks.values())
        return {"Markers": _cell(told, None, picture=markers_picture(list(marks.values())))}
    return {
        marker.label: _cell(marker_words.mark_in_cell(marks[key]), marks[key].level, picture=marker_picture(marks[key]))
        for key, marker in markers.items()
    }


def _measure_cells(detail: StandingDetail, today: date) -> dict[str, Cell]:
    main = detail.main
    if main is None:
        return {
            "Measure": _cell("–", None, tone="quiet"),
            "Course": _cell("no score", None, picture=course_picture(_NO_COURSE)),
            "Now": _cell(words.figure(None, 0), None),
            "Since first score": _cell(words.verdict(None, 0), None, tone="quiet"),
        }
    scores = ", ".join(words.figure(value, min(1, main.decimals)) for _, value in main.series)
    place = _BEST_FIRST.index(main.verdict) if main.points > 1 and main.verdict in _BEST_FIRST else None
    return {
        "Measure": _cell(main.name, main.name, tone="quiet"),
        "Course": _cell(scores or "no score", None, picture=course_picture(course_of(main, today))),
        "Now": _cell(words.figure(main.latest, min(1, main.decimals)), main.latest),
        "Since first score": _cell(words.verdict(main.verdict, main.points), place, tone=_tone(main)),
    }


def _tone(main: MeasureStanding) -> str:
    """Worse in the warning colour, what says nothing yet quiet; the sign and the word say it too."""
    if main.points < 2 or main.verdict in ("unchanged", "undetermined"):
        return "quiet"
    return "warning" if main.verdict in words.WORSE else ""


def _ending(detail: StandingDetail, today: date) -> dict[str, Any]:
    """What was decided last about ending, a planned one by its day; never a number made of the reasons."""
    ending = detail.ending
    if ending is None or not detail.is_open:
        return _cell("", None)
    if ending.planned_on is not None:
        return _cell(words.day(ending.planned_on, today), ending.planned_on.toordinal())
    return _cell(_DECIDED.get(EndingChoice(ending.choice), ""), None)
