"""Import help: what a file may look like, told while none is chosen."""

from __future__ import annotations

import streamlit as st

from lib.ui import plain_table

_SHAPES = (
    ("Scores, a row for each form", "client, date, phq9_1 … phq9_9 (or instrument, item_1 … item_n)"),
    ("Scores, a row for each answer", "client, date, instrument, item, answer"),
    ("Scores as totals only", "client, date, instrument, score; scale where there are several"),
    ("Marker ratings", "client, date, marker, level 0 to 4 or NE; context, evidence if you like"),
    ("Notes in a table", "client, date, text; session, format, modality, minutes, attendance if you like"),
    ("Notes as files", "TXT, MD or DOCX, or a ZIP of them, each named SB-001_2026-11-17.txt: code and day"),
)


def show() -> None:
    """The shapes that are known as they are; any other table's columns are named once on this page."""
    rows = [plain_table.plain_row({"What": what, "Columns, or name": how}) for what, how in _SHAPES]
    plain_table.show(
        rows, ("What", "Columns, or name"), "What", "What a file may look like", "import-shapes", "Columns, or name",
        most=True,
    )  # fmt: skip
    with st.container(key="quiet-import-help"):
        st.text(
            "CSV, TSV or XLSX. The client column holds your own codes; dates are best written 2026-11-17; an empty "
            "cell is a missing answer. Other tables are taken as well: choose one, and say once which column is what."
        )
