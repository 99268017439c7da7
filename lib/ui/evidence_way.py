"""The way from a client's notes to reading one of them for evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.storage.client_record_queries import NoteHead
from lib.ui import navigation, state, words

_FINAL = frozenset({"signed", "cosigned", "imported"})


def show(client_id: int, notes: Sequence[NoteHead], today: date) -> None:
    """A choice of the final progress notes and a button that opens the chosen one; nothing where there is none."""
    final = {one.id: one for one in notes if one.compartment == "progress" and one.status in _FINAL}
    if not final:
        return

    def told(note_id: int) -> str:
        return f"{words.day(final[note_id].dated_on, today)} (note {note_id})"

    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Note", list(final), format_func=told, key=f"evidence-way-{client_id}", width=260)
        if st.button("Read for evidence", icon=":material/search:", key=f"read-for-evidence-{client_id}"):
            read(client_id, chosen)


def read(client_id: int, note_id: int) -> None:
    """Go to one note of a client to read it for evidence. Navigation only."""
    st.session_state[f"evidence-note-{client_id}"] = note_id
    state.open_client(client_id)
    navigation.open_page("pages/clinician/evidence.py")
