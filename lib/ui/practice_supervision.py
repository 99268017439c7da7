"""Supervision as the practice admin sees it: who answers for whom, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from lib.domain.people import Role
from lib.services import people
from lib.storage.account_queries import PersonRow
from lib.storage.people_queries import SupervisionRow
from lib.ui import app_context, done_words, errors, plain_table, words
from lib.ui.gate import the_actor
from lib.ui.practice_people import person_words

_COLUMNS = ("Supervisor", "Therapist", "From", "Last day", "State")


def show(supervisions: Sequence[SupervisionRow], everybody: Sequence[PersonRow], today: date) -> None:
    """The list and its two forms."""
    if supervisions:
        rows = [_row(one, today) for one in supervisions]
        plain_table.show(rows, _COLUMNS, "Supervisor", "Supervision in this practice", "supervisions")
    else:
        st.text("Nobody answers for anybody yet. A supervisor sees a therapist's clients only after this is entered.")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Begin a supervision")
        _begin(everybody, today)
        done_words.show("supervision-begun")
    with right:
        st.header("End a supervision")
        _end(supervisions, today)
        done_words.show("supervision-ended")


def with_role(everybody: Sequence[PersonRow], role: Role) -> dict[int, str]:
    """Open accounts that have this role, in words, by id."""
    return {one.account_id: person_words(one) for one in everybody if role in one.roles and not one.is_disabled}


def _row(one: SupervisionRow, today: date) -> plain_table.Row:
    return plain_table.plain_row(
        {
            "Supervisor": one.supervisor_name,
            "Therapist": one.therapist_name,
            "From": words.day(one.starts_on, today),
            "Last day": words.day(one.ends_on, today) if one.ends_on else "open",
            "State": _state(one, today),
        }
    )


def _state(row: SupervisionRow, today: date) -> str:
    if row.ends_on is not None and row.ends_on < today:
        return "ended"
    return "to come" if row.starts_on > today else "now"


def _begin(everybody: Sequence[PersonRow], today: date) -> None:
    supervisors, therapists = with_role(everybody, Role.SUPERVISOR), with_role(everybody, Role.THERAPIST)
    if not supervisors or not therapists:
        st.text("It takes an account as supervisor and one as therapist. Add them under Accounts.")
        return
    with st.form("begin_supervision"):
        supervisor = st.selectbox("Supervisor", list(supervisors), None, format_func=supervisors.__getitem__)
        therapist = st.selectbox("Therapist", list(therapists), None, format_func=therapists.__getitem__)
        starts_on = st.date_input("First day", today, format="YYYY-MM-DD")
        ends_on = st.date_input("Last day, if known", None, format="YYYY-MM-DD")
        if not st.form_submit_button("Begin", type="primary"):
            return
        if supervisor is None or therapist is None:
            st.text("Choose the supervisor and the therapist first.")
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        people.supervise(session, actor, supervisor, therapist, app_context.now(), starts_on=starts_on, ends_on=ends_on)
    begins = words.day(starts_on, today) if starts_on else "today"
    done_words.keep(
        "supervision-begun", f"{supervisors[supervisor]} answers for {therapists[therapist]} from {begins} on."
    )
    st.rerun()


def _end(supervisions: Sequence[SupervisionRow], today: date) -> None:
    running = {one.supervision_id: one for one in supervisions if one.ends_on is None or one.ends_on >= today}
    if not running:
        st.text("None is running.")
        return

    def in_words(supervision_id: int) -> str:
        return f"{running[supervision_id].supervisor_name} for {running[supervision_id].therapist_name}"

    with st.form("end_supervision"):
        chosen = st.selectbox("Which", list(running), None, format_func=in_words)
        yesterday = today - timedelta(days=1)
        last_day = st.date_input("Last day, included: yesterday ends it at once", yesterday, format="YYYY-MM-DD")
        if not st.form_submit_button("End it"):
            return
        if chosen is None or last_day is None:
            st.text("Choose which one ends, and its last day.")
            return
    actor = the_actor()
    with errors.shown_to_the_user(), app_context.writing() as session:
        people.end_supervision(session, actor, chosen, last_day, app_context.now())
    done_words.keep("supervision-ended", f"{in_words(chosen)}: the last day is {words.day(last_day, today)}.")
    st.rerun()
