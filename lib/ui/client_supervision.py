"""Supervision of one client, and who looked: comments and agreed steps, the access log; break-glass stands out."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import streamlit as st

from lib.domain.people import Actor
from lib.services import access_log, supervision
from lib.services.access_log import ClientLog, Look, Way
from lib.services.supervision import CaseComment
from lib.ui import app_context, errors, gate, plain_table, supervision_step_form, words
from lib.ui.plain_table import Cell, Kind, Row

_WAY_WORDS = {Way.BREAK_GLASS: "▲ Out of the ordinary", Way.TOOK: "Printed or exported", Way.REFUSED: "Refused"}
_WAY_KINDS = {Way.BREAK_GLASS: Kind.RISK, Way.TOOK: Kind.WATCH, Way.REFUSED: Kind.WATCH}
_LOOKED = "record-looked-at"


def note_look(actor: Actor, client_id: int, now: datetime) -> None:
    """Write the first look of this tab at a record into its log; a page drawn again within the hour is no new look."""
    looked: dict[int, datetime] = st.session_state.setdefault(_LOOKED, {})
    before = looked.get(client_id)
    if before is not None and timedelta(0) <= now - before < access_log.SAME_LOOK:
        return
    with errors.shown_to_the_user(), app_context.writing() as session:
        access_log.note_opening(session, actor, client_id, now)
    looked[client_id] = now


def show(actor: Actor, client_id: int, now: datetime) -> None:
    """Closed, one line at the end of the client page; nothing for who may read neither."""
    with errors.shown_to_the_user(), app_context.reading() as session:
        may_read = access_log.may_read_log(session, actor, client_id, now)
    if actor.reads_with_a_reason and not may_read:
        with st.container(key=f"quiet-reason-{client_id}"):
            st.text(
                "You read this record with a reason, for an hour. Process notes stay closed; the therapist is told."
            )
    if not may_read:
        return
    more = st.expander(
        "Supervision, and who looked", key=f"supervised-{client_id}", on_change="rerun", icon=":material/visibility:"
    )
    if not more.open:
        return
    before: int | None = st.session_state.get(f"log-before-{client_id}")
    with errors.shown_to_the_user(), app_context.reading() as session:
        comments = supervision.comments_on_client(session, actor, client_id, now)
        log = access_log.log_of_client(session, actor, client_id, now, before)
    with more:
        _show_comments(actor, comments, client_id, now)
        _show_log(log, client_id, now)


def _show_comments(actor: Actor, comments: list[CaseComment], client_id: int, now: datetime) -> None:
    st.header("Supervision", anchor=False)
    today = now.date()
    if comments:
        rows = [
            plain_table.plain_row(
                {
                    "On": words.day(one.written_at.date(), today),
                    "By": one.supervisor,
                    "Comment": one.comment or "–",
                    "Agreed step": one.agreed_step or "–",
                    "Due": words.day(one.due_on, today),
                    "Done": _done_words(one, today),
                }
            )
            for one in comments
        ]
        columns = ["On", "By", "Comment", "Agreed step", "Due", "Done"]
        plain_table.show(rows, columns, "On", "Comments and agreed steps", f"comments-{client_id}", wide="Comment")
    else:
        st.text("No comment of supervision is kept.")
    mine = [one for one in comments if one.therapist_id == actor.account_id]
    waiting = [one for one in mine if one.is_open_step and one.said_done_on is None]
    supervision_step_form.offer(waiting, f"steps-done-{client_id}", now)
    for one in comments:
        if one.is_open_step and one.supervisor_id == actor.account_id:
            _offer_done(one, now)


def _done_words(one: CaseComment, today: date) -> str:
    """The supervisor's day; before it, the therapist's word."""
    if not one.agreed_step:
        return ""
    if one.done_on is not None:
        return words.day(one.done_on, today)
    return supervision_step_form.said_in_words(one, words.day(one.said_done_on, today)) or "open"


def _offer_done(one: CaseComment, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"row-step-{one.id}"):
        st.text(one.agreed_step)
        if not st.button("Looked at again: done", key=f"step-done-{one.id}"):
            return
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        supervision.mark_step_done(session, actor, one.id, one.client_id, now.date(), now)
    st.rerun()


def _show_log(log: ClientLog, client_id: int, now: datetime) -> None:
    st.header("Who looked", anchor=False)
    for one in log.readings:
        with st.container(key=f"strong-reading-{one.id}"):
            begins, ends = one.begins_at.astimezone(now.tzinfo), one.ends_at.astimezone(now.tzinfo)
            day = words.day(begins.date(), now.date())
            st.text(f"▲ {one.reader} read this record out of the ordinary on {day}, {begins:%H:%M} to {ends:%H:%M}.")
        st.text(f"Reason given: {one.reason}")
    if not log.looks:
        st.text("Nobody has opened this record yet.")
        return
    rows = [_look_row(look, now) for look in log.looks]
    columns = ["When", "Who", "As", "How", "What"]
    label = f"{words.count(len(rows), 'event')}, the newest first; never what a record says"
    plain_table.show(rows, columns, "When", label, f"looked-{client_id}", wide="What")
    place = f"log-before-{client_id}"
    with st.container(horizontal=True):
        if log.before is not None:
            older = {place: log.before}
            st.button("Older", key=f"log-older-{client_id}", on_click=st.session_state.update, args=(older,))
        if st.session_state.get(place) is not None:
            st.button("Newest", key=f"log-newest-{client_id}", on_click=st.session_state.pop, args=(place, None))


def _look_row(look: Look, now: datetime) -> Row:
    at = look.event.at.astimezone(now.tzinfo)
    return Row(
        {
            "When": Cell(f"{words.day(at.date(), now.date())}, {at:%H:%M}"),
            "Who": Cell(look.event.actor or "Operator"),
            "As": Cell(look.event.role.replace("_", " "), Kind.MUTED),
            "How": Cell(_WAY_WORDS.get(look.way, look.way.value.capitalize()), _WAY_KINDS.get(look.way, Kind.PLAIN)),
            "What": Cell(f"{look.event.action.replace('_', ' ')} ({_record_words(look.event.record_type)})"),
        }
    )


def _record_words(record_type: str) -> str:
    """What was read or written, as people call it: some kinds of entry are logged under one joined name."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record_type).lower()
