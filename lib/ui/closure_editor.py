"""Closure editor: one section of a draft, each sentence beside its sources, a box a sentence when it is edited."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.domain.closure import Section, Sentence, Source
from lib.domain.errors import StaleVersion
from lib.services import closure
from lib.services.closure import LONGEST_SENTENCE
from lib.ui import app_context, closure_typed, closure_words
from lib.ui.client_header import Identity
from lib.ui.closure_typed import Place
from lib.ui.note_forms import act, problem
from lib.ui.plain import as_label


def show(identity: Identity, place: Place, section: Section, may_write: bool) -> None:
    """The section to read; for its author also to edit and to mark as reviewed."""
    st.header(as_label(section.title))
    if may_write:
        _conflict(identity, place, section)
    problem(_acting_on(place))
    _questions(place, section.asks)
    if may_write and _is_edited(place, section):
        _boxes(identity, place, section)
        return
    sentences(section.sentences, place.key)
    if not section.sentences:
        st.text("Nothing is drafted here: the record holds nothing for it.")
    if may_write:
        _acts(place, section)


def sentences(lines: Sequence[Sentence], key: str) -> None:
    """Every sentence with its sources at the right; their words are shown on demand, always as plain text."""
    for number, line in enumerate(lines):
        with st.container(key=f"row-{key}-{number}", horizontal=True, vertical_alignment="top", gap="small"):
            with st.container(width="stretch"):
                st.text(line.text)
            with st.container(width=190, gap=None):
                if line.own_words:
                    st.badge("Written by you, no source" if not line.sources else "Written by you", color="orange")
                if line.sources:
                    _sources(line.sources, f"{key}-{number}")


def _sources(found: Sequence[Source], key: str) -> None:
    today = app_context.today()
    label = closure_words.sources_label(found, today)
    with st.popover(as_label(label), icon=":material/link:", type="tertiary", key=f"sources-{key}"):
        for number, source in enumerate(found):
            with st.container(key=f"quiet-source-{key}-{number}"):
                st.text(closure_words.source_label(source, today))
            st.text(source.quote)


def _questions(place: Place, asks: Sequence[str]) -> None:
    if not asks:
        return
    with st.container(key=f"asks-{place.key}", border=True, gap="small"):
        st.text("The record does not say:")
        for ask in asks:
            st.text(f"? {ask}")


def _acts(place: Place, section: Section) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Edit this section", key=f"edit-{place.key}", icon=":material/edit:", on_click=_set_edited,
            args=(place, True),
        )  # fmt: skip
        if section.reviewed_at is not None:
            now = app_context.now()
            st.text(f"✓ Reviewed {closure_words.moment(section.reviewed_at, now.date(), now.tzinfo)}")
        elif section.sentences:
            st.button(
                "I have read this: mark as reviewed", key=f"review-{place.key}", icon=":material/check:",
                type="primary" if section.must_review else "secondary", on_click=_review, args=(place,),
            )  # fmt: skip


def _boxes(identity: Identity, place: Place, section: Section) -> None:
    """A box a sentence. What is typed is kept with its place at once, and saved by the button."""
    base = tuple(line.text for line in section.sentences)
    lines = closure_typed.lines_of(place, base)
    for number, text in enumerate(lines):
        st.text_area(
            f"Sentence {number + 1}" if number < len(base) else "Add a sentence; a new line begins another",
            text, key=closure_typed.box_key(place, number), height="content", max_chars=LONGEST_SENTENCE,
            label_visibility="collapsed" if number < len(base) else "visible",
            on_change=closure_typed.keep, args=(place, base, number),
        )  # fmt: skip
        if number < len(base):
            with st.container(key=f"quiet-box-{place.key}-{number}"):
                st.text(_what_becomes(section.sentences[number], text))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save section", type="primary", key=f"save-{place.key}", on_click=_save, args=(place, base, len(lines))
        )
        st.button("Leave it as it was", key=f"leave-{place.key}", on_click=_leave, args=(place,))
        st.text(f"for {identity.whose}")


def _what_becomes(line: Sentence, typed: str) -> str:
    if not typed.strip():
        return "Taken out when you save."
    if typed.strip() != line.text:
        return "Changed: saved as written by you, without its source."
    if line.own_words:
        return "Written by you, no source."
    return f"Source: {closure_words.sources_label(line.sources, app_context.today())}"


def _conflict(identity: Identity, place: Place, section: Section) -> None:
    """Typed text that began from another version of this section: both are shown, nothing is merged."""
    older = closure_typed.of_older_version(place)
    if older is None:
        return
    if isinstance(st.session_state.get(f"problem-{_acting_on(place)}"), StaleVersion):
        del st.session_state[f"problem-{_acting_on(place)}"]  # both texts stand below, with a choice
    yours = [line for line in closure_typed.lines_of(older, ()) if line.strip()]
    with st.container(key=f"problem-{place.key}", border=True):
        st.text("⚠ This section was changed elsewhere since you began to type. Compare both and choose what to keep.")
        left, right = st.columns(2)
        with left:
            st.text("Yours, not saved:")
            st.text("\n\n".join(yours) or "(nothing)")
        with right:
            st.text("As it stands now:")
            st.text("\n\n".join(line.text for line in section.sentences) or "(nothing)")
        with st.container(horizontal=True, vertical_alignment="center"):
            both = [*(line.text for line in section.sentences), *yours]
            st.button("Save both", key=f"both-{place.key}", on_click=_save_lines, args=(place, both, older))
            st.button("Save mine instead", key=f"mine-{place.key}", on_click=_save_lines, args=(place, yours, older))
            st.button("Keep what stands", key=f"theirs-{place.key}", on_click=closure_typed.drop, args=(older,))
            st.text(f"for {identity.whose}")


def _acting_on(place: Place) -> str:
    """Where what went wrong with this section is shown."""
    return f"closure-section-{place.document_id}-{place.section}"


def _edited_key(place: Place) -> str:
    return f"closure-edited-{place.client_id}-{place.document_id}-{place.section}"


def _is_edited(place: Place, section: Section) -> bool:
    """Opened for editing, or without a sentence and with a question to answer, or with text not saved yet."""
    unsaved = place.section in closure_typed.unsaved_sections(place.client_id, place.document_id)
    chosen = st.session_state.get(_edited_key(place))
    if chosen is None:
        return not section.sentences and bool(section.asks)
    return bool(chosen) or unsaved


def _set_edited(place: Place, edited: bool) -> None:
    st.session_state[_edited_key(place)] = edited


def _leave(place: Place) -> None:
    closure_typed.drop(place)
    _set_edited(place, False)


def _save(place: Place, base: tuple[str, ...], boxes: int) -> None:
    held = closure_typed.lines_of(place, base)
    lines = [st.session_state.get(closure_typed.box_key(place, number), held[number]) or "" for number in range(boxes)]
    _save_lines(place, lines, place)


def _save_lines(place: Place, lines: Sequence[str], began_from: Place) -> None:
    """Save to exactly this client, document, section and version; stale ones keep the typed text in the tab."""
    done = act(
        _acting_on(place),
        lambda session, actor: closure.change_section(
            session, actor, place.document_id, place.client_id, place.section, lines, place.version,
            app_context.now(),
        ),
    )  # fmt: skip
    if done is not None:
        closure_typed.drop(began_from)
        closure_typed.drop(place)
        _set_edited(place, False)


def _review(place: Place) -> None:
    act(
        _acting_on(place),
        lambda session, actor: closure.review_section(
            session, actor, place.document_id, place.client_id, place.section, place.version, app_context.now()
        ),
    )
