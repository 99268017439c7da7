"""Closure editor: one section of a draft, each sentence beside its sources, a box that saves itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.closure import Section, Sentence, Source
from lib.domain.people import Actor
from lib.services import closure_sections
from lib.ui import app_context, closure_words, screen_width, section_editor
from lib.ui.client_header import Identity
from lib.ui.note_forms import act, problem
from lib.ui.plain import as_label

GOODBYE = closure_words.SLOT_OF["goodbye-client"].name


@dataclass(frozen=True, slots=True)
class Place:
    """Which section of which client's document, and the version of it that is on the screen."""

    client_id: int
    document_id: int
    section: str
    section_id: int
    version: int

    @property
    def key(self) -> str:
        """Its name in widget keys: the same for every version, as the text is saved while it is typed."""
        return f"closure-{self.client_id}-{self.document_id}-{self.section}"


def show(actor: Actor, identity: Identity, place: Place, section: Section, document: str, *, may_write: bool) -> None:
    """The section to read; for its author also to edit and to mark as reviewed."""
    st.header(as_label(section.title))
    problem(_acting_on(place))
    _questions(place, section.asks, "To think about:" if document == GOODBYE else "The record does not say:")
    edited = may_write and _is_edited(place, section)
    if edited:
        _writing(actor, identity, place, section, document)
    else:
        if may_write:
            section_editor.deliver_unsaved(actor)
        sentences(section.sentences, place.key)
    if not section.sentences and not edited:
        st.text("Nothing is written here yet.")
    if may_write:
        _acts(place, section, edited=edited)


def _writing(actor: Actor, identity: Identity, place: Place, section: Section, document: str) -> None:
    """The box, and where each saved sentence comes from: beside it, or below it in a narrow window.

    The box stands in the same place before and after its first words are saved, so it keeps the cursor."""
    is_beside = not screen_width.was_narrow()
    box, beside = st.columns([5, 3], gap="small") if is_beside else (st.container(), st.container())
    with box:
        focus = st.session_state.pop(f"focus-{place.key}", False)
        section_editor.edit(actor, identity, place.section_id, section, place.version, document, focus=focus)
    with beside:
        if section.sentences:
            _quiet(f"saved-{place.key}", "As saved, with where each sentence comes from:")
        if is_beside:
            _beside(section.sentences, place.key)
        else:
            sentences(section.sentences, place.key)


def _beside(lines: Sequence[Sentence], key: str) -> None:
    """Each saved sentence by its number and first words, its sources under it; own words in full, as they have none."""
    for number, line in enumerate(lines):
        with st.container(key=f"row-{key}-{number}", gap=None):
            if line.own_words:
                st.text(line.text)
            else:
                st.text(f"{number + 1} · {closure_words.beginning(line.text)}")
            _origin(line, f"{key}-{number}")


def _origin(line: Sentence, key: str) -> None:
    if line.own_words:
        st.badge(_whose_words(line), color="orange")
    if line.sources:
        _sources(line.sources, key)


def sentences(lines: Sequence[Sentence], key: str) -> None:
    """Every sentence with its sources at the right; their words are shown on demand, always as plain text."""
    for number, line in enumerate(lines):
        with st.container(key=f"row-{key}-{number}", horizontal=True, vertical_alignment="top", gap="small"):
            with st.container(width="stretch"):
                st.text(line.text)
            with st.container(width=190, gap=None):
                _origin(line, f"{key}-{number}")


def _whose_words(line: Sentence) -> str:
    """Not "yours": a supervisor reads what a trainee wrote."""
    when = f" {closure_words.day(line.written_on, app_context.today())}" if line.written_on else ""
    return f"Own words{when}" if line.sources else f"Own words{when}, no source"


def _sources(found: Sequence[Source], key: str) -> None:
    today = app_context.today()
    label = closure_words.sources_label(found, today)
    with st.popover(as_label(label), icon=":material/link:", type="tertiary", key=f"sources-{key}"):
        for number, source in enumerate(found):
            _quiet(f"source-{key}-{number}", closure_words.source_label(source, today))
            st.text(source.quote)


def _quiet(key: str, text: str) -> None:
    with st.container(key=f"quiet-{key}"):
        st.text(text)


def _questions(place: Place, asks: Sequence[str], heading: str) -> None:
    if not asks:
        return
    with st.container(key=f"asks-{place.key}", border=True, gap="small"):
        st.text(heading)
        for ask in asks:
            st.text(f"? {ask}")


def _acts(place: Place, section: Section, *, edited: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Done editing" if edited else "Edit this section",
            key=f"{'done' if edited else 'edit'}-{place.key}", icon=":material/edit:", on_click=_set_edited,
            args=(place, not edited),
        )  # fmt: skip
        if section.reviewed_at is not None:
            now = app_context.now()
            st.text(f"✓ Reviewed {closure_words.moment(section.reviewed_at, now.date(), now.tzinfo)}")
        elif section.sentences:
            st.button(
                "I have read this: mark as reviewed", key=f"review-{place.key}", icon=":material/check:",
                type="primary" if section.must_review else "secondary", on_click=_review, args=(place,),
            )  # fmt: skip


def _acting_on(place: Place) -> str:
    """Where what went wrong with this section is shown."""
    return f"closure-section-{place.document_id}-{place.section}"


def _edited_key(place: Place) -> str:
    return f"closure-edited-{place.client_id}-{place.document_id}-{place.section}"


def _is_edited(place: Place, section: Section) -> bool:
    """A section that says nothing yet is open for writing at once, and stays open when its first words are saved."""
    return bool(st.session_state.setdefault(_edited_key(place), not section.sentences))


def _set_edited(place: Place, edited: bool) -> None:
    st.session_state[_edited_key(place)] = edited
    st.session_state[f"focus-{place.key}"] = edited


def _review(place: Place) -> None:
    """Mark the text as read that is in this tab: what was shown, or what this tab has saved since."""
    version = section_editor.version_of(place.section_id, place.version)

    def review(session: Session, actor: Actor) -> bool:
        closure_sections.review_section(
            session, actor, place.document_id, place.client_id, place.section, version, app_context.now()
        )
        return True

    if act(_acting_on(place), review):
        st.session_state[_edited_key(place)] = False
