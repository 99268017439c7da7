"""Flag forms: every open flag with its reason, and what was done about it in words. A flag stays until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.domain.flags import rule_of
from lib.ui import words
from lib.ui.attention_rows import BADGES


@dataclass(frozen=True, slots=True)
class OpenFlag:
    """A flag without an answer. `reason` is shown as plain text."""

    id: int
    client_id: int
    kind: str
    is_risk: bool
    reason: str
    raised_on: date


@dataclass(frozen=True, slots=True)
class FlagResponse:
    """What was done about one flag of one client."""

    flag_id: int
    client_id: int
    what_was_done: str


def show(flags: Sequence[OpenFlag], whose: str, may_answer: bool, today: date) -> FlagResponse | None:
    """Every open flag, risks first; the answer that was sent, if one was. `whose` is repeated at each button."""
    sent: FlagResponse | None = None
    with st.container(gap=None, key="open-flags"):
        for place, flag in enumerate(sorted(flags, key=lambda one: (not one.is_risk, one.raised_on))):
            is_asked = _show_row(flag, may_answer, today, opens_itself=flag.is_risk and place == 0)
            if is_asked:
                sent = _ask(flag, whose) or sent
    return sent


def _show_row(flag: OpenFlag, may_answer: bool, today: date, opens_itself: bool) -> bool:
    """Badge, reason, since and the button that opens the form. Returns whether the form is open."""
    key = f"flag-{flag.client_id}-{flag.id}"
    level = rule_of(flag.kind).level
    icon, colour = BADGES[level]
    with st.container(key=f"row-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width=92):
            st.badge(level.value, icon=icon, color=colour)
        with st.container(width="stretch"):
            st.text(flag.reason)
        with st.container(key=f"quiet-{key}", width=120):
            st.text(f"since {words.day(flag.raised_on, today)}")
        if not may_answer:
            return False
        is_open = st.session_state.get(f"{key}-is-open", opens_itself)
        st.button(
            "Not now" if is_open else "Record response",
            key=f"{key}-open",
            width=150,
            on_click=_turn,
            args=(key, is_open),
        )
    return is_open


def _turn(key: str, was_open: bool) -> None:
    st.session_state[f"{key}-is-open"] = not was_open


def _ask(flag: OpenFlag, whose: str) -> FlagResponse | None:
    key = f"flag-{flag.client_id}-{flag.id}"
    with st.form(f"{key}-form"):
        done = st.text_area(
            "What was done",
            key=f"{key}-done",
            height=72,
            max_chars=4000,
            placeholder="Asked about it in session; agreed who to call; told the GP …",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save response", type="primary", key=f"{key}-save")
            st.text(f"for {whose}")
    return FlagResponse(flag.id, flag.client_id, done) if sent else None
