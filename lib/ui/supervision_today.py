"""From supervision, on the therapist's first page: agreed steps, and who read a record out of the ordinary."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import break_glass, supervision
from lib.services.break_glass import ReasonedReading
from lib.ui import app_context, errors, gate, navigation, plain_table, state, words
from lib.ui.plain_table import Cell, Kind, Row


def show(actor: Actor, now: datetime) -> None:
    """Nothing where nothing waits."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        steps = supervision.steps_for_me(session, actor, now)
        notices = break_glass.notices(session, actor, now)
    for notice in notices:
        _show_notice(notice, now)
    if not steps:
        return
    today = now.date()
    rows = [
        Row(
            {
                "Agreed in supervision": Cell(one.client_name or one.client_code),
                "Next step": Cell(one.agreed_step),
                "With": Cell(one.supervisor, Kind.MUTED),
                "Due": Cell(
                    words.day(one.due_on, today), Kind.WATCH if one.due_on and one.due_on < today else Kind.PLAIN
                ),
            },
            str(one.client_id),
        )
        for one in steps
    ]
    label = f"{words.count(len(rows), 'step')} agreed in supervision; choose one to open the client"
    columns = ["Agreed in supervision", "Next step", "With", "Due"]
    opened = plain_table.show(rows, columns, columns[0], label, "agreed-steps", wide="Next step")
    if opened is not None:
        state.open_client(int(opened))
        navigation.open_page("pages/clinician/client.py")


def _show_notice(notice: ReasonedReading, now: datetime) -> None:
    """Who read, when and why; it stays until the owner has seen it."""
    begins = notice.begins_at.astimezone(now.tzinfo)
    with st.container(border=True, key=f"asks-reading-{notice.id}"):
        with st.container(key=f"strong-reading-{notice.id}"):
            client = notice.client_name or notice.client_code
            st.text(f"▲ {notice.reader} opened the record of {client} out of the ordinary.")
        st.text(f"{words.day(begins.date(), now.date())}, {begins:%H:%M}, for an hour. Reason given: {notice.reason}")
        if not st.button("I have seen this", key=f"seen-{notice.id}-{notice.client_id}"):
            return
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        break_glass.acknowledge_notice(session, actor, notice.id, notice.client_id, now)
    st.rerun()
