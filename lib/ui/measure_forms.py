"""Measure forms: one questionnaire typed in by number keys and Tab, or its totals where no items are held.

The client's id stands in every widget's key and in the value that is saved: what was typed for one client cannot be
filed under another, whichever record is open by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import streamlit as st

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument, Instruments, Item
from lib.ui import typed_answers, words
from lib.ui.plain import as_label

USUAL = "phq9"
_WIDTH = 860  # a digit must stand near its question
TARGET_WORDS = {
    "general": "in general",
    "mother": "mother",
    "father": "father",
    "partner": "partner",
    "friend": "friend",
    "therapist": "therapist",
    "other": "other person",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which form is filled in, about whom, and for which client."""

    client_id: int
    instrument: Instrument
    target: str
    round: int

    def key(self, field: str) -> str:
        """The key of one widget of this form, of this client alone; each save begins a new round of empty fields."""
        return f"measure-{self.client_id}-{self.instrument.id}-{self.target}-{self.round}-{field}"


def choose(client_id: int, instruments: Instruments) -> Chosen:
    """Which questionnaire, and whom the answers are about where it asks about more than one person.

    Another page may have said which questionnaire is usual for this client; else the first with items."""
    which = f"measure-{client_id}-which"
    usual = st.session_state.get(which)
    if usual not in instruments:
        st.session_state[which] = USUAL if USUAL in instruments else next(iter(instruments))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        instrument_id = st.selectbox(
            "Questionnaire",
            list(instruments),
            format_func=lambda one: f"{instruments[one].short_name} · {instruments[one].name}",
            key=which,
            width=430,
        )
        instrument = instruments[instrument_id]
        target = instrument.targets[0]
        if len(instrument.targets) > 1:
            target = st.selectbox(
                "About",
                instrument.targets,
                format_func=lambda one: TARGET_WORDS.get(one, one),
                key=f"measure-{client_id}-{instrument_id}-about",
                width=190,
            )
    return Chosen(client_id, instrument, target, st.session_state.get(_round_key(client_id), 0))


def begin_anew(client_id: int) -> None:
    """After a save: the next form of this client starts with empty fields."""
    st.session_state[_round_key(client_id)] = st.session_state.get(_round_key(client_id), 0) + 1


def ask(chosen: Chosen, client_code: str, whose: str, today: date) -> AdministrationIn | None:
    """The form. A value only when it was sent by its button; raises InvalidInput naming what to mend.

    `whose` is the client's name and code, repeated at the button."""
    instrument = chosen.instrument
    with st.form(chosen.key("form"), border=False):
        taken_on = st.date_input(
            "Filled in on", today, max_value=today, format="YYYY-MM-DD", key=chosen.key("on"), width=190
        )
        typed = _ask_totals(chosen) if instrument.totals_only else _ask_items(chosen)
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save form", type="primary", key=chosen.key("save"))
            st.text(f"for {whose}")
    if not sent:
        return None
    return AdministrationIn(
        client_code=client_code,
        taken_on=taken_on,
        instrument=instrument.id,
        answers=None if instrument.totals_only else typed_answers.read_answers(instrument, typed),
        totals=typed_answers.read_totals(instrument, typed) if instrument.totals_only else {},
        target=chosen.target,
    )


def _ask_items(chosen: Chosen) -> dict[str, str]:
    instrument = chosen.instrument
    if instrument.stem:
        st.text(instrument.stem)
    st.text(_legend(instrument))
    if all(item.text for item in instrument.items):
        return _ask_rows(chosen)
    with st.container(horizontal=True, gap="small", width=_WIDTH):
        return {item.id: _ask_digit(chosen, item, 76, "visible") for item in instrument.items}


def _ask_rows(chosen: Chosen) -> dict[str, str]:
    """Each question with its field beside it."""
    typed = {}
    with st.container(gap="xxsmall", width=_WIDTH, key=chosen.key("rows")):
        for item in chosen.instrument.items:
            row = f"row-item-{chosen.key(item.id)}"
            with st.container(key=row, horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
                st.text(f"{item.number}. {item.text}", width="stretch")
                typed[item.id] = _ask_digit(chosen, item, 64, "collapsed")
    return typed


def _ask_digit(chosen: Chosen, item: Item, width: int, label: Literal["visible", "collapsed"]) -> str:
    # Not escaped: items are the product's own text, and a screen reader would read the escapes aloud.
    return st.text_input(
        f"{item.number}. {item.text}" if item.text else f"Item {item.number}",
        key=chosen.key(item.id),
        max_chars=len(str(chosen.instrument.maximum)),
        width=width,
        label_visibility=label,
        autocomplete="off",
    )


def _ask_totals(chosen: Chosen) -> dict[str, str]:
    st.text("Only the result of this questionnaire is kept: enter the total as the form gives it.")
    typed = {}
    with st.container(horizontal=True):
        for scale in chosen.instrument.scales:
            typed[scale.key] = st.text_input(
                as_label(f"{scale.name} ({scale.low:g} to {scale.high:g})"),
                key=chosen.key(scale.key),
                max_chars=8,
                width=260,
                autocomplete="off",
            )
    return typed


def _legend(instrument: Instrument) -> str:
    if not instrument.options:
        return f"Answers {instrument.minimum} to {instrument.maximum}; leave empty what was not answered."
    told = " · ".join(f"{instrument.minimum + place} {option}" for place, option in enumerate(instrument.options))
    return f"{told} · leave empty what was not answered"


def saved_in_words(instrument: Instrument, scales: dict[str, float | None], unscorable: dict[str, str]) -> list[str]:
    """One line a scale: its value and range, or why it has none."""
    lines = []
    for scale in instrument.scales:
        value = scales.get(scale.key)
        if value is None:
            lines.append(f"{scale.name}: no score, because {unscorable.get(scale.key, 'nothing was given')}.")
        else:
            lines.append(f"{scale.name}: {words.figure(value, scale.decimals)} of {scale.low:g} to {scale.high:g}.")
    return lines


def _round_key(client_id: int) -> str:
    return f"measure-{client_id}-round"
