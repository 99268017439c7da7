"""Episode baselines: in a second course of therapy, the change since it began beside that since the very first."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.services.client_record import ClientOverview
from lib.ui import plain_table, words

_COLUMNS = ("Measure", "This episode", "Since the very first score")


def show(overview: ClientOverview, today: date) -> None:
    """One row a measure whose first score lies in an earlier course; nothing where there is none."""
    whole = {one.measure: one for one in overview.measures}
    rows = [
        plain_table.plain_row(
            {
                "Measure": one.name,
                "This episode": f"From {words.day(one.first_on, today)}: {one.sentence}",
                "Since the very first score": f"From {words.day(earlier.points[0].taken_on, today)}:"
                f" {earlier.change.sentence}",
            }
        )
        for one in overview.standing.measures
        if (earlier := whole.get(one.measure)) is not None and earlier.points[0].taken_on < one.first_on
    ]
    if rows:
        st.header("Two courses of therapy", anchor=False)
        plain_table.show(rows, _COLUMNS, "Measure", "Change by episode", f"baselines-{overview.client.id}")
