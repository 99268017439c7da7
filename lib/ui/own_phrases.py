"""Own phrases: abbreviations a person types in their notes, and the words that take their place."""

from __future__ import annotations

import streamlit as st

from lib.domain.people import Actor, Permission
from lib.services import note_tools
from lib.ui import app_context, errors, fresh
from lib.ui.gate import the_actor
from lib.ui.note_acts import act, problem

_SHORT, _TEXT = "phrase-short", "phrase-text"


def show(actor: Actor) -> None:
    """The list with a way out for each, and a form for one more; only for who writes notes."""
    if not actor.has(Permission.WRITE_CLINICAL_RECORD):
        return
    with errors.shown_to_the_user(), app_context.reading() as session:
        phrases = note_tools.own_phrases(session, actor)
    with st.container(width=640):
        st.header("Phrases for your notes")
        st.text("Type a semicolon and the abbreviation in a note, then a space: the phrase takes its place.")
        for short, text in phrases.items():
            with st.container(horizontal=True, vertical_alignment="center", key=f"row-phrase-{short}"):
                with st.container(width=130, key=f"strong-phrase-{short}"):
                    st.text(f";{short}")
                with st.container(width="stretch"):
                    st.text(text)
                st.button("Let it go", key=f"drop-phrase-{short}", on_click=_drop, args=(short,))
        with st.form("new-phrase", border=False):
            short = st.text_input("Abbreviation, without the semicolon", max_chars=20, width=260, key=fresh.key(_SHORT))
            text = st.text_area("Phrase", max_chars=1000, height=80, key=fresh.key(_TEXT))
            if st.form_submit_button("Keep the phrase"):
                _keep(short, text)
    problem("phrases")


def _keep(short: str, text: str) -> None:
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        note_tools.keep_phrase(session, actor, short, text, app_context.now())
    fresh.begin_again(_SHORT, _TEXT)
    st.rerun()


def _drop(short: str) -> None:
    act("phrases", lambda session, actor: note_tools.drop_phrase(session, actor, short, app_context.now()))
