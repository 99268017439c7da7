"""Note retraction: taking a note back from under the wrong client, both clients told in full, on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import notes
from lib.services.notes import NoteText
from lib.storage.note_queries import ClientChoice
from lib.ui import app_context, note_view, sheet, state, words
from lib.ui.note_acts import act, password_field, problem


def name_of(note_id: int) -> str:
    """The sheet of this note, as it is asked for."""
    return f"retract-note-{note_id}"


@st.dialog("This note belongs to another client", width="large", on_dismiss=sheet.put_away)
def retract(note: NoteText, choices: Sequence[ClientChoice]) -> None:
    """The words as they stand, whose record they leave and whose they go to, why, and the password again."""
    told = {one.id: _told(one) for one in choices}
    done: tuple[int, bool] | None = st.session_state.get(_done(note))
    if done is not None:
        _moved(note, *done, told)
        return
    with st.container(key=f"strong-retract-{note.id}"):
        st.text(f"It stands under: {told.get(note.client_id, 'this client')}")
    with st.container(height=160):
        note_view.plain(note.text or "", f"to-retract-{note.id}")
    others = [one for one in told if one != note.client_id]
    with st.form(f"retract-{note.client_id}-{note.id}", border=False):
        st.selectbox(
            "It belongs to", others, index=None, key=f"right-client-{note.id}", format_func=told.__getitem__,
            placeholder="another client of yours",
        )  # fmt: skip
        st.text_input("How it came to be here", key=f"retract-reason-{note.id}")
        st.text(
            "The words are hidden here and marked as retracted, with the reason. Their author gets them as a draft "
            "under the right client. What was noted of the meeting goes along, unless scores or another note hang on "
            "it. Both records keep a trace; evidence taken from the note no longer counts."
        )
        password_field(f"retract-password-{note.id}")
        st.form_submit_button("Retract and move", type="primary", on_click=_retract, args=(note,))
    problem(f"retract-{note.id}")


def _moved(note: NoteText, right_id: int, has_draft: bool, told: dict[int, str]) -> None:
    if has_draft:
        st.text("Retracted. The words are a draft now, under:")
    else:
        st.text(f"Retracted. The words were {note.author}'s, so there is no draft; write the note anew, under:")
    with st.container(key=f"strong-moved-{note.id}"):
        st.text(told.get(right_id, ""))
    with st.container(horizontal=True):
        if st.button("Open that client", type="primary", key=f"moved-open-{note.id}"):
            _put_away(note)
            state.open_client(right_id)
            st.rerun()
        if st.button("Stay here", key=f"moved-stay-{note.id}"):
            _put_away(note)
            st.rerun()


def _put_away(note: NoteText) -> None:
    del st.session_state[_done(note)]
    sheet.put_away()


def _retract(note: NoteText) -> None:
    right_id = st.session_state[f"right-client-{note.id}"] or note.client_id  # none chosen: refused in words
    reason = st.session_state[f"retract-reason-{note.id}"]
    password = st.session_state.get(f"retract-password-{note.id}") or ""

    def take_back(session: Session, actor: Actor) -> tuple[int, bool]:
        draft_id = notes.retract_note(
            session, actor, note.id, note.client_id, reason, password, app_context.now(),
            belongs_to_client_id=right_id, definitions=app_context.definitions(),
        )  # fmt: skip
        return right_id, draft_id is not None

    done = act(f"retract-{note.id}", take_back)
    if done is not None:
        st.session_state[_done(note)] = done


def _told(client: ClientChoice) -> str:
    return f"{client.name or client.code} · {client.code} · {words.born(client.born_on, app_context.today())}"


def _done(note: NoteText) -> str:
    return f"retracted-{note.id}"
