"""Taking a document away: bytes made on the click, as who is signed in then, under a name nobody can guess."""

from __future__ import annotations

import re
import secrets
from functools import partial

import streamlit as st

from lib.bootstrap import local_now, practice_now
from lib.domain.errors import NotAllowed, NotYours, UserFacingError
from lib.services import access, closure_signing, practice
from lib.ui import app_context

_MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def button(label: str, document_id: int, name: str, form: str, client_id: int) -> None:
    """A button that makes the file when it is pressed. `name` is of our own words and the client's code."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "document"
    st.download_button(
        label,
        partial(_made, app_context.token(), document_id, form),
        file_name=f"{safe}_{secrets.token_urlsafe(9)}.{'docx' if form == 'docx' else 'pdf'}",
        mime=_MIME["docx" if form == "docx" else "pdf"],
        key=f"take-{client_id}-{document_id}-{form}",
        on_click="ignore",
        icon=":material/download:",
    )


def _made(held: str, document_id: int, form: str) -> bytes:
    """The bytes, for whoever this token belongs to now. Runs beside the page: nothing of the page is at hand."""
    moment = local_now()
    found = app_context.look_up(held, moment)
    if found is None or found.must_change_password:
        raise UserFacingError("You are signed out.", "Sign in again.")
    database = app_context.database_of(held)
    with database.reading() as session:
        now = practice_now(practice.clock_on(session), moment)
    try:
        with database.writing() as session:
            content, _name = closure_signing.take_away(
                session, found.actor, document_id, form, now, app_context.definitions()
            )
    except (NotAllowed, NotYours) as denied:
        with database.writing() as session:
            access.record_denial(session, found.actor, denied, now)
        raise
    return content
