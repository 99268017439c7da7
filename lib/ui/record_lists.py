"""Record lists: sessions and notes of one client by their heads; a note's text is opened on the note page."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services.client_record import ClientOverview
from lib.ui import words

NOTE_STATUS = {
    "draft": "draft, not signed",
    "signed": "signed",
    "returned": "returned",
    "cosigned": "co-signed",
    "imported": "imported",
    "retracted": "retracted",
}


def show_sessions(overview: ClientOverview, definitions: Definitions, today: date) -> None:
    """Every session offered, newest first, with how it went and what was agreed."""
    st.header("Sessions", anchor=False)
    if not overview.sessions:
        st.text("No session is on record. A session is recorded with its note.")
        return
    rows = [
        {
            "No.": "" if one.number is None else str(one.number),
            "Day": words.day(one.held_on, today),
            "Attendance": _attendance(one.attendance),
            "Minutes": "" if one.minutes is None else str(one.minutes),
            "Worked on": ", ".join(_part(part, definitions) for part in one.parts),
            "Agreed": one.agreed,
            "Next": words.day(one.next_on, today) if one.next_on else "",
        }
        for one in overview.sessions
    ]
    _table(rows, f"sessions-{overview.client.id}", "Sessions, newest first")


def show_notes(overview: ClientOverview, today: date) -> None:
    """The heads of the notes this person may read."""
    st.header("Notes", anchor=False)
    if not overview.notes:
        st.text("No note is on record that you may read.")
        return
    rows = [
        {
            "Day": words.day(one.dated_on, today),
            "Status": NOTE_STATUS.get(one.status, one.status),
            "Format": one.format.upper() if len(one.format) <= 4 else one.format,
            "Kind": "process note" if one.compartment == "process" else "progress note",
            "Written by": one.author or "imported",
            "File": one.import_file,
        }
        for one in overview.notes
    ]
    if not any(row["File"] for row in rows):
        rows = [{name: cell for name, cell in row.items() if name != "File"} for row in rows]
    _table(rows, f"notes-{overview.client.id}", "Notes, newest first, without their text")


def _table(rows: list[dict[str, str]], key: str, alt: str) -> None:
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        row_height=30,
        height=30 * min(len(rows), 14) + 36,
        key=key,
        alt=alt,
        column_config={name: st.column_config.TextColumn(name) for name in rows[0]},
    )


def _attendance(value: str) -> str:
    known = {kind.value: said for kind, said in ATTENDANCE_WORDS.items()}
    return known.get(value, value) if value != Attendance.ATTENDED else "attended"


def _part(key: str, definitions: Definitions) -> str:
    part = definitions.model.parts.get(key)
    return part.label if part else key
