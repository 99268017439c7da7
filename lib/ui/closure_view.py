"""Closure screen: the documents of an ending, the open one section by section, what stands against signing it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.closure import DocumentKind
from lib.domain.people import Actor
from lib.services import closure, closure_versions
from lib.services.closure import OpenedDocument
from lib.storage.document_records import OPEN, DocumentHeader
from lib.ui import app_context, closure_draft_view, closure_signed_view, closure_words, errors
from lib.ui.client_header import Identity
from lib.ui.closure_words import SLOT_OF, SLOTS, Slot
from lib.ui.note_forms import act, problem


def show(actor: Actor, identity: Identity) -> None:
    """Which document, which version of it, and that version."""
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        headers = closure.documents_of_client(session, actor, identity.client_id, now)
        may_write = closure.may_start(session, actor, identity.client_id, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.title("Closure", width="content")
        slot = _choose_slot(identity, headers)
    versions = _of_slot(headers, slot)
    problem(f"closure-start-{slot.key}")
    header = _choose_version(identity, slot, versions)
    if header is None:
        _none_yet(identity, slot, may_write)
        return
    opened = _open(actor, header)
    if opened.stored.status == OPEN:
        closure_draft_view.show(actor, identity, slot, opened)
    else:
        newest = header.document_id == versions[0].document_id
        closure_signed_view.show(identity, slot, opened, header, may_correct=may_write and newest)


def _of_slot(headers: Sequence[DocumentHeader], slot: Slot) -> list[DocumentHeader]:
    return [each for each in headers if (each.kind, each.audience) == (slot.kind.value, slot.audience.value)]


def _choose_slot(identity: Identity, headers: Sequence[DocumentHeader]) -> Slot:
    """The four documents with how each stands. Their names are ours, so they may stand in a label."""
    told = {slot.key: f"{slot.name} · {closure_words.short_status(_of_slot(headers, slot))}" for slot in SLOTS}
    drafts = [slot.key for slot in SLOTS if closure_words.short_status(_of_slot(headers, slot)) == "draft"]
    kept, key = f"closure-chosen-{identity.client_id}", f"closure-slot-{identity.client_id}"
    # Kept beside the widget: its labels tell the status, and a control whose labels change may begin anew.
    chosen = st.session_state.setdefault(kept, drafts[0] if drafts else SLOTS[0].key)
    st.segmented_control(
        "Document", list(told), default=chosen, format_func=told.__getitem__, required=True, key=key,
        label_visibility="collapsed",
        on_change=lambda: st.session_state.update({kept: st.session_state[key] or chosen}),
    )  # fmt: skip
    return SLOT_OF[chosen]


def _choose_version(identity: Identity, slot: Slot, versions: Sequence[DocumentHeader]) -> DocumentHeader | None:
    """The newest version, or the one chosen where there are several."""
    if len(versions) < 2:
        return versions[0] if versions else None
    now = app_context.now()
    told = {each.document_id: closure_words.status_words(each, now.date(), now.tzinfo) for each in versions}
    # The states stand in the key: a box keeps the words it was first drawn with, and a co-signature changes them.
    states = "-".join(f"{each.document_id}{each.status}" for each in versions)
    key = f"closure-version-{identity.client_id}-{slot.key}-{states}"
    with st.container(width=420):
        chosen = st.selectbox("Version", list(told), format_func=told.__getitem__, key=key)
    return next(each for each in versions if each.document_id == chosen)


def _none_yet(identity: Identity, slot: Slot, may_write: bool) -> None:
    st.header(slot.name)
    st.text(slot.about)
    if not may_write:
        st.text("There is none yet.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            slot.act, type="primary", icon=":material/edit_document:", key=f"start-{identity.client_id}-{slot.key}",
            on_click=_start, args=(identity.client_id, slot),
        )  # fmt: skip
        st.text(f"for {identity.whose}")
    if slot.kind is not DocumentKind.GOODBYE:  # of which nothing is drafted
        st.text("Every sentence comes from the record and shows its source. What the record does not say is asked.")


def _start(client_id: int, slot: Slot) -> None:
    def start(session: Session, actor: Actor) -> int:
        return closure_versions.start_document(
            session, actor, client_id, slot.kind, slot.audience, app_context.now(), app_context.definitions()
        )

    act(f"closure-start-{slot.key}", start)


def _open(actor: Actor, header: DocumentHeader) -> OpenedDocument:
    """The document read anew. Opening it is an event, drawing it again in the same tab is none."""
    now, defs = app_context.now(), app_context.definitions()
    seen = (header.document_id, header.status)
    if st.session_state.get("closure-read") == seen:
        with errors.shown_to_the_user(), app_context.reading() as session:
            return closure.open_document(session, actor, header.document_id, now, defs, is_opening=False)
    with errors.shown_to_the_user(), app_context.writing() as session:
        opened = closure.open_document(session, actor, header.document_id, now, defs)
    st.session_state["closure-read"] = seen
    return opened
