"""Sign dialog: whose document it is, the words to be signed, what the signature means, and the password again."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain import closure as values
from lib.domain.people import Actor
from lib.services import closure, closure_signing
from lib.services.closure import OpenedDocument
from lib.ui import app_context, closure_words, errors, gate, sheet
from lib.ui.client_header import Identity
from lib.ui.note_forms import act, problem


def name_of(document_id: int) -> str:
    """The sheet of this document, as it is asked for."""
    return f"sign-document-{document_id}"


@st.dialog("Sign this document", width="large", on_dismiss=sheet.put_away)
def sign(identity: Identity, document_id: int) -> None:
    """The draft as it stands in the database now. The button signs the text that this run has shown."""
    opened = _shown(identity, document_id)
    for reason in opened.blocked_by:  # words that arrived late are not reviewed yet
        st.text(f"● {reason.why} {reason.way_out}")
    more = " Your supervisor co-signs it before it can leave." if gate.the_actor().is_trainee else ""
    frozen = "After it nothing in the document can change; a correction is a new version."
    st.text(f"Your signature means: {closure_signing.MEANING} {frozen}{more}")
    _password(identity, document_id, values.content_hash(opened.stored.draft), is_cosignature=False)


@st.dialog("Co-sign this document", width="large", on_dismiss=sheet.put_away)
def cosign(identity: Identity, document_id: int) -> None:
    """A trainee's signed document, for the supervisor's signature beneath it."""
    opened = _shown(identity, document_id)
    st.text(f"Signed by {opened.stored.draft.signed_by}. It may leave the practice once you have co-signed it.")
    st.text(f"Your signature means: {closure_signing.COSIGNATURE_MEANING}")
    _password(identity, document_id, opened.stored.draft.content_sha256, is_cosignature=True)


def _shown(identity: Identity, document_id: int) -> OpenedDocument:
    """The document read anew, with its client, in plain text. Closes the dialog once it is signed."""
    if not sheet.is_open(name_of(document_id)):
        st.rerun()
    with errors.shown_to_the_user(), app_context.writing() as session:
        opened = closure.open_document(
            session, gate.the_actor(), document_id, app_context.now(), app_context.definitions()
        )
    draft = opened.stored.draft
    with st.container(key=f"strong-sign-{document_id}"):
        st.text(identity.whose)
        st.text(draft.title)
    with st.container(height=280, key=f"words-sign-{document_id}"):
        st.text(closure_words.as_text(draft))
    lost = closure_signing.letters_not_drawn(draft)
    if lost:
        with st.container(key=f"quiet-letters-sign-{document_id}"):
            st.text(closure_words.letters_line(lost))
    return opened


def _password(identity: Identity, document_id: int, shown_sha256: str, *, is_cosignature: bool) -> None:
    place = f"document-sign-{document_id}"
    with st.form(f"sign-{identity.client_id}-{document_id}", border=False):
        if app_context.is_demonstration():
            st.text("In the demonstration no password is asked; in a practice it is asked again here.")
        else:
            st.text_input("Your password", type="password", key=f"document-password-{document_id}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                "Co-sign" if is_cosignature else "Sign",
                type="primary", key=f"document-sign-{identity.client_id}-{document_id}",
                on_click=_sign, args=(place, identity.client_id, document_id, shown_sha256, is_cosignature),
            )  # fmt: skip
            st.text(f"for {identity.whose}")
    problem(place)


def _sign(place: str, client_id: int, document_id: int, shown_sha256: str, is_cosignature: bool) -> None:
    password = st.session_state.get(f"document-password-{document_id}") or ""

    def put_signature(session: Session, actor: Actor) -> bool:
        now = app_context.now()
        if is_cosignature:
            closure_signing.cosign_document(session, actor, document_id, client_id, password, shown_sha256, now)
        else:
            closure_signing.sign_document(
                session, actor, document_id, client_id, password, shown_sha256, now, app_context.definitions()
            )
        return True

    if act(place, put_signature):
        sheet.put_away()
