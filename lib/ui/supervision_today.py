"""From supervision, on the therapist's first page: what came back, agreed steps, and who read out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.services import break_glass, note_reviews, supervision
from lib.services.break_glass import ReasonedReading
from lib.services.note_reviews import ReturnedWork
from lib.services.supervision import CaseComment
from lib.ui import app_context, errors, gate, navigation, plain_table, state, supervision_step_form, words
from lib.ui.plain_table import Cell, Kind, Row


@dataclass(frozen=True, slots=True)
class FromSupervision:
    """What waits: work given back and not signed again yet, agreed steps, and readings not yet told of."""

    came_back: Sequence[ReturnedWork]
    steps: Sequence[CaseComment]
    notices: Sequence[ReasonedReading]


def read(session: Session, actor: Actor, now: datetime) -> FromSupervision:
    """What waits for this person."""
    return FromSupervision(
        note_reviews.returned_to_me(session, actor, now),
        supervision.steps_for_me(session, actor, now),
        break_glass.notices(session, actor, now),
    )


def show(waiting: FromSupervision, now: datetime) -> None:
    """Nothing where nothing waits."""
    came_back, steps = waiting.came_back, waiting.steps
    if came_back:
        _show_returned(came_back, now)
    for notice in waiting.notices:
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
    supervision_step_form.offer(steps, "steps-done", now)


def _show_returned(came_back: Sequence[ReturnedWork], now: datetime) -> None:
    """One's own work with the supervisor's comment; a line opens the place where it is mended."""
    today = now.date()
    rows = []
    for number, one in enumerate(came_back):
        what = "Closure document" if one.dated_on is None else f"Note of {words.day(one.dated_on, today)}"
        on = words.day(one.returned_at.astimezone(now.tzinfo).date(), today)
        cells = {
            "Returned to you": Cell(one.name or one.code),
            "What": Cell(what),
            "Comment": Cell(one.comment),
            "By": Cell(f"{one.supervisor}, {on}", Kind.MUTED),
        }
        rows.append(Row(cells, str(number)))
    label = f"{words.count(len(rows), 'piece')} of your work returned with a comment; choose one to open it"
    columns = ["Returned to you", "What", "Comment", "By"]
    opened = plain_table.show(rows, columns, columns[0], label, "returned-work", wide="Comment")
    if opened is not None:
        chosen = came_back[int(opened)]
        state.open_client(chosen.client_id)
        page = "closure" if chosen.note_id is None else "session_note"
        navigation.open_page(f"pages/clinician/{page}.py")


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
