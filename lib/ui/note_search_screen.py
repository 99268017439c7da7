"""Note search screen: one line to type in, hits as plain text with what was found marked, and the note beside them.

The browser's half is components/note_hits.js. Every run asks the service anew: who may no longer see, sees nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.people import Actor, Permission
from lib.services import note_search, notes
from lib.services.note_search import Found, Hit
from lib.ui import app_context, errors, gate, navigation, note_view, state, words

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_note_hits",
    css=(_FILES / "note_hits.css").read_text(encoding="utf-8"),
    js=(_FILES / "note_hits.js").read_text(encoding="utf-8"),
)
_HOW = (
    'Words that all stand in one note. "In quotes": exactly this. A star finds beginnings: clos* finds close, closer, '
    "closeness. Process notes, retracted notes and notes that others are still writing are never searched."
)


def show(actor: Actor, open_client: int | None) -> None:
    """The whole screen. `open_client` is offered as the one client to look at."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        question = st.text_input(
            "Words", key="note-search-words", max_chars=200, width=440, placeholder='trap  "let him in"  clos*'
        )
        one_client = _whose(actor, open_client)
    if not question.strip():
        with st.container(key="quiet-how-to-search", width=760):
            st.text(_HOW)
        return
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        found = note_search.search_notes(session, actor, question, now, one_client)
    hits, note = st.columns([3, 2], gap="large")
    with hits:
        chosen = _hits(found)
    with note:
        if chosen is not None:
            _note(chosen)


def _whose(actor: Actor, open_client: int | None) -> int | None:
    """Only the open client's notes, when asked for; told by name, so that nobody wonders whose they are."""
    if open_client is None:
        return None
    with app_context.reading() as session:
        told = note_search.name_to_search(session, actor, open_client, app_context.now())
    if told is None:
        return None
    everybody = "All my clients" if actor.has(Permission.WRITE_CLINICAL_RECORD) else "All clients I may read"
    names = {0: everybody, open_client: told}
    key = f"note-search-whose-{open_client}"
    chosen = st.selectbox("In notes about", list(names), format_func=names.__getitem__, key=key, width=300)
    return open_client if chosen == open_client else None


def _hits(found: Found) -> Hit | None:
    """The list of hits; the one whose note is open."""
    with st.container(key="quiet-hits"):
        st.text(_count(found))
    if not found.hits:
        return None
    by_id = {hit.note_id: hit for hit in found.hits}
    if st.session_state.get("note-search-open") not in by_id:
        st.session_state.pop("note-search-open", None)
    told = _mount(
        key="note-hits", data=_data(found, st.session_state.get("note-search-open")), on_opened_change=lambda: None
    ).get("opened")
    if isinstance(told, int) and told in by_id and st.session_state.get("note-search-open") != told:
        st.session_state["note-search-open"] = told
        st.rerun()  # the list marks the open one
    return by_id.get(st.session_state.get("note-search-open", 0))


def _count(found: Found) -> str:
    if not found.hits:
        return "No note holds all of this."
    told = words.count(found.count, "note")
    return told if found.count <= len(found.hits) else f"{told}; the newest {len(found.hits)} are shown."


def _data(found: Found, open_id: int | None) -> dict[str, Any]:
    today = app_context.today()
    return {
        "label": "Notes found",
        "open": open_id or 0,
        "hits": [
            {
                "id": hit.note_id,
                "who": f"{hit.name} · {hit.code}" if hit.name else hit.code,
                "when": words.day(hit.dated_on, today),
                "what": " · ".join(one for one in (hit.author, hit.status_words) if one),
                "places": [[[piece.text, piece.is_hit] for piece in place] for place in hit.extracts],
            }
            for hit in found.hits
        ],
    }


def _note(hit: Hit) -> None:
    """The whole note, read on the record, and the way to its client."""
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        note = notes.note_of_client(session, actor, hit.note_id, hit.client_id, app_context.now())
    with st.container(key=f"strong-found-{hit.note_id}"):
        st.text(f"{hit.name or hit.code} · {hit.code} · {words.full_day(hit.dated_on)}")
    note_view.show_text(note)
    with st.container(horizontal=True):
        if st.button("Open the client", key=f"found-client-{hit.note_id}"):
            state.open_client(hit.client_id)
            navigation.open_page("pages/clinician/client.py")
        if actor.has(Permission.WRITE_CLINICAL_RECORD) and st.button("Open notes", key=f"found-notes-{hit.note_id}"):
            state.open_client(hit.client_id)
            state.read_note(hit.client_id, hit.note_id)
            navigation.open_page("pages/clinician/session_note.py")
