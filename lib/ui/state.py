"""State: which client this person is looking at. Navigation only: nothing that writes reads it."""

from __future__ import annotations

import streamlit as st

_OPEN_CLIENT = "open_client_id"
_ADDRESS = "client"
_PERSON = "state_belongs_to"
_READ_NOTE = "read-note-{}"


def open_client_id() -> int | None:
    """The client being looked at, if any. Writes take the id bound in their own widget key or payload instead."""
    held = st.session_state.get(_OPEN_CLIENT)
    return held if isinstance(held, int) else None


def open_client(client_id: int | None) -> None:
    """Look at this client from now on; None closes the record."""
    st.session_state[_OPEN_CLIENT] = client_id


def read_note(client_id: int, note_id: int) -> None:
    """Have this note unfolded where the client's notes are next shown. Navigation only."""
    st.session_state[_READ_NOTE.format(client_id)] = note_id


def note_to_read(client_id: int) -> int | None:
    """The note that was asked for, if any."""
    held = st.session_state.get(_READ_NOTE.format(client_id))
    return held if isinstance(held, int) else None


def keep_in_address() -> None:
    """Let a refresh of the browser come back to the same record: the address carries the number of the client.

    It opens nothing by itself: every service asks again whether this actor may know of the client."""
    told = st.query_params.get(_ADDRESS, "")
    if open_client_id() is None and told.isascii() and told.isdigit() and len(told) <= 9:
        open_client(int(told))
    held = open_client_id()
    if held is not None and told != str(held):
        st.query_params[_ADDRESS] = str(held)
    elif held is None and told:
        del st.query_params[_ADDRESS]


def belongs_to(person: str) -> None:
    """Forget everything a tab held for somebody else: a socket may come back under another sign-in."""
    if st.session_state.get(_PERSON, person) != person:
        st.session_state.clear()
    st.session_state[_PERSON] = person
