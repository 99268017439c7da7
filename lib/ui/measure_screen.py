"""Measure screen: a form saved, and at once what it says."""

from __future__ import annotations

import streamlit as st

from lib.domain.form_changes import Outcome
from lib.domain.instruments import Instrument
from lib.domain.people import Actor
from lib.services import derived_measures, measures
from lib.services.measures import EnteredForm
from lib.ui import app_context, errors, measure_forms, words
from lib.ui.client_header import Identity

OUTCOME_WORDS = {
    Outcome.NEW: "Saved",
    Outcome.CORRECTED: "Saved as a correction; the earlier answers are kept",
    Outcome.UNCHANGED: "Nothing changed: the same form of that day is already in the record",
}


def ask_what(client_id: int) -> str:
    """A questionnaire, a marker rating, or a form for the client; another page may have said which."""
    key = f"measures-what-{client_id}"
    st.session_state.setdefault(key, "Questionnaire")
    chosen = st.segmented_control(
        "What to enter",
        ["Questionnaire", "Marker rating", "Ask the client"],
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return str(chosen)


def enter_form(actor: Actor, identity: Identity) -> None:
    """Choose a questionnaire, type it in, save it for this client, and show what came of it."""
    definitions, today = app_context.definitions(), app_context.today()
    shown = f"measure-saved-{identity.client_id}"
    if shown in st.session_state:
        _show_saved(st.session_state[shown], identity)
    usual = measure_forms.usual(actor, identity.client_id)
    chosen = measure_forms.choose(identity.client_id, definitions.instruments, usual, today)
    with errors.shown_to_the_user():
        form = measure_forms.ask(chosen, identity.code, identity.whose)
        if form is None:
            return
        now = app_context.now()
        with app_context.writing() as session:
            entered = measures.enter_form(session, actor, chosen.client_id, form, now, definitions)
            derived = derived_measures.derived_of_day(
                session, actor, chosen.client_id, chosen.instrument.id, form.taken_on, now, definitions
            )
    lines = measure_forms.saved_in_words(chosen.instrument, entered.scored.scales, entered.scored.unscorable)
    lines.insert(0, f"{OUTCOME_WORDS[entered.outcome]}. {now:%H:%M}, form of {words.day(form.taken_on, today)}.")
    together = measure_forms.derived_in_words(derived, definitions.instruments)
    st.session_state[shown] = _told(entered, chosen.instrument, [*lines, *together])
    measure_forms.begin_anew(chosen)
    st.rerun()


def _told(entered: EnteredForm, instrument: Instrument, lines: list[str]) -> dict[str, list[str]]:
    """What the next run shows; no answer is kept."""
    scored = entered.scored
    filled = [f"Missing items of {instrument.scale(key).name} were filled in by rule." for key in scored.prorated]
    alerts = [measure_forms.alert_in_words(instrument, alert, is_saved=True) for alert in scored.alerts]
    return {"lines": [*lines, *filled], "alerts": alerts}


def _show_saved(told: dict[str, list[str]], identity: Identity) -> None:
    with st.container(border=True, key=f"saved-{identity.client_id}"):
        for line in told["lines"]:
            st.text(line)
        for alert in told["alerts"]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.badge("Risk", icon=":material/emergency_home:", color="red")
                st.text(alert)
