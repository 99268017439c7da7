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
    for flag in sorted(flags, key=lambda one: (not one.is_risk, one.raised_on)):
        with st.container(key=f"row-flag-{flag.client_id}-{flag.id}", gap="small"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                level = rule_of(flag.kind).level
                icon, colour = BADGES[level]
                with st.container(width=92):
                    st.badge(level.value, icon=icon, color=colour)
                with st.container(width="stretch"):
                    st.text(flag.reason)
                with st.container(key=f"quiet-flag-{flag.client_id}-{flag.id}", width=150):
                    st.text(f"since {words.day(flag.raised_on, today)}")
            if may_answer:
                sent = _ask(flag, whose) or sent
    return sent


def _ask(flag: OpenFlag, whose: str) -> FlagResponse | None:
    key = f"flag-{flag.client_id}-{flag.id}"
    with st.expander("Record response", expanded=flag.is_risk), st.form(f"{key}-form", border=False):
        done = st.text_area(
            "What was done",
            key=f"{key}-done",
            height=80,
            max_chars=4000,
            placeholder="Asked about it in session; agreed who to call; told the GP …",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save response", type="primary", key=f"{key}-save")
            st.text(f"for {whose}")
    return FlagResponse(flag.id, flag.client_id, done) if sent else None
