"""Expected response in the settings: which versions hold, on how many closed courses, and fitting them anew."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.expected_response import FEWEST_CLIENTS
from lib.domain.people import Actor
from lib.services import expected_response
from lib.services.expected_response import Fitted
from lib.ui import app_context, errors, words
from lib.ui.gate import the_actor

_TOLD = "expected-response-told"


def show(actor: Actor) -> None:
    """What holds now, the button, and what came of pressing it."""
    today = app_context.today()
    with errors.shown_to_the_user(), app_context.reading() as session:
        fitted = expected_response.fitted_responses(session, actor, app_context.definitions())
    st.header("Expected response", anchor=False)
    st.text(
        "A band on the charts and a flag that say how this practice's own closed courses went from a like beginning."
        f" It is fitted on closed courses alone, from {FEWEST_CLIENTS} of a measure on, and never shown below that."
        " It is the one figure that depends on other clients."
    )
    for one in fitted:
        st.text(in_words(one, today))
    if not fitted:
        st.text("Nothing is fitted yet: charts show no expectation and no flag rests on one.")
    if st.button("Fit on the closed courses", icon=":material/query_stats:", key="fit-responses"):
        actor, now, definitions = the_actor(), app_context.now(), app_context.definitions()
        with errors.shown_to_the_user(), app_context.writing() as session:
            found = expected_response.fit_responses(session, actor, now, definitions)
        st.session_state[_TOLD] = [in_words(one, today) for one in found] or ["No closed course has four scores yet."]
        st.rerun()
    for sentence in st.session_state.pop(_TOLD, []):
        st.text(sentence)


def in_words(one: Fitted, today: date) -> str:
    """One measure's state in a sentence."""
    if one.version is None:
        return f"{one.name}: no expected response, because there are {one.why} ({one.clients} so far)."
    return (
        f"{one.name}: version {one.version}, fitted {words.day(one.fitted_on, today)}"
        f" on {words.count(one.clients, 'closed course')}."
    )
