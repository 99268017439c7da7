"""Measure forms: one questionnaire typed in by its digits, or its scores where no items are held.

The client's id stands in every widget's key and in the value that is saved: what was typed for one client cannot be
filed under another, whichever record is open by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.domain.derived_scores import MEAN, DerivedForm
from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument, Instruments
from lib.domain.people import Actor
from lib.domain.scoring import ScoredForm
from lib.services import measures
from lib.ui import answer_sheet, app_context, errors, typed_answers, words
from lib.ui.answer_sheet import Sheet
from lib.ui.plain import as_label

_FIRST = "phq9"
RESPONDENT_WORDS = {"client": "client", "therapist": "therapist"}
TARGET_WORDS = {
    "general": "in general",
    "mother": "mother",
    "father": "father",
    "partner": "partner",
    "friend": "friend",
    "therapist": "therapist",
    "other": "other person",
    "mean": "mean over people",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which form is filled in, about whom, by whom, on which day, and for which client."""

    client_id: int
    instrument: Instrument
    target: str
    round: int
    taken_on: date
    respondent: str = "client"
    order: str = ""
    as_totals: bool = False

    def key(self, field: str) -> str:
        """The key of one widget of this form, of this client alone; each save begins a new round of empty fields."""
        about = f"{self.target}-{self.respondent}{f'-{self.order}' if self.order else ''}"
        return f"measure-{self.client_id}-{self.instrument.id}-{about}-{self.round}-{field}"


def usual(actor: Actor, client_id: int) -> str:
    """The questionnaire this client is followed by; the PHQ-9 while there is none."""
    now = app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        return measures.usual_instrument(session, actor, client_id, now) or _FIRST


def choose(client_id: int, instruments: Instruments, usual: str, today: date) -> Chosen:
    """Which questionnaire, about whom, answered by whom, and in which of its printed orders.

    The `usual` one is where the box begins, not a value put under the box's own key: a run that is cut short loses
    such a value, and the browser then shows the first."""
    enterable = [key for key, one in instruments.items() if not one.is_derived]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        instrument_id = st.selectbox(
            "Questionnaire",
            enterable,
            index=enterable.index(usual) if usual in enterable else 0,
            format_func=lambda one: f"{instruments[one].short_name} · {instruments[one].name}",
            key=f"measure-{client_id}-which",
            width=430,
        )
        return _chosen(client_id, instruments[instrument_id], today)


def _chosen(client_id: int, instrument: Instrument, today: date) -> Chosen:
    def pick(label: str, options: Mapping[str, str], name: str) -> str:
        if len(options) < 2:
            return next(iter(options))
        key = f"measure-{client_id}-{instrument.id}-{name}"
        return st.selectbox(label, list(options), format_func=lambda one: options[one], key=key, width=150)

    target = pick("About", {one: TARGET_WORDS.get(one, one) for one in instrument.targets}, "about")
    respondent = pick("Answered by", RESPONDENT_WORDS, "by")
    order = pick("Printed order", _orders(instrument), "order")
    ways = {"items": "every answer"} if instrument.items else {}
    way = pick("Entered as", {**ways, "totals": "score only"}, "way")
    again = st.session_state.get(_round_key(client_id), 0)
    key = f"measure-{client_id}-{instrument.id}-{again}-on"
    taken_on = st.date_input("Filled in on", today, max_value=today, format="YYYY-MM-DD", key=key, width=150)
    return Chosen(client_id, instrument, target, again, taken_on, respondent, order, way == "totals")


def _orders(instrument: Instrument) -> dict[str, str]:
    return {"": "as listed here", **{order.key: order.name for order in instrument.orders}}


def begin_anew(chosen: Chosen) -> None:
    """After a save: the next form of this client starts with empty fields, and no answer is kept here."""
    answer_sheet.forget(chosen.key("sheet"))
    st.session_state[_round_key(chosen.client_id)] = chosen.round + 1


def ask(chosen: Chosen, client_code: str, whose: str) -> AdministrationIn | None:
    """The form. A value only when it was sent by its button; raises InvalidInput naming what to mend.

    `whose` is the client's name and code, repeated at the button."""
    if chosen.instrument.order_note:
        st.text(chosen.instrument.order_note)
    if chosen.as_totals:
        return _ask_totals(chosen, client_code, whose)
    sheet = Sheet(chosen.key("sheet"), chosen.instrument, chosen.order, whose, told_before_saving)
    answers = answer_sheet.ask(sheet)
    return None if answers is None else _form(chosen, client_code, answers, {})


def _form(
    chosen: Chosen, code: str, answers: dict[str, int | None] | None, totals: dict[str, float]
) -> AdministrationIn:
    return AdministrationIn(
        client_code=code,
        taken_on=chosen.taken_on,
        instrument=chosen.instrument.id,
        answers=answers,
        totals=totals,
        target=chosen.target,
        respondent=chosen.respondent,
    )


def _ask_totals(chosen: Chosen, client_code: str, whose: str) -> AdministrationIn | None:
    instrument, typed = chosen.instrument, {}
    with st.form(chosen.key("form"), border=False):
        st.text("Only the result of this questionnaire is kept: enter the score as the form gives it.")
        for risk in instrument.risk_items:
            number = next(item.number for item in instrument.items if item.id == risk.item_id)
            st.text(f"▲ Nobody here sees item {number} this way: a flag asks for it until somebody says what was done.")
        with st.container(horizontal=True):
            for scale in instrument.scales:
                typed[scale.key] = st.text_input(
                    as_label(f"{scale.name} ({scale.low:g} to {scale.high:g})"),
                    key=chosen.key(scale.key),
                    max_chars=8,
                    width=260,
                    autocomplete="off",
                )
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save form", type="primary", key=chosen.key("save"))
            st.text(f"for {whose}")
    if not sent:
        return None
    return _form(chosen, client_code, None, typed_answers.read_totals(instrument, typed))


def told_before_saving(instrument: Instrument, scored: ScoredForm) -> tuple[list[str], list[str]]:
    """What the form says, and its risk alerts, before it is saved."""
    lines = saved_in_words(instrument, scored.scales, scored.unscorable)
    lines += [f"Missing items of {instrument.scale(key).name} were filled in by rule." for key in scored.prorated]
    return lines, [alert_in_words(instrument, alert, is_saved=False) for alert in scored.alerts]


def alert_in_words(instrument: Instrument, alert: str, *, is_saved: bool) -> str:
    """A risk alert in plain words, naming the item."""
    flag = "A risk flag is open until somebody records what was done." if is_saved else "Saving opens a risk flag."
    number = {item.id: item.number for item in instrument.items}
    for risk in instrument.risk_items:
        if alert == risk.endorsed_alert:
            return f"Item {number[risk.item_id]} was endorsed. {flag}"
        if alert == risk.missing_alert:
            return f"Item {number[risk.item_id]} was not answered. This is not a zero: ask, and note the answer. {flag}"
    return f"The form raised the alert {alert}. {flag}"


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


def derived_in_words(derived: Sequence[DerivedForm], instruments: Instruments) -> list[str]:
    """What the forms of that day make together, a line a scale, or what is missing for it."""
    lines = []
    for one in derived:
        instrument = instruments[one.instrument]
        about = f", mean over {', '.join(instrument.mean_over)}" if one.target == MEAN else ""
        for scale in instrument.scales:
            value = one.scales[scale.key]
            told = one.unscorable[scale.key] if value is None else words.figure(value, scale.decimals)
            lines.append(f"{scale.name}{about}: {told}.")
    return lines


def _round_key(client_id: int) -> str:
    return f"measure-{client_id}-round"
