"""Export buttons: a table as CSV or as workbook, and the report for a supervision meeting."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import supervision_exports
from lib.services.supervision_exports import Asked
from lib.ui import app_context, download


def tables(asked: Asked, key: str) -> None:
    """One small menu, drawn when it is opened: the table as CSV or as workbook."""
    menu = st.popover("Take away", icon=":material/download:", key=f"take-{key}", on_change="rerun", width="content")
    if not menu.open:
        return
    with menu:
        for form in supervision_exports.FORMS:
            download.button(form.upper(), asked.what.value, form, partial(_table, asked, form), f"{key}-{form}")


def meeting_report(therapist_id: int) -> None:
    """The report for a session with this supervisee."""
    download.button(
        "Report for the session (PDF)", "supervision", "pdf", partial(_report, therapist_id), f"report-{therapist_id}"
    )


def _table(asked: Asked, form: str, session: Session, actor: Actor, now: datetime) -> bytes:
    return supervision_exports.take_table(session, actor, asked, form, now, app_context.definitions())


def _report(therapist_id: int, session: Session, actor: Actor, now: datetime) -> bytes:
    return supervision_exports.meeting_report(session, actor, therapist_id, now, app_context.definitions())
