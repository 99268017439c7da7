"""Attention rows: who needs me today, why, since when, and one next step. Reasons are words, never a number alone.

The browser's half is components/attention_rows.js: a row is nodes of one component, not eight elements of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

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
_FILES = Path(__file__).with_name("components")
_mount = st.components.v2.component(
    "secure_base_attention",
    css=(_FILES / "attention_rows.css").read_text(encoding="utf-8"),
    js=(_FILES / "attention_rows.js").read_text(encoding="utf-8"),
)


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


def show(rows: Sequence[AttentionRow], today: date) -> None:
    """Every risk comes first, fifty at once; of the others the first few, and the rest on asking."""
    risks = sum(row.first.level is AttentionLevel.RISK for row in rows)
    shown = max(_SHOWN, min(risks, st.session_state.get(_RISKS, _AT_ONCE)))
    _show_rows(rows[:shown], today, "attention", begins=True)
    if risks > shown:
        _offer_more(f"{words.count(risks - shown, 'more client')} at risk", _RISKS, shown)
    rest = rows[max(shown, risks) :]
    if rest:
        _show_rest(rest, today)


def _show_rest(rest: Sequence[AttentionRow], today: date) -> None:
    said = f"{words.count(len(rest), 'more client')} with a reason, none of them a risk"
    more = st.expander(said, key="attention-rest", on_change="rerun")
    if not more.open:
        return
    listed = st.session_state.get(_OTHERS, _AT_ONCE)
    with more:
        _show_rows(rest[:listed], today, "attention-more", begins=False)
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


def _show_rows(rows: Sequence[AttentionRow], today: date, key: str, begins: bool) -> None:
    """The rows, and the page of the step that was pressed."""
    told = _mount(key=key, data=told_of(rows, today, begins), on_opened_change=lambda: None)
    row = chosen_of(told.get("opened"), rows)
    if row is not None:
        state.open_client(row.client_id)
        navigation.open_page(_PAGES.get(row.first.step, _CLIENT_PAGE))


def told_of(rows: Sequence[AttentionRow], today: date, begins: bool) -> dict[str, Any]:
    """What the browser draws. A risk that stands first on the page is the one thing to do now."""
    return {
        "label": f"{words.count(len(rows), 'client')} with a reason today, the gravest first",
        "rows": [
            {
                "id": row.client_id,
                "level": row.first.level.value,
                "icon": BADGES[row.first.level][0].removeprefix(":material/").removesuffix(":"),
                "colour": BADGES[row.first.level][1],
                "who": row.called,
                "why": _in_words(row.reasons),
                "since": f"since {words.day(row.first.since, today)}",
                "step": row.first.step,
                "urgent": begins and place == 0 and row.first.level is AttentionLevel.RISK,
            }
            for place, row in enumerate(rows)
        ],
    }


def chosen_of(told: object, rows: Sequence[AttentionRow]) -> AttentionRow | None:
    """The row the browser asks for, if it is one of those shown; anything else opens nothing."""
    if not isinstance(told, int) or isinstance(told, bool):
        return None
    return next((row for row in rows if row.client_id == told), None)


def _in_words(reasons: Sequence[AttentionReason]) -> str:
    """The first reason, a second one of the same weight, and how many more there are."""
    said = [reason.reason for reason in reasons[:2]]
    more = len(reasons) - len(said)
    return " ".join(said) + (f" And {more} more." if more else "")
