"""Record lists: sessions and notes of one client by their heads; a press on a day opens its note on the note page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.people import Actor, Permission
from lib.domain.process import ATTENDANCE_WORDS, Attendance
from lib.services.client_record import ClientOverview
from lib.ui import navigation, plain_table, state, words
from lib.ui.plain_table import Cell, Row

NOTE_STATUS = {
    "draft": "draft, not signed",
    "signed": "signed",
    "returned": "returned",
    "cosigned": "co-signed",
    "imported": "imported",
    "retracted": "retracted",
}


def show_sessions(actor: Actor, overview: ClientOverview, definitions: Definitions, today: date) -> None:
    """Every session offered, newest first, with how it went and what was agreed; its day opens its note."""
    st.header("Sessions", anchor=False)
    if not overview.sessions:
        st.text("No session is on record. A session is recorded with its note.")
        return
    noted = {one.session_id: str(one.id) for one in overview.notes if one.compartment == "progress"}
    rows = {
        one.id: {
            "No.": "" if one.number is None else str(one.number),
            "Day": _unbroken(words.day(one.held_on, today)),
            "Attendance": _attendance(one.attendance),
            "Minutes": "" if one.minutes is None else str(one.minutes),
            "Worked on": ", ".join(_part(part, definitions) for part in one.parts),
            "Agreed": one.agreed,
            "Next": _unbroken(words.day(one.next_on, today)) if one.next_on else "",
        }
        for one in overview.sessions
    }
    opening = {session_id: noted.get(session_id, "") for session_id in rows}
    _table(actor, overview, rows, opening, f"sessions-{overview.client.id}", "Sessions, newest first")


def show_notes(actor: Actor, overview: ClientOverview, today: date) -> None:
    """The heads of the notes this person may read; the day opens the note."""
    st.header("Notes", anchor=False)
    if not overview.notes:
        st.text("No note is on record that you may read.")
        return
    rows = {
        one.id: {
            "Day": _unbroken(words.day(one.dated_on, today)),
            "Status": NOTE_STATUS.get(one.status, one.status),
            "Format": one.format.upper() if len(one.format) <= 4 else one.format,
            "Kind": "process note" if one.compartment == "process" else "progress note",
            "Written by": one.author or "imported",
            "File": one.import_file,
        }
        for one in overview.notes
    }
    if not any(row["File"] for row in rows.values()):
        rows = {key: {name: cell for name, cell in row.items() if name != "File"} for key, row in rows.items()}
    label = "Notes, newest first, without their text"
    _table(actor, overview, rows, {key: str(key) for key in rows}, f"notes-{overview.client.id}", label)


def _table(
    actor: Actor,
    overview: ClientOverview,
    rows: Mapping[int, Mapping[str, str]],
    opening: Mapping[int, str],
    key: str,
    label: str,
) -> None:
    """`opening`: the note that a row opens, by its id, for whom the note page opens."""
    opens = actor.has(Permission.WRITE_CLINICAL_RECORD)
    drawn = [
        Row({name: Cell(text) for name, text in row.items()}, opening[row_id] if opens else "")
        for row_id, row in rows.items()
    ]
    columns = tuple(next(iter(rows.values())))
    chosen = plain_table.show(drawn, columns, "Day", label, key)
    if chosen:
        state.open_client(overview.client.id)
        state.read_note(overview.client.id, int(chosen))
        navigation.open_page("pages/clinician/session_note.py")


def _unbroken(day: str) -> str:
    """A day that stays on one line where columns are narrow."""
    return day.replace(" ", "\u00a0")


def _attendance(value: str) -> str:
    known = {kind.value: said for kind, said in ATTENDANCE_WORDS.items()}
    return known.get(value, value) if value != Attendance.ATTENDED else "attended"


def _part(key: str, definitions: Definitions) -> str:
    part = definitions.model.parts.get(key)
    return part.label if part else key
