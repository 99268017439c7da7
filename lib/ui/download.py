"""Downloads: a button whose file is made on the click, as who is signed in then, under a name nobody can guess.

The door gives a file to the sign-in it was made for and to nobody else, whoever knows its address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from lib.bootstrap import local_now, practice_now
from lib.domain.errors import NotAllowed, NotYours, UserFacingError
from lib.domain.people import Actor
from lib.services import access, practice
from lib.ui import app_context
from lib.ui.door import tabs

_MIME = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Making = Callable[[Session, Actor, datetime], bytes]


def button(label: str, name: str, form: str, making: Making, key: str) -> None:
    """A button that makes the file when it is pressed. `form` is its ending; `name` is of our own words."""
    _offer(label, name, form, partial(_made, app_context.token(), making), f"take-{key}", ":material/download:")


def of_this_page(label: str, name: str, form: str, content: Callable[[], bytes], key: str) -> None:
    """A button for what stands on the page already, and needs no right of its own."""
    _offer(label, name, form, content, key, None)


def _offer(label: str, name: str, form: str, content: Callable[[], bytes], key: str, icon: str | None) -> None:
    file_name = f"{name}_{secrets.token_urlsafe(9)}.{form}"
    kept = partial(_kept_for, app_context.token(), file_name, content)
    st.download_button(label, kept, file_name=file_name, mime=_MIME[form], key=key, on_click="ignore", icon=icon)


def _kept_for(held: str, file_name: str, content: Callable[[], bytes]) -> bytes:
    """The bytes, once it is known whose they are."""
    made = content()
    tabs.file_made(file_name, held)
    return made


def _made(held: str, making: Making) -> bytes:
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
            return making(session, found.actor, now)
    except (NotAllowed, NotYours) as denied:
        with database.writing() as session:
            access.record_denial(session, found.actor, denied, now)
        raise
