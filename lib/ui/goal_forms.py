"""Goal forms: a goal agreed in the client's words, and how far each was reached, by Goal Attainment Scaling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.domain.clinical_model import Marker
from lib.domain.errors import InvalidInput
from lib.domain.goal_scaling import ATTAINED_WORDS
from lib.domain.goals import LONGEST, GoalDraft
from lib.services.client_markers import StoredGoal
from lib.ui import words

OPEN = "not rated"


def ask_attained(
    client_id: int, goals: Sequence[StoredGoal], number: int, whose: str, today: date
) -> tuple[date, dict[int, int]] | None:
    """How far each open goal was reached on a day, by goal id; None until it was sent. What is left open is not rated.

    No earlier attainment is shown before the new one is saved. Raises InvalidInput when nothing was rated."""
    key = f"goals-{client_id}-{number}"
    with st.form(f"{key}-rate", border=False):
        rated_on = st.date_input("Rated on", today, max_value=today, format="YYYY-MM-DD", key=f"{key}-on", width=170)
        chosen = {goal.id: _ask_one(goal, key, today) for goal in goals}
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save goals", type="primary", key=f"{key}-save")
            st.text(f"for {whose}")
    if not sent:
        return None
    given = {goal_id: attained for goal_id, attained in chosen.items() if attained is not None}
    if not given:
        raise InvalidInput("No goal is rated.", "Choose how far one was reached.", "attained")
    return rated_on, given


def _ask_one(goal: StoredGoal, key: str, today: date) -> int | None:
    with st.container(key=f"strong-{key}-{goal.id}"):
        st.text(goal.goal)
    for step in ATTAINED_WORDS:
        told = goal.levels.get(str(step), "")
        if told:
            st.text(f"{step:+d}   {told}")
    st.text(f"agreed {words.day(goal.agreed_on, today)}, weight {goal.weight:g}")
    return st.radio(
        "How far it was reached", list(ATTAINED_WORDS), index=None, horizontal=True,
        format_func=lambda step: f"{step:+d} {ATTAINED_WORDS[step]}", key=f"{key}-attained-{goal.id}",
    )  # fmt: skip


def ask_goal(client_id: int, markers: dict[str, Marker], number: int, whose: str, today: date) -> GoalDraft | None:
    """A new goal; None until it was sent."""
    key = f"goals-{client_id}-{number}-new"
    with st.form(key, border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            marker = st.selectbox(
                "Marker", list(markers), format_func=lambda one: markers[one].label, key=f"{key}-marker", width=190
            )
            agreed_on = st.date_input(
                "Agreed on", today, max_value=today, format="YYYY-MM-DD", key=f"{key}-on", width=170
            )
            weight = st.number_input("Weight", 0.5, 10.0, 1.0, 0.5, key=f"{key}-weight", width=120)
        goal = st.text_input("Goal, in the client's words", max_chars=LONGEST, key=f"{key}-goal")
        levels = {
            step: st.text_input(f"{step:+d} {told}, if you like", max_chars=LONGEST, key=f"{key}-level-{step}").strip()
            for step, told in ATTAINED_WORDS.items()
        }
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Keep goal", key=f"{key}-save")
            st.text(f"for {whose}")
    if not sent:
        return None
    return GoalDraft(marker, goal.strip(), agreed_on, weight, {step: said for step, said in levels.items() if said})
