"""Export buttons: tables and reports made on the click, as who is signed in then, under a name nobody can guess."""

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
from lib.services import access, practice, supervision_exports
from lib.services.supervision_exports import Asked
from lib.ui import app_context

_MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Making = Callable[[Session, Actor, datetime], bytes]


def tables(asked: Asked, key: str) -> None:
    """One small menu, drawn when it is opened: the table as CSV or as workbook."""
    menu = st.popover("Take away", icon=":material/download:", key=f"take-{key}", on_change="rerun", width="content")
    if not menu.open:
        return
    with menu:
        for form in supervision_exports.FORMS:
            _button(form.upper(), asked.what.value, form, partial(_table, asked, form), f"{key}-{form}")


def meeting_report(therapist_id: int) -> None:
    """The report for a session with this supervisee."""
    _button(
        "Report for the session (PDF)", "supervision", "pdf", partial(_report, therapist_id), f"report-{therapist_id}"
    )


def _table(asked: Asked, form: str, session: Session, actor: Actor, now: datetime) -> bytes:
    return supervision_exports.take_table(session, actor, asked, form, now, app_context.definitions())


def _report(therapist_id: int, session: Session, actor: Actor, now: datetime) -> bytes:
    return supervision_exports.meeting_report(session, actor, therapist_id, now)


def _button(label: str, name: str, form: str, making: Making, key: str) -> None:
    st.download_button(
        label,
        partial(_made, app_context.token(), making),
        file_name=f"{name}_{secrets.token_urlsafe(9)}.{form}",
        mime=_MIME[form],
        key=f"take-{key}",
        on_click="ignore",
        icon=":material/download:",
    )


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
