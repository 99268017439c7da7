"""Readiness view: reasons side by side without a sum, and the decision with the reasons that a person gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import streamlit as st

from lib.domain.people import Actor
from lib.domain.readiness import Criterion
from lib.services import readiness
from lib.services.readiness import EndingChoice
from lib.storage.ending_records import StoredDecision
from lib.ui import app_context, errors, gate, words
from lib.ui.client_header import Identity

_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_readiness_board",
    css=(_FILES / "readiness_board.css").read_text(encoding="utf-8"),
    js=(_FILES / "readiness_board.js").read_text(encoding="utf-8"),
)
_COLUMNS = ("Criterion", "Speaks for ending", "Speaks against", "Not known, or yours to weigh")
_CHOICES = {
    EndingChoice.NOT_YET: "Not yet",
    EndingChoice.PLAN_ENDING: "Plan the ending",
    EndingChoice.END_NOW: "End now",
}


def show(actor: Actor, identity: Identity) -> None:
    """The board, the decision, the decisions before."""
    client_id, now = identity.client_id, app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        board = readiness.board_of(session, actor, client_id, now, app_context.definitions())
    st.header("Readiness", anchor=False)
    with st.container(key=f"quiet-readiness-{client_id}"):
        st.text(
            "Reasons side by side, no score; you decide, and the reasons are kept. Every line says where it stands."
        )
    draw(board.criteria, f"readiness-{client_id}", now.date())
    if board.may_decide:
        _ask(identity, now.date())
    _show_decisions(board.decisions, client_id, now.date())


def draw(criteria: Sequence[Criterion], key: str, today: date) -> None:
    """The criteria with the three sides of each."""
    _mount(
        data={
            "columns": list(_COLUMNS),
            "criteria": [
                {
                    "label": one.label,
                    "question": one.question,
                    "sides": [
                        [_told(reason.text, reason.where, reason.on, today) for reason in side]
                        for side in (one.in_favour, one.against, one.unknown)
                    ],
                }
                for one in criteria
            ],
        },
        key=key,
    )


def _told(text: str, where: str, on: date | None, today: date) -> dict[str, str]:
    return {"text": text, "where": where if on is None else f"{where}, {words.day(on, today)}"}


def _ask(identity: Identity, today: date) -> None:
    """What is decided and why. The day is asked for only where an ending is planned."""
    client_id = identity.client_id
    st.header("Decide", anchor=False)
    chosen = st.segmented_control(
        "Decision", list(_CHOICES), format_func=_CHOICES.__getitem__, required=True, default=EndingChoice.NOT_YET,
        key=f"ending-choice-{client_id}", label_visibility="collapsed",
    )  # fmt: skip
    with st.form(key=f"ending-decision-{client_id}", border=False):
        planned_on = None
        if chosen is EndingChoice.PLAN_ENDING:
            ahead = today + timedelta(days=28)
            planned_on = st.date_input(
                "Last session planned for", ahead, min_value=today, format="YYYY-MM-DD", width=220
            )
        reasons = st.text_area("Reasons, in your words", key=f"ending-reasons-{client_id}", height=100)
        st.text(f"For {identity.whose}. Kept with the board as it stands today, and not changed afterwards.")
        sent = st.form_submit_button("Keep the decision", type="primary")
    if not sent:
        return
    with errors.shown_to_the_user():
        actor, now = gate.the_actor(), app_context.now()
        with app_context.writing() as session:
            readiness.decide_ending(
                session, actor, client_id, EndingChoice(chosen), reasons, planned_on, now, app_context.definitions()
            )
    st.session_state.pop(f"ending-reasons-{client_id}", None)
    st.rerun()


def _show_decisions(decisions: Sequence[StoredDecision], client_id: int, today: date) -> None:
    if not decisions:
        return
    st.header("Decided before", anchor=False)
    for one in decisions:
        day = words.day(one.decided_at.astimezone(app_context.now().tzinfo).date(), today)
        for_day = f" for {words.day(one.planned_on, today)}" if one.planned_on is not None else ""
        with st.container(key=f"strong-decision-{client_id}-{one.id}"):
            st.text(f"{_CHOICES[EndingChoice(one.decision)]}{for_day} · {one.decided_by}, {day}")
        st.text(one.reasons)
        with st.expander("The board as it stood", key=f"decision-board-{client_id}-{one.id}"):
            for kept in one.board:
                _show_kept(kept)


def _show_kept(kept: Mapping[str, Any]) -> None:
    sides = (("for", kept["in_favour"]), ("against", kept["against"]), ("not known", kept["unknown"]))
    lines = [f"{name}: {reason['text']}" for name, reasons in sides for reason in reasons]
    st.text("\n".join([str(kept["label"]), *lines]))
