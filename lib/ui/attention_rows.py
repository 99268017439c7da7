"""Attention rows: who needs me today, why, since when, and one next step. Reasons are words, never a number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import streamlit as st

from lib.domain.flags import AttentionLevel
from lib.domain.standing import ATTENTION_ORDER, AttentionReason, StandingDetail
from lib.ui import navigation, state, words

Colour = Literal["red", "orange", "blue"]
BADGES: dict[AttentionLevel, tuple[str, Colour]] = {
    AttentionLevel.RISK: (":material/emergency_home:", "red"),
    AttentionLevel.WATCH: (":material/visibility:", "orange"),
    AttentionLevel.PREPARE: (":material/event_note:", "blue"),
}
_PAGES = {"Plan measure": "pages/clinician/measures.py", "Rate markers": "pages/clinician/measures.py"} | dict.fromkeys(
    ("Hold check-in", "Read the plan"), "pages/clinician/ending.py"
)
_CLIENT_PAGE = "pages/clinician/client.py"
_SHOWN = 6
_RISKS, _OTHERS = "attention-risks-shown", "attention-others-shown"
_AT_ONCE = 50  # of a very long list; the rest comes on asking, and its number is always said


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """One client with every reason that holds today, the gravest first."""

    client_id: int
    called: str
    reasons: tuple[AttentionReason, ...]

    @property
    def first(self) -> AttentionReason:
        """The gravest and oldest reason: its level marks the row, its step is the button."""
        return self.reasons[0]


def rows_of(standings: Sequence[tuple[int, StandingDetail]], today: date) -> list[AttentionRow]:
    """A row for each client with a reason today: risk before watch before prepare, the oldest first."""
    rows = [
        AttentionRow(client_id, detail.name or detail.code, reasons)
        for client_id, detail in standings
        if (reasons := detail.reasons_on(today))
    ]
    return sorted(rows, key=lambda row: (ATTENTION_ORDER[row.first.level], row.first.since, row.called))


def show(rows: Sequence[AttentionRow], today: date, narrow: bool) -> None:
    """Every risk comes first, fifty at once; of the others the first few, and the rest on asking."""
    risks = sum(row.first.level is AttentionLevel.RISK for row in rows)
    shown = max(_SHOWN, min(risks, st.session_state.get(_RISKS, _AT_ONCE)))
    with st.container(gap=None, key="attention"):
        for place, row in enumerate(rows[:shown]):
            _show_row(row, today, place == 0, narrow)
    if risks > shown:
        _offer_more(f"{words.count(risks - shown, 'more client')} at risk", _RISKS, shown)
    rest = rows[max(shown, risks) :]
    if rest:
        _show_rest(rest, today, narrow)


def _show_rest(rest: Sequence[AttentionRow], today: date, narrow: bool) -> None:
    said = f"{words.count(len(rest), 'more client')} with a reason, none of them a risk"
    more = st.expander(said, key="attention-rest", on_change="rerun")
    if not more.open:  # eight elements a row: closed, they would cost every page load
        return
    listed = st.session_state.get(_OTHERS, _AT_ONCE)
    with more:
        with st.container(gap=None, key="attention-more"):
            for row in rest[:listed]:
                _show_row(row, today, False, narrow)
        if len(rest) > listed:
            _offer_more(words.count(len(rest) - listed, "more client"), _OTHERS, listed)


def _offer_more(said: str, name: str, shown: int) -> None:
    """How many are not shown yet, and the next fifty on one press."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"strong-{name}"):
        st.text(said)
        st.button(
            f"Show the next {_AT_ONCE}", key=f"more-{name}", on_click=st.session_state.update,
            args=({name: shown + _AT_ONCE},),
        )  # fmt: skip


def _show_row(row: AttentionRow, today: date, is_first: bool, narrow: bool) -> None:
    """Badge, name, reason, since and button; on a narrow screen the reason stands on a line of its own."""
    with st.container(key=f"row-{row.client_id}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _show_who(row)
            if narrow:
                st.space("stretch")
            else:
                with st.container(width="stretch"):
                    st.text(_in_words(row.reasons))
            with st.container(key=f"quiet-{row.client_id}", width=120):
                st.text(f"since {words.day(row.first.since, today)}")
            is_urgent = is_first and row.first.level is AttentionLevel.RISK
            if st.button(
                row.first.step, key=f"go-{row.client_id}", width=150, type="primary" if is_urgent else "secondary"
            ):
                state.open_client(row.client_id)
                navigation.open_page(_PAGES.get(row.first.step, _CLIENT_PAGE))
        if narrow:
            st.text(_in_words(row.reasons))


def _show_who(row: AttentionRow) -> None:
    icon, colour = BADGES[row.first.level]
    with st.container(width=92):
        st.badge(row.first.level.value, icon=icon, color=colour)
    with st.container(key=f"strong-{row.client_id}", width=150):
        st.text(row.called)


def _in_words(reasons: Sequence[AttentionReason]) -> str:
    """The first reason, a second one of the same weight, and how many more there are."""
    said = [reason.reason for reason in reasons[:2]]
    more = len(reasons) - len(said)
    return " ".join(said) + (f" And {more} more." if more else "")
