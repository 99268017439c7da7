"""Flag forms: every open flag with its reason, and what was done about it in words. A flag stays until then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.domain.flag_changes import RESTS, USUAL_REST
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
    """What was done about one flag of one client, and for how many weeks it may rest."""

    flag_id: int
    client_id: int
    what_was_done: str
    rest_weeks: int = USUAL_REST


def show(
    flags: Sequence[OpenFlag], whose: str, may_answer: bool, today: date, draw_support: Callable[[OpenFlag], None]
) -> FlagResponse | None:
    """Every open flag, risks first; the answer that was sent, if one was. `whose` is repeated at each button.

    `draw_support` is called below a flag whose "Why, and what to consider" is open, for readers too."""
    sent: FlagResponse | None = None
    with st.container(gap=None, key="open-flags"):
        for place, flag in enumerate(sorted(flags, key=lambda one: (not one.is_risk, one.raised_on))):
            is_asked = _show_row(flag, may_answer, today, opens_itself=flag.is_risk and place == 0)
            if st.session_state.get(_support_key(flag), False):
                draw_support(flag)
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
        is_shown = st.session_state.get(_support_key(flag), False)
        st.button(
            "Close" if is_shown else "What may help",
            key=f"{key}-help",
            width=130,
            on_click=_turn_support,
            args=(_support_key(flag), is_shown),
        )
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


def _support_key(flag: OpenFlag) -> str:
    return f"flag-{flag.client_id}-{flag.id}-support-is-open"


def _turn_support(key: str, was_open: bool) -> None:
    st.session_state[key] = not was_open


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
        rest = USUAL_REST if flag.is_risk else _ask_rest(key)
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save response", type="primary", key=f"{key}-save")
            st.text(f"for {whose}")
    return FlagResponse(flag.id, flag.client_id, done, rest) if sent else None


def _ask_rest(key: str) -> int:
    chosen = st.radio(
        "Rests for; then it asks again if its rule still holds",
        RESTS,
        index=RESTS.index(USUAL_REST),
        format_func=lambda weeks: words.count(weeks, "week"),
        horizontal=True,
        key=f"{key}-rest",
    )
    return int(chosen)
