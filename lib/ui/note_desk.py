"""Note desk: choosing the client, the note being written beside what was written before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from lib.domain.note_tools import Template
from lib.domain.people import Actor
from lib.services import note_tools, notes
from lib.services.notes import NotePage, NoteText
from lib.storage.note_queries import ClientChoice
from lib.ui import (
    app_context,
    errors,
    navigation,
    note_acts,
    note_editor,
    note_forms,
    note_signing,
    note_view,
    quick_entry,
    session_facts,
    sheet,
    state,
    words,
)


def choose_client(choices: Sequence[ClientChoice], open_id: int | None, asked: str = "Whom is the note about?") -> None:
    """Which client to write for: navigation only, each write is bound to its own client."""
    # The browser answers with the label, so a label that changed between runs would choose nobody.
    told = {one.id: f"{one.name} · {one.code}" if one.name else one.code for one in choices}
    ids, key = list(told), f"note-client-{open_id}"

    def opened() -> None:
        chosen = st.session_state[key]
        if chosen in told:
            state.open_client(chosen)

    st.selectbox(
        "Client",
        ids,
        index=ids.index(open_id) if open_id in told else None,
        key=key,
        width=420,
        placeholder=asked,
        format_func=told.__getitem__,
        on_change=opened,
    )


def waiting(choices: Sequence[ClientChoice]) -> None:
    """Where own notes are still to be signed, one press away."""
    unsigned = [one for one in choices if one.unsigned]
    if not unsigned:
        st.text("All your notes are signed.")
    for one in unsigned:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=300):
                st.text(f"{one.name or one.code} · {one.code}")
            with st.container(key=f"quiet-waiting-{one.id}", width=150):
                st.text(f"{words.count(one.unsigned, 'note')} to sign")
            st.button("Open", key=f"open-waiting-{one.id}", on_click=state.open_client, args=(one.id,))


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk of one client: sessions and notes, and what makes the open note quick to write.

    `scores`: lines for each note that is still written in, by its id; `phrases`: the writer's own."""

    page: NotePage
    scores: Mapping[int, Sequence[str]]
    phrases: Mapping[str, str]
    templates: Sequence[Template]


def read_desk(actor: Actor, client_id: int) -> Desk:
    """The client's notes and sessions. A run that only saved words shows what this tab was shown before: it is no
    new reading, and no new event. The editor holds the words themselves."""
    shown = (client_id, st.session_state.get(f"open-note-{client_id}"))
    held = st.session_state.get(note_acts.SHOWN)
    if note_editor.only_saved() and held is not None and held[0] == shown:
        desk: Desk = held[1]
        return desk
    now, definitions = app_context.now(), app_context.definitions()
    with errors.shown_to_the_user(), app_context.writing() as session:
        page = notes.note_page(session, actor, client_id, now)
        scores = {
            note.id: note_tools.scores_for_note(session, actor, client_id, note.dated_on, now, definitions)
            for note in _writable(page)
        }
        offered = [one for one in note_tools.templates(session, actor) if not one.is_retired]
        desk = Desk(page, scores, note_tools.own_phrases(session, actor), offered)
    st.session_state[note_acts.SHOWN] = (shown, desk)
    return desk


def show(actor: Actor, desk: Desk, choices: Sequence[ClientChoice]) -> None:
    """The desk of one client."""
    page = desk.page
    note = _open_note(page)
    left, right = st.columns([3, 2], gap="large")
    with left:
        if note is None:
            _identity(page)
            note_editor.deliver_unsaved(actor)
            _other_drafts(page, None)
            note_forms.begin(page, desk.templates)
        else:
            _write(actor, desk, note, choices)
    with right:
        note_view.history(page, note, lambda one: note_forms.afterwards(one, choices))


def _identity(page: NotePage) -> None:
    with st.container(key=f"strong-desk-{page.client.client_id}"):
        st.text(_whose(page))


def _whose(page: NotePage) -> str:
    client = page.client
    return f"{client.name or client.code} · {client.code} · {words.born(client.born_on, app_context.today())}"


def _open_note(page: NotePage) -> NoteText | None:
    """The own note being written: the one chosen or just begun, at first the newest.

    When that one can no longer be written in, none takes its place by itself: somebody may be typing."""
    writable, name = _writable(page), f"open-note-{page.client.client_id}"
    if name not in st.session_state and writable:
        st.session_state[name] = writable[0].id
    return next((note for note in writable if note.id == st.session_state.get(name)), None)


def _writable(page: NotePage) -> list[NoteText]:
    return [note for note in page.notes if note.may_be_written]


def _write(actor: Actor, desk: Desk, note: NoteText, choices: Sequence[ClientChoice]) -> None:
    page, client = desk.page, desk.page.client
    _other_drafts(page, note)
    focus = st.session_state.pop("focus-note", None) == note.id
    for review in note.reviews[-1:]:
        if review.decision == "returned":
            with st.container(border=True, key=f"returned-{note.id}"):
                with st.container(key=f"strong-returned-{note.id}"):
                    st.text(f"Returned by {review.supervisor}, {note_view.moment(review.decided_at)}")
                st.text(review.comment)
    note_editor.edit(
        actor, note, client.name, client.code, client.born_on,
        focus=focus, scores=desk.scores.get(note.id, ()), phrases=desk.phrases,
    )  # fmt: skip
    by_key = note_editor.asked_to_sign(client.client_id, note.id)
    with st.container(horizontal=True):
        if st.button("Sign …", type="primary", key=f"sign-{client.client_id}-{note.id}") or by_key:
            sheet.ask(note_signing.name_of(note.id))
        if st.button("Rate markers", key=f"note-markers-{client.client_id}"):
            st.session_state[f"measures-what-{client.client_id}"] = "Marker rating"
            navigation.open_page("pages/clinician/measures.py")
        note_forms.afterwards(note, choices, addendum=False)
    if sheet.is_open(note_signing.name_of(note.id)):
        note_signing.sign(client, note.id)
    session = next((one for one in page.sessions if one.id == note.session_id), None)
    if session is not None:
        before = next((one for one in page.sessions if one.held_on < session.held_on), None)
        session_facts.show(client.client_id, session, before)
    # What else the hour left behind, in one line each; its day is the session's.
    quick_entry.show(actor, client.client_id, _whose(page), note.dated_on)
    with st.expander("Another note", key=f"another-{client.client_id}"):
        note_forms.begin(page, desk.templates)


def _other_drafts(page: NotePage, open_note: NoteText | None) -> None:
    """The own notes that wait beside the open one. Buttons, since two notes of a day may be called the same."""
    others = [one for one in _writable(page) if open_note is None or one.id != open_note.id]
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text("Not signed yet:")
        for one in others:
            st.button(
                f"{words.day(one.dated_on, app_context.today())}, {one.compartment}",
                key=f"open-note-{one.client_id}-{one.id}-button",
                on_click=st.session_state.update,
                args=({f"open-note-{one.client_id}": one.id},),
            )
