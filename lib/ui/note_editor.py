"""Note editor: the box a note is written in. What is typed reaches the database within two seconds, or it says so.

The browser's half is components/note_editor.js. Client and note ids travel in every message and stand in the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.people import Actor
from lib.services.notes import NoteText
from lib.ui import app_context, words
from lib.ui.note_messages import Answer, carry_out, messages_of, sign_asked

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_note_editor",
    css=(_FILES / "note_editor.css").read_text(encoding="utf-8"),
    js=(_FILES / "note_editor.js").read_text(encoding="utf-8"),
)
_AUTOSAVE = "note_editor_autosave"
_SIGN = "note_editor_sign"  # client and note whose signing sheet was asked for by key
_ANSWERS = "note_editor_answers"  # note id -> the last answer, for the editor to read; never read to write


def edit(
    actor: Actor,
    note: NoteText,
    name: str,
    code: str,
    born_on: date | None,
    *,
    focus: bool = False,
    scores: Sequence[str] = (),
    phrases: Mapping[str, str] | None = None,
) -> None:
    """Show this note's text to be written in. `focus` puts the cursor under the first heading.

    `scores` are lines to put in with one press; `phrases` take the place of their abbreviation as it is typed."""
    today = app_context.today()
    shown = {
        "note_id": note.id,
        "client_id": note.client_id,
        "version": note.version,
        "text": note.text or "",
        "client_name": name or code,
        "client_facts": f"{code} · {words.born(born_on, today)}",
        "what": f"{note.format_words} · {note.compartment} note · {words.day(note.dated_on, today)}",
        "label": f"Note about {name or code}, {code}, {words.full_day(note.dated_on)}",
        "saved_words": f"Saved {note.saved_at.astimezone(app_context.now().tzinfo):%H:%M:%S}",
        "focus": focus,
        "scores": list(scores),
    }
    _editor(actor, f"note-editor-{note.client_id}-{note.id}", shown, phrases)


def deliver_unsaved(actor: Actor) -> None:
    """No box, only the courier: what this tab holds unsaved of other notes is sent, or shown where that fails."""
    _editor(actor, "note-editor-none", None)


# Not in a fragment: a fragment's message sent together with a button's press would swallow the press, and a server
# that was started anew knows no fragments, so words typed meanwhile would never arrive.
def _editor(actor: Actor, key: str, shown: Mapping[str, Any] | None, phrases: Mapping[str, str] | None = None) -> None:
    answers: dict[str, Answer] = st.session_state.get(_ANSWERS, {})
    data = {"owner": _owner(actor), "note": shown, "answers": answers, "phrases": dict(phrases or {})}
    _mount(key=key, data=data, on_draft_change=lambda: _receive(key))


def _receive(key: str) -> None:
    held = st.session_state.get(key) or {}
    answers = {str(message.note_id): carry_out(message) for message in messages_of(held.get("draft"))}
    asked, all_saved = sign_asked(held.get("draft")), all(one["status"] == "saved" for one in answers.values())
    st.session_state[_ANSWERS] = answers
    st.session_state[_AUTOSAVE] = bool(answers) and all_saved and asked is None
    st.session_state[_SIGN] = asked if all_saved else None


def asked_to_sign(client_id: int, note_id: int) -> bool:
    """Whether this run was begun by the key that opens the signing sheet of this note. Asked once a run."""
    return bool(st.session_state.pop(_SIGN, None) == (client_id, note_id))


def only_saved() -> bool:
    """Whether this run was begun by words being saved, and by nothing else a person did. Asked once a run."""
    return bool(st.session_state.pop(_AUTOSAVE, False))


def _owner(actor: Actor) -> str:
    """Whose unsaved words a tab may hold: this account of this database, and nobody else's."""
    return f"{'demonstration' if app_context.is_demonstration() else 'practice'}-{actor.account_id}"
