"""Note review screen: trainees' notes that wait, the chosen one to read, and the supervisor's word on it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import notes
from lib.services.note_reviews import WaitingNote
from lib.services.notes import NoteText
from lib.ui import app_context, changed_words, errors, gate, note_signing, note_view, plain_table, sheet, words
from lib.ui.note_acts import act, problem
from lib.ui.plain_table import Cell, Kind, Row

OPEN = "note-review-open"  # the note being read; another page may set it before it opens this one
_DONE = "note-review-done"


def show(waiting: Sequence[WaitingNote]) -> None:
    """The list, and the chosen note beside it."""
    done = st.session_state.pop(_DONE, "")
    if done:
        st.text(f"✓ {done}")
    if not waiting:
        st.text("No note of a trainee waits for you.")
        return
    by_id = {str(one.note_id): one for one in waiting}
    left, right = st.columns([2, 3], gap="large")
    with left:
        chosen = _list(waiting)
    if chosen is not None:
        st.session_state[OPEN] = int(chosen)
    open_note = by_id.get(str(st.session_state.get(OPEN))) or waiting[0]
    with right:
        _note(open_note)


def _list(waiting: Sequence[WaitingNote]) -> str | None:
    today, zone = app_context.today(), app_context.now().tzinfo
    rows = [
        Row(
            {
                "Client": Cell(f"{one.name} · {one.code}" if one.name else one.code),
                "Session": Cell(words.day(one.dated_on, today)),
                "By": Cell(one.author, Kind.MUTED),
                "Waits": Cell(
                    words.waiting(one.signed_at.astimezone(zone).date(), today)
                    + (f", returned {one.times_returned}×" if one.times_returned else "")
                ),
            },
            str(one.note_id),
        )
        for one in waiting
    ]
    label = f"{words.count(len(rows), 'note')} to co-sign; choose one to read it"
    return plain_table.show(rows, ("Client", "Session", "By", "Waits"), "Client", label, "notes-to-cosign")


def _note(waiting: WaitingNote) -> None:
    """The words as they were signed, read on the record; then one of two decisions."""
    actor, now = gate.the_actor(), app_context.now()
    with errors.shown_to_the_user(), app_context.writing() as session:
        client, note = notes.client_and_note(session, actor, waiting.note_id, waiting.client_id, now)
    with st.container(key=f"strong-review-{note.id}"):
        st.text(f"{client.name or client.code} · {client.code} · {words.born(client.born_on, now.date())}")
    with st.container(key=f"quiet-review-{note.id}"):
        st.text(f"{note.format_words} · session of {words.full_day(note.dated_on)}")
    note_view.show_text(note)
    if note.given_back is not None:
        with st.expander("What changed since it was given back", expanded=True, key=f"changes-{note.id}"):
            changed_words.show(note.given_back, note.text or "", "What changed", f"changed-words-{note.id}")
    if st.button("Co-sign …", type="primary", key=f"cosign-{note.client_id}-{note.id}"):
        sheet.ask(note_signing.name_of(note.id))
    if sheet.is_open(note_signing.name_of(note.id)):
        note_signing.cosign(client, note.id)
    with st.form(f"return-{note.client_id}-{note.id}", border=False):
        st.text_area("Or give it back with a comment", key=_comment(note), height=100)
        st.form_submit_button("Return it", on_click=_return, args=(note,))
    problem(f"return-{note.id}")


def _return(note: NoteText) -> None:
    comment = st.session_state[_comment(note)]

    def give_back(session: Session, actor: Actor) -> bool:
        notes.return_note(
            session, actor, note.id, note.client_id, comment, app_context.now(),
            definitions=app_context.definitions(),
        )  # fmt: skip
        return True

    if act(f"return-{note.id}", give_back):
        st.session_state[_DONE] = "Returned with your comment."


def _comment(note: NoteText) -> str:
    return f"return-comment-{note.client_id}-{note.id}"
