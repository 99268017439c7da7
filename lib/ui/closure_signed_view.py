"""A signed document: its frozen words, who signed, what to take away, the supervisor's word, and a correction."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.closure import DocumentDraft, Section
from lib.domain.people import Actor
from lib.services import closure_signing, closure_versions
from lib.services.closure import OpenedDocument
from lib.storage.document_records import COSIGNED, RETURNED, SUPERSEDED, DocumentHeader
from lib.ui import (
    app_context,
    changed_words,
    closure_editor,
    closure_words,
    document_download,
    read_aloud,
    sheet,
    sign_dialog,
)
from lib.ui.client_header import Identity
from lib.ui.closure_words import Slot
from lib.ui.note_forms import act, problem
from lib.ui.plain import as_label


def show(identity: Identity, slot: Slot, opened: OpenedDocument, header: DocumentHeader, *, may_correct: bool) -> None:
    """The document as it was signed, and what may still be done with it."""
    now, document_id = app_context.now(), opened.stored.document_id
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(slot.name, width="content")
        with st.container(key=f"quiet-signed-{document_id}"):
            st.text(closure_words.status_words(header, now.date(), now.tzinfo))
    left, right = st.columns([4, 1.7], gap="medium")
    with left:
        if opened.may_cosign and opened.given_back is not None:
            _changes(opened, opened.given_back)
        for section in opened.stored.draft.sections:
            st.header(as_label(section.title))
            closure_editor.sentences(section.sentences, f"signed-{document_id}-{section.key}")
            if not section.sentences:
                st.text("(nothing)")
    with right:
        st.header("Signed")
        _signature(opened)
        problem(f"closure-signed-{document_id}")
        _take_away(identity, opened)
        if opened.days_not_named:
            st.text(f"▲ {closure_words.not_named(opened.days_not_named, now.date())}")
        if opened.may_cosign:
            _review(identity, document_id)
        if may_correct and opened.stored.status != SUPERSEDED:
            _correct(identity, document_id)


def _changes(opened: OpenedDocument, before: DocumentDraft) -> None:
    """For the supervisor: what was asked for, and what became of it, section by section."""
    document_id, then = opened.stored.document_id, {each.key: _lines(each) for each in before.sections}
    now = {each.key: _lines(each) for each in opened.stored.draft.sections}
    titles = {each.key: each.title for each in (*before.sections, *opened.stored.draft.sections)}
    with st.expander("What changed since it was given back", expanded=True, key=f"changes-{document_id}"):
        for review in opened.returned:
            st.text(f"{review.supervisor}: {review.comment}")
        changed = [key for key in titles if then.get(key, "") != now.get(key, "")]
        for key in changed:
            st.subheader(as_label(titles[key]))
            label = f"{titles[key]}: what changed"
            place = f"changes-{document_id}-{key}"
            changed_words.show(then.get(key, ""), now.get(key, ""), label, place, explained=False)
        if changed:
            changed_words.explain(f"changes-{document_id}")
        else:
            st.text(changed_words.NOTHING)


def _lines(section: Section) -> str:
    return "\n".join(line.text for line in section.sentences)


def _signature(opened: OpenedDocument) -> None:
    now, draft = app_context.now(), opened.stored.draft
    if draft.signed_at is not None:
        st.text(f"{draft.signed_by}, {closure_words.moment(draft.signed_at, now.date(), now.tzinfo)}")
    with st.container(key=f"quiet-signature-{opened.stored.document_id}"):
        st.text(draft.signature_meaning)
        if draft.supersedes:
            st.text(f"Supersedes {draft.supersedes}.")
        st.text(f"sha256 of the content: {draft.content_sha256[:16]} …")
    for review in opened.stored.reviews:
        what = "Co-signed" if review.decision == COSIGNED else "Returned"
        st.text(f"{what} by {review.supervisor}, {closure_words.moment(review.decided_at, now.date(), now.tzinfo)}")
        st.text(review.comment)


def _take_away(identity: Identity, opened: OpenedDocument) -> None:
    draft, document_id = opened.stored.draft, opened.stored.document_id
    if opened.stored.status == RETURNED:
        st.text("It was given back and does not leave the practice. The corrected version does, once it is co-signed.")
    elif opened.stored.awaits_cosignature:
        st.text("It cannot leave the practice before a supervisor has co-signed it.")
    if not opened.may_export or draft.signed_at is None:
        return
    day = draft.signed_at.astimezone(app_context.now().tzinfo).strftime("%Y-%m-%d")
    name = f"{identity.code}_{draft.kind.value}_{draft.audience.value}_{day}"
    with st.container(horizontal=True):
        for form, label in closure_words.forms_of(draft.kind):
            document_download.button(label, document_id, f"{name}_{form}", form, identity.client_id)
    if st.button("Plain text, to read aloud", key=f"aloud-{identity.client_id}-{document_id}", type="tertiary"):
        read_aloud.show(draft, identity)


def _review(identity: Identity, document_id: int) -> None:
    """Co-sign, or give it back with a comment."""
    if st.button("Co-sign …", type="primary", key=f"cosign-{identity.client_id}-{document_id}", width="stretch"):
        sheet.ask(sign_dialog.name_of(document_id))
    if sheet.is_open(sign_dialog.name_of(document_id)):
        sign_dialog.cosign(identity, document_id)
    with st.form(f"return-{identity.client_id}-{document_id}", border=False):
        st.text_area("What should change", key=f"return-comment-{document_id}", height=90, max_chars=4000)
        st.form_submit_button(
            "Return with this comment", key=f"return-{identity.client_id}-{document_id}-send", on_click=_return,
            args=(identity.client_id, document_id),
        )  # fmt: skip


def _return(client_id: int, document_id: int) -> None:
    comment, now = st.session_state.get(f"return-comment-{document_id}") or "", app_context.now()

    def give_back(session: Session, actor: Actor) -> None:
        closure_signing.return_document(session, actor, document_id, client_id, comment, now)

    act(f"closure-signed-{document_id}", give_back)


def _correct(identity: Identity, document_id: int) -> None:
    st.button(
        "Correct it: a new version", key=f"correct-{identity.client_id}-{document_id}", icon=":material/edit_document:",
        on_click=_start_correction, args=(identity.client_id, document_id), width="stretch",
    )  # fmt: skip
    with st.container(key=f"quiet-correct-{document_id}"):
        st.text("Begins with this wording and names this version. This one stays as it was signed.")


def _start_correction(client_id: int, document_id: int) -> None:
    now, definitions = app_context.now(), app_context.definitions()

    def correct(session: Session, actor: Actor) -> int:
        return closure_versions.correct_document(session, actor, document_id, client_id, now, definitions)

    act(f"closure-signed-{document_id}", correct)
