"""Ending forms: closing a course, planned or sudden, noting outreach, and beginning a new course."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.check_ins import MONTHS, months_after
from lib.domain.endings import WAY_WORDS, DecidedBy, EndingDraft, OutreachWay, Tried
from lib.domain.process import EndingKind
from lib.services import endings, episodes
from lib.services.endings import Ending
from lib.ui import app_context, errors, fresh, gate, plain_table
from lib.ui.client_header import Identity
from lib.ui.ending_words import DECIDED_WORDS, KIND_WORDS

_PLANNED, _SUDDEN = "Planned ending", "Sudden ending"
_SET_OF_MEASURES = 3  # a check-in is short


def ask_to_close(identity: Identity, ending: Ending, today: date) -> None:
    """Closing: what stands in the way, then the day, the kind, by whom and why; drawn only when it is asked for."""
    client_id = identity.client_id
    st.header("Close this course", anchor=False)
    blocked = _show_obstacles(ending, client_id)
    road = st.segmented_control(
        "Road", [_PLANNED, _SUDDEN], key=f"close-road-{client_id}", label_visibility="collapsed"
    )
    if road is None or blocked:
        return
    is_sudden = road == _SUDDEN
    if is_sudden:
        st.text("For a client who stopped coming: say what is known, note outreach above, and what was left undone.")
    ended_on = st.date_input(
        "Ended on", today, max_value=today, format="YYYY-MM-DD", width=180, key=f"close-on-{client_id}"
    )
    with st.form(key=f"close-{client_id}-{road}", border=False):
        draft = _asked_draft(identity, ending, ended_on, is_sudden)
        st.text(f"For {identity.whose}. The record becomes read-only; check-ins and documents go on.")
        sent = st.form_submit_button("Close the course", type="primary")
    if not sent:
        return
    with errors.shown_to_the_user():
        actor, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            endings.close_course(session, actor, client_id, draft, now, app_context.definitions())
    st.rerun()


def _show_obstacles(ending: Ending, client_id: int) -> bool:
    """What blocks and what warns, each with its way out. True when something blocks."""
    if ending.obstacles:
        rows = [
            plain_table.plain_row(
                {"": "Blocks" if one.is_block else "Warning", "What": one.why, "Way out": one.way_out}
            )
            for one in ending.obstacles
        ]
        plain_table.show(rows, ("", "What", "Way out"), "What", "What stands in the way", f"obstacles-{client_id}")
    return any(one.is_block for one in ending.obstacles)


def _asked_draft(identity: Identity, ending: Ending, ended_on: date, is_sudden: bool) -> EndingDraft:
    key = f"{identity.client_id}-{'sudden' if is_sudden else 'planned'}"
    kinds = [kind for kind in EndingKind if not (is_sudden and kind is EndingKind.COMPLETED)]
    usual = EndingKind.WITHDREW if is_sudden else EndingKind.COMPLETED
    with st.container(horizontal=True):
        kind = st.selectbox(
            "Kind of ending", kinds, index=kinds.index(usual), format_func=KIND_WORDS.__getitem__,
            key=f"close-kind-{key}", width=240,
        )  # fmt: skip
        decided_by = st.selectbox(
            "Decided by", list(DecidedBy), index=1 if is_sudden else 0, format_func=DECIDED_WORDS.__getitem__,
            key=f"close-by-{key}", width=200,
        )  # fmt: skip
    reason = st.text_area("What is known" if is_sudden else "Reason", key=f"close-reason-{key}", height=80)
    not_done = st.text_area("What was not done", key=f"close-undone-{key}", height=80) if is_sudden else ""
    over = ""
    if any(not one.is_block for one in ending.obstacles):
        over = st.text_area("Why it is closed although this is not finished", key=f"close-over-{key}", height=68)
    days, measures = ((), ()) if is_sudden else _ask_check_ins(identity, ending, ended_on)
    return EndingDraft(ended_on, kind, decided_by, reason, is_sudden, not_done, over, days, measures)


def _ask_check_ins(
    identity: Identity, ending: Ending, ended_on: date
) -> tuple[tuple[tuple[int, date], ...], tuple[str, ...]]:
    """The days of the check-ins, proposed and editable, and which questionnaires they ask."""
    client_id, instruments = identity.client_id, app_context.definitions().instruments
    st.text("Check-ins: most relapses of a first year come in its first six months. Empty a day to leave one out.")
    days = []
    with st.container(horizontal=True):
        for month in MONTHS:
            due_on = st.date_input(
                f"At {month} month{'' if month == 1 else 's'}", months_after(ended_on, month), format="YYYY-MM-DD",
                key=f"check-in-{client_id}-{month}-{ended_on}", width=150,
            )  # fmt: skip
            if due_on is not None:
                days.append((month, due_on))
    asked = [key for key in ending.measures if key in instruments]
    measures = st.multiselect(
        "Asked at each", asked, default=asked[:_SET_OF_MEASURES], format_func=lambda key: instruments[key].short_name,
        key=f"check-in-measures-{client_id}", width=520,
    )  # fmt: skip
    return tuple(days), tuple(measures)


def ask_outreach(identity: Identity, today: date) -> None:
    """One dated try to reach the client; drawn when it is asked for."""
    client_id = identity.client_id
    opened = st.expander("Note a try to reach the client", key=f"outreach-ask-{client_id}", on_change="rerun")
    if not opened.open:
        return
    with opened, st.form(key=f"outreach-form-{client_id}", border=False):
        with st.container(horizontal=True):
            tried_on = st.date_input("Tried on", today, max_value=today, format="YYYY-MM-DD", width=160)
            how = st.selectbox("How", list(OutreachWay), index=0, format_func=WAY_WORDS.__getitem__, width=240)
        what = st.text_area("What came of it", height=68, key=fresh.key(f"outreach-what-{client_id}"))
        st.text(f"For {identity.whose}. Not changed afterwards; documents quote it.")
        sent = st.form_submit_button("Keep")
    if not sent or how is None:
        return
    with errors.shown_to_the_user():
        actor, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            endings.note_outreach(session, actor, client_id, Tried(tried_on, how, what), now)
    fresh.begin_again(f"outreach-what-{client_id}")
    st.rerun()


def ask_to_begin(identity: Identity, ending: Ending, today: date) -> None:
    """A new course with its own baseline; the earlier one is kept."""
    client_id = identity.client_id
    again = ending.number > 0
    name = "Begin a new episode" if again else "Begin a course of therapy"
    opened = st.expander(name, key=f"begin-{client_id}", on_change="rerun")
    if not opened.open:
        return
    with opened, st.form(key=f"begin-form-{client_id}-{ending.number}", border=False):
        starts_on = st.date_input("Begins on", today, max_value=today, format="YYYY-MM-DD", width=160)
        needs = st.text_area("What the client comes with, in their words", height=80, key=f"begin-needs-{client_id}")
        kept = " The earlier episode is kept; change is judged from the first score of this one." if again else ""
        st.text(f"For {identity.whose}.{kept}")
        sent = st.form_submit_button("Begin", type="primary")
    if not sent:
        return
    with errors.shown_to_the_user():
        actor, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            episodes.begin_episode(session, actor, client_id, starts_on, needs, now, app_context.definitions())
    st.rerun()
