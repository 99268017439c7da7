"""Turn-round screen: the clinician ticks what may be shown; then the client's own page, large and plain.

On the client's page stand no flag, no code, no other name. The sign-in itself is turned meanwhile: every address and
every tab of this browser lands here, and the way back to the ticks asks for the password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from lib.domain.errors import UserFacingError
from lib.domain.people import Actor
from lib.domain.turn_round import Chosen, ClientsOwn, Section
from lib.services import accounts, turn_round, turned_screen
from lib.ui import (
    app_context,
    client_choice,
    client_header,
    errors,
    frame,
    navigation,
    note_acts,
    palette,
    screen_width,
    state,
    turn_round_drawing,
    words,
)

_PROBLEM = "turn-back-problem"
_TICKS = {
    Section.CAME_WITH: "What they came with: the needs at the start and the goals",
    Section.MOMENTS: "Moments of connection",
    Section.PRACTISED: "What they practised, and what they learned",
    Section.BELIEFS: "Beliefs in their own words, then and now",
    Section.MARKERS: "The five markers, as plain sentences",
    Section.MEASURES: "Questionnaires, where they help",
    Section.ALLIANCE: "How they rated the work together: only if you agreed on it with them",
}
_TITLES = {
    Section.CAME_WITH: "What I came with",
    Section.MOMENTS: "Moments that counted",
    Section.PRACTISED: "What I practised",
    Section.BELIEFS: "What I told myself, then and now",
    Section.MARKERS: "Where I am now",
    Section.MEASURES: "My questionnaires",
    Section.ALLIANCE: "Working together",
}


# --- the clinician's half --------------------------------------------------------------------------------


def show_choice(actor: Actor, client_id: int) -> None:
    """The ticks, and the button that turns the screen round."""
    identity, now = client_choice.open_identity(actor, "Turn it round"), app_context.now()
    with errors.shown_to_the_user(), app_context.reading() as session:
        before = turn_round.chosen(session, actor, client_id, now)
    st.title("Turn it round", anchor=False)
    client_header.show(identity, now.date())
    with st.form(f"turn-round-{client_id}"):
        st.text("What may be shown? It is remembered for this client. Read the page yourself before you turn it round.")
        ticked = [
            section
            for section, label in _TICKS.items()
            if st.checkbox(label, section in before.sections, key=f"turn-round-{client_id}-{section}")
        ]
        _say_agreed(before, now.date())
        sent = st.form_submit_button("Show the client's page", type="primary", key=f"turn-round-{client_id}-go")
    if st.button("Back to the record", key=f"turn-round-{client_id}-back"):
        navigation.open_page("pages/clinician/client.py")
    if sent:
        with errors.shown_to_the_user(), app_context.writing() as session:
            turn_round.choose(session, actor, client_id, ticked, now)
            turned_screen.turn(session, actor, app_context.token(), client_id, now)
        st.rerun()


def _say_agreed(before: Chosen, today: date) -> None:
    if before.alliance_agreed_on is not None:
        with st.container(key="quiet-alliance-agreed"):
            st.text(f"Showing the alliance was agreed on {words.day(before.alliance_agreed_on, today)}.")


# --- the client's half -----------------------------------------------------------------------------------


def show_clients_own(actor: Actor, client_id: int) -> None:
    """The client's page. The way back is made first: it must stand when the record may not be read any more."""
    page, foot = st.container(key="clients-own"), st.container(key="not-printed")
    with foot:
        _show_way_back()
    with page:
        _show_own(actor, client_id)


def _show_own(actor: Actor, client_id: int) -> None:
    now, definitions = app_context.now(), app_context.definitions()
    with errors.shown_to_the_user(), app_context.reading() as session:
        own = turn_round.clients_own(session, actor, client_id, now, definitions)
    st.title("My progress", anchor=False)
    if own.name:
        st.text(own.name)
    shown = [section for section in Section if own.chosen.shows(section)]
    for section in shown:
        st.header(_TITLES[section], anchor=False)
        _DRAWN.get(section, _show_lines)(own, section, now.date())
    if not shown:
        st.text("Nothing was chosen to be shown.")


def _show_way_back() -> None:
    problem: UserFacingError | None = st.session_state.pop(_PROBLEM, None)
    with st.expander("For the therapist", expanded=problem is not None):
        with st.form("turn-back-form", clear_on_submit=True, border=False):
            note_acts.password_field("turn-back-password")
            st.form_submit_button("End this view", key="turn-back", on_click=_turn_back)
        if problem is not None:
            errors.show(problem)
        signed_in = app_context.signed_in()
        if signed_in is not None:
            frame.sign_out_form(signed_in)


def _turn_back() -> None:
    """After the password; a wrong one is counted as at the door."""
    actor, now = app_context.actor(), app_context.now()
    if actor is None:
        return
    password = st.session_state.get("turn-back-password") or ""
    try:
        with app_context.writing() as session:
            client_id = turned_screen.turn_back(session, actor, app_context.token(), password, now)
    except UserFacingError as error:
        with app_context.writing() as session:
            accounts.count_if_wrong_password(session, actor, error, now)
        st.session_state[_PROBLEM] = error
    else:
        state.open_client(client_id)


def _show_lines(own: ClientsOwn, section: Section, today: date) -> None:
    lines = own.lines.get(section, ())
    for line in lines:
        on = words.day(line.on, today) if line.on else ""
        st.text(" · ".join(part for part in (on, line.said, line.more) if part))
    if not lines:
        st.text("Nothing is written down here yet.")


def _show_beliefs(own: ClientsOwn, section: Section, today: date) -> None:
    for one in own.beliefs:
        st.text(f"“{one.words}”")
        weighed = (("At first it felt", one.then), ("now it feels", one.now))
        told = [f"{when} {held} % true" for when, held in weighed if held is not None]
        st.text((", ".join(told) or "We have not weighed it yet") + ".")
    if not own.beliefs:
        st.text("Nothing is written down here yet.")


def _show_markers(own: ClientsOwn, section: Section, today: date) -> None:
    screen_width.is_narrow()  # asks for one more run when the browser turns dark, so that the drawings follow
    colours = palette.current()
    for place, one in enumerate(own.markers):
        with st.container(key=f"strong-own-marker-{place}"):
            st.text(one.label)
        turn_round_drawing.show(one, colours, f"own-marker-drawing-{place}")
        st.text(one.sentence)


_DRAWN: dict[Section, Callable[[ClientsOwn, Section, date], None]] = {
    Section.BELIEFS: _show_beliefs,
    Section.MARKERS: _show_markers,
}
