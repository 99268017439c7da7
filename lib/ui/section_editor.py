"""Section editor: the box a section of a document is written in, a sentence a line, saved as it is typed.

The browser's half is the note editor's, under its own name, words and place for what is not acknowledged yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.closure import Section
from lib.domain.people import Actor
from lib.ui import app_context
from lib.ui.client_header import Identity
from lib.ui.note_messages import Answer, messages_of
from lib.ui.section_messages import carry_out

_FILES = Path(__file__).with_name("components")
_ANSWERS = "section_editor_answers"  # section id -> the last answer; read to show and to name a version, never to write
# What the note editor says of a note, said of a section; and where its unacknowledged words wait in the tab.
SAID_OF_A_SECTION = {
    '"secure_base.unsaved."': '"secure_base.unsaved-section."',
    "This note was changed elsewhere while you wrote.": "This section was changed elsewhere while you wrote.",
    "This note was changed elsewhere since.": "This section was changed elsewhere since.",
    "Ctrl+Enter signs": "Ctrl+S saves now; one sentence a line",
}


def _script() -> str:
    text = (_FILES / "note_editor.js").read_text(encoding="utf-8")
    for of_a_note, of_a_section in SAID_OF_A_SECTION.items():
        text = text.replace(of_a_note, of_a_section)
    return text


_mount = st.components.v2.component(
    "secure_base_section_editor",
    css=(_FILES / "note_editor.css").read_text(encoding="utf-8") + "\ntextarea { min-height: 9rem; }\n",
    js=_script(),
)


def edit(
    actor: Actor, identity: Identity, section_id: int, section: Section, version: int, document: str, *, focus: bool
) -> None:
    """Show this section's text to be written in. `document`: what the document is called."""
    name = identity.name or identity.code
    shown = {
        "note_id": section_id,
        "client_id": identity.client_id,
        "version": version,
        "text": "\n\n".join(line.text for line in section.sentences),
        "client_name": name,
        "client_facts": identity.code,
        "what": f"{document} · {section.title}",
        "label": f"{section.title}, {document} of {name}, {identity.code}",
        "saved_words": "Saved as you type.",
        "focus": focus,
    }
    _editor(actor, f"section-editor-{identity.client_id}-{section_id}", shown)


def deliver_unsaved(actor: Actor) -> None:
    """No box, only the courier: what this tab holds unsaved of other sections is sent, or shown where that fails."""
    _editor(actor, "section-editor-none", None)


def version_of(section_id: int, shown: int) -> int:
    """The version of the text in this tab: the one that was shown, or the one this tab has saved since."""
    answer = st.session_state.get(_ANSWERS, {}).get(str(section_id), {})
    saved = answer.get("version", 0) if answer.get("status") == "saved" else 0
    return max(shown, int(saved))


def _editor(actor: Actor, key: str, shown: dict[str, Any] | None) -> None:
    whose = f"{'demonstration' if app_context.is_demonstration() else 'practice'}-{actor.account_id}"
    answers: dict[str, Answer] = st.session_state.get(_ANSWERS, {})
    _mount(key=key, data={"owner": whose, "note": shown, "answers": answers}, on_draft_change=lambda: _receive(key))


def _receive(key: str) -> None:
    held = st.session_state.get(key) or {}
    answers = {str(message.note_id): carry_out(message) for message in messages_of(held.get("draft"))}
    st.session_state[_ANSWERS] = answers
