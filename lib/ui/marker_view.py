"""Marker view: the five growth markers now, in a drawing and in words, and the ten parts of the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.clinical_model import Entries, Marker
from lib.domain.standing import MarkerStanding
from lib.ui import marker_words, words
from lib.ui.charts_words import LEVEL_WORDS
from lib.ui.marker_drawing import WIDER, marker_picture
from lib.ui.strokes import SCRIPT, STYLE

PART_SIGNS = {"consolidated": "●", "under_way": "◐", "not_started": "○"}
PART_WORDS = {"consolidated": "consolidated", "under_way": "under way", "not_started": "not started"}

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_markers",
    css=(_FILES / "marker_rows.css").read_text(encoding="utf-8") + STYLE,
    js=(_FILES / "marker_rows.js").read_text(encoding="utf-8") + SCRIPT,
)


def show_markers(
    standings: Sequence[MarkerStanding], markers: Mapping[str, Marker], contexts: Entries, today: date, key: str
) -> None:
    """One row a marker: its drawing, its level in words, when it was rated, and what it was at first."""
    known = {standing.marker: standing for standing in standings}
    rows = [_row(marker, known.get(marker.key), contexts, today) for marker in markers.values()]
    _mount(key=f"markers-now-{key}", data={"label": "Growth markers now, one row each", "rows": rows})


def _row(marker: Marker, standing: MarkerStanding | None, contexts: Entries, today: date) -> dict[str, Any]:
    mark = marker_words.mark_of(standing, today)
    return {
        "name": marker.label,
        "picture": marker_picture(mark, WIDER).as_data(),
        "inCell": f"{marker.label}: {marker_words.mark_in_cell(mark)}",
        "said": _level_in_words(standing, contexts, today),
        "change": _since_first(standing),
    }


def _level_in_words(standing: MarkerStanding | None, contexts: Entries, today: date) -> str:
    """The estimate with its interval, the therapist's latest rating, and whether sources disagree."""
    if standing is None or (standing.level is None and standing.estimate is None):
        on = standing.not_enough_evidence_on if standing else None
        return f"not enough evidence on {words.day(on, today)}" if on else "not rated yet; this is not a zero"
    said = [_estimate_in_words(standing, today), _rating_in_words(standing, contexts, today)]
    if standing.estimate is not None and standing.estimate.disagreement:
        said.append(f"Sources disagree, {standing.estimate.disagreement}")
    return " · ".join(part for part in said if part)


def _estimate_in_words(standing: MarkerStanding, today: date) -> str:
    if standing.estimate is None:
        return ""
    told = marker_words.level_with_interval(standing.estimate, today)
    return f"{told} (since {words.day(standing.estimate.on, today)})" if told.endswith("old") else told


def _rating_in_words(standing: MarkerStanding, contexts: Entries, today: date) -> str:
    if standing.level is None:
        return "no rating by the therapist"
    said = f"rated {standing.level} {LEVEL_WORDS[standing.level]}, {words.day(standing.rated_on, today)}"
    if standing.context in contexts:
        said += f" ({contexts[standing.context].label.lower()})"
    later = standing.not_enough_evidence_on
    return f"{said}; not enough evidence {words.day(later, today)}" if later else said


def _since_first(standing: MarkerStanding | None) -> str:
    estimate = standing.estimate if standing else None
    return "" if estimate is None else marker_words.change_told(estimate.change, estimate.verdict)


def show_parts(states: Mapping[str, tuple[str, date]], parts: Entries, today: date, key: str) -> None:
    """The ten parts of the work with a sign and a word each; what nobody has marked is not started."""
    told = [_part_told(part.label, states.get(part.key), today) for part in parts.values()]
    half = (len(told) + 1) // 2
    with st.container(horizontal=True, gap="large", key=f"parts-{key}"):
        for lines in (told[:half], told[half:]):
            st.text("\n".join(lines), width="content")


def _part_told(label: str, held: tuple[str, date] | None, today: date) -> str:
    if held is None:
        return f"{PART_SIGNS['not_started']}  {label}, {PART_WORDS['not_started']}"
    state, since = held
    return f"{PART_SIGNS[state]}  {label}, {PART_WORDS[state]} since {words.day(since, today)}"
