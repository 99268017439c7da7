"""Review screen: cases to talk about next, what was done, the supervisor's word on one, and sessions of supervision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import supervision
from lib.services.review_queue import Case, ReviewQueue, Topic
from lib.services.supervision import CaseDraft
from lib.services.supervision_exports import Asked, What
from lib.ui import (
    app_context,
    errors,
    export_button,
    fresh,
    gate,
    navigation,
    plain,
    plain_table,
    screen_width,
    state,
    supervision_session,
    supervision_step_form,
    words,
)
from lib.ui.plain_table import Cell, Kind, Row

_CHOSEN = "review-case"
_FIELDS = ("text", "step", "due")  # of the word on a case
_KINDS = {Topic.RISK: Kind.RISK, Topic.WORSE: Kind.WATCH, Topic.OFF_TRACK: Kind.WATCH, Topic.RUPTURE: Kind.WATCH}
_SIGNS = {Topic.RISK: "▲ ", Topic.WORSE: "▲ ", Topic.COSIGN: "◇ "}


def show(actor: Actor, queue: ReviewQueue, now: datetime) -> None:
    """The whole screen."""
    narrow, today = screen_width.is_narrow(), now.date()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("Cases to talk about", anchor=False)
        with st.container(key="quiet-review", width="content"):
            clients = len({case.client_id for case in queue.cases})
            team = words.count(len(queue.therapists), "therapist")
            st.text(f"{words.long_day(today)} · {clients} of {words.count(queue.clients, 'client')} · {team}")
    if not queue.therapists:
        st.text("You supervise nobody today. A practice admin assigns supervision, with its dates.")
        return
    above = st.container()  # the chosen case stands above the list, where it is seen without scrolling
    if not queue.cases:
        st.text(f"Nobody is waiting. Checked {now:%H:%M}: {words.count(queue.clients, 'client')}, nothing open.")
    else:
        opened = _show_table(queue.cases, today, narrow)
        if opened is not None:
            st.session_state[_CHOSEN] = opened
        export_button.tables(Asked(What.QUEUE), "review-queue")
        if queue.cut:
            st.text("More clients ask for somebody than are listed here; the gravest are shown.")
    chosen = [case for case in queue.cases if case.client_id == st.session_state.get(_CHOSEN)]
    if chosen:
        with above:
            _show_case(chosen, now)
    supervision_session.show(actor, queue.therapists, now)


def _show_table(cases: Sequence[Case], today: date, narrow: bool) -> int | None:
    columns = ["What", "Client", "Code", "Therapist", "Why", "Waiting", "What was done", "Agreed"]
    chosen = plain_table.show(
        [_row(case, today) for case in cases],
        [name for name in columns if not (narrow and name in ("Code", "What was done"))],
        head="Client",
        label=f"{words.count(len(cases), 'reason')} to talk about a case; choose a row to say something to it",
        key="review-queue",
    )
    return None if chosen is None else int(chosen)


def _row(case: Case, today: date) -> Row:
    done = case.deed
    told = "nothing recorded" if done is None else f"{words.day(done.done_at.date(), today)}: {_short(done.what)}"
    step = case.last_word
    agreed = "" if step is None else _short(step.agreed_step or step.comment)
    if step is not None and step.done_on is not None:
        agreed = f"done {words.day(step.done_on, today)}"
    elif step is not None and step.said_done_on is not None:
        agreed = _short(supervision_step_form.said_in_words(step, words.day(step.said_done_on, today)))
    waits = f"in {words.count((case.since - today).days, 'day')}" if case.since > today else ""
    return Row(
        {
            "What": Cell(f"{_SIGNS.get(case.topic, '')}{case.topic.value}", _KINDS.get(case.topic, Kind.PLAIN)),
            "Client": Cell(case.name or case.code),
            "Code": Cell(case.code, Kind.CODE),
            "Therapist": Cell(case.therapist),
            "Why": Cell(case.reason),
            "Waiting": Cell(waits or words.waiting(case.since, today)),
            "What was done": Cell(told, Kind.MUTED if done is None else Kind.PLAIN),
            "Agreed": Cell(agreed),
        },
        str(case.client_id),
    )


def _short(text: str, most: int = 44) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _show_case(cases: Sequence[Case], now: datetime) -> None:
    """One case: every reason, what was done in full, and room for a comment and an agreed step."""
    case, today = cases[0], now.date()
    client_id = case.client_id
    with st.container(border=True, key=f"asks-case-{client_id}"):
        st.header(plain.as_label(case.name or case.code), anchor=False)
        with st.container(key=f"quiet-case-{client_id}"):
            st.text(f"{case.code} · with {case.therapist}")
        lines = [f"{one.topic.value}: {one.reason}" for one in cases]
        if case.deed is not None:
            done_on = words.day(case.deed.done_at.date(), today)
            lines.append(f"Done, {done_on}, {case.deed.who}: {case.deed.what}")
        if case.last_word is not None:
            word, said_on = case.last_word, words.day(case.last_word.written_at.date(), today)
            lines += [f"You, {said_on}: {word.comment}"] if word.comment else []
            lines += [f"Agreed, {said_on}: {word.agreed_step}"] if word.agreed_step else []
            answer = supervision_step_form.said_in_words(case.last_word, words.day(case.last_word.said_done_on, today))
            lines += [f"{case.last_word.therapist} {answer}"] if answer else []
        st.text("\n".join(lines))
        draft = _ask(client_id, today)
        with st.container(horizontal=True, gap="small"):
            if st.button("Open the record", icon=":material/folder_open:", key=f"review-open-{client_id}"):
                state.open_client(client_id)
                navigation.open_page("pages/clinician/client.py")
            st.button("Close", key=f"review-close-{client_id}", on_click=st.session_state.pop, args=(_CHOSEN, None))
    if draft is None:
        return
    actor = gate.the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        supervision.comment_on_case(session, actor, client_id, draft, now)
    fresh.begin_again(*(f"comment-{name}-{client_id}" for name in _FIELDS))
    st.rerun()


def _ask(client_id: int, today: date) -> CaseDraft | None:
    keys = {name: fresh.key(f"comment-{name}-{client_id}") for name in _FIELDS}
    with st.form(f"comment-{client_id}", border=False):
        comment = st.text_area("Your comment, for the therapist", key=keys["text"], height=80)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            step = st.text_input("Agreed next step", key=keys["step"])
            due_on = st.date_input("Due", None, min_value=today, format="YYYY-MM-DD", key=keys["due"], width=170)
        sent = st.form_submit_button("Keep", type="primary", icon=":material/save:")
    return CaseDraft(comment, step, due_on) if sent else None
