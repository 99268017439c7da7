"""Marker screen: who says something of the markers - therapist, client, goals - saved at once, and then compared."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.goal_scaling import ATTAINED_WORDS
from lib.domain.markers import BY_CLIENT, BY_CLINICIAN, MARKER, TRUST
from lib.domain.people import Actor
from lib.services import goals, measures
from lib.services.measures import KeptRating
from lib.ui import app_context, errors, goal_forms, marker_forms, words
from lib.ui.client_header import Identity

THERAPIST, CLIENT, FACETS, GOALS = "Therapist", "Client's own", "Facets of trust", "Goals"
WHO = {THERAPIST: (MARKER, BY_CLINICIAN), CLIENT: (MARKER, BY_CLIENT), FACETS: (TRUST, BY_CLINICIAN)}


def show(actor: Actor, identity: Identity) -> None:
    """Choose whose word it is, and take it down."""
    definitions, today, client_id = app_context.definitions(), app_context.today(), identity.client_id
    who = st.segmented_control(
        "Who rates", [*WHO, GOALS], default=THERAPIST, required=True, key=f"marker-{client_id}-who",
        label_visibility="collapsed",
    )  # fmt: skip
    _show_saved(client_id)
    if who == GOALS:
        _rate_goals(actor, identity, definitions, today)
    else:
        _rate(actor, identity, definitions, today, str(who))


def _show_saved(client_id: int) -> None:
    shown = f"marker-saved-{client_id}"
    if shown in st.session_state:
        with st.container(border=True, key=f"saved-marker-{client_id}"):
            for line in st.session_state[shown]:
                st.text(line)


def _saved(client_id: int, lines: list[str]) -> None:
    st.session_state[f"marker-saved-{client_id}"] = lines
    marker_forms.begin_anew(client_id)
    st.rerun()


def _rate(actor: Actor, identity: Identity, definitions: Definitions, today: date, who: str) -> None:
    """Markers or facets; afterwards the rating before each is told."""
    with st.container(key=f"quiet-unvalidated-{identity.client_id}"):
        st.text(marker_forms.UNVALIDATED)
        if who == CLIENT:
            st.text("Read the statements together, and take down the level the client names.")
    subject, source = WHO[who]
    what = marker_forms.rated(identity.client_id, definitions.model, subject, source)
    with errors.shown_to_the_user():
        drafts = marker_forms.ask(what, identity.whose, today)
        if drafts is None:
            return
        now = app_context.now()
        with app_context.writing() as session:
            kept = measures.rate_markers(session, actor, what.client_id, drafts, now, definitions)
    lines = [_told(one, what.markers[one.draft.marker].label, today) for one in kept]
    _saved(what.client_id, [f"Saved {now:%H:%M}, {words.count(len(kept), 'rating')}.", *lines])


def _told(one: KeptRating, label: str, today: date) -> str:
    """What was saved, and only now what stood before it."""
    said = f"{label}: {_level(one.level)}."
    if one.before is None:
        return f"{said} There was no earlier rating."
    return f"{said} Before: {_level(one.before.level)} on {words.day(one.before.rated_on, today)}."


def _level(level: int | None) -> str:
    return "not enough evidence" if level is None else str(level)


def _rate_goals(actor: Actor, identity: Identity, definitions: Definitions, today: date) -> None:
    client_id, number = identity.client_id, st.session_state.get(f"marker-{identity.client_id}-round", 0)
    with errors.shown_to_the_user():
        with app_context.reading() as session:
            held = goals.goals_of(session, actor, client_id, app_context.now())
        still_open = [goal for goal in held if goal.ended_on is None]
        if not still_open:
            st.text("No goal is agreed yet. A goal is a second voice beside ratings: in the client's words, -2 to +2.")
        given = goal_forms.ask_attained(client_id, still_open, number, identity.whose, today) if still_open else None
        if given is not None:
            rated_on, attained = given
            now = app_context.now()
            with app_context.writing() as session:
                for goal_id, step in attained.items():
                    goals.rate_goal(session, actor, client_id, goal_id, rated_on, step, now, definitions)
            _saved(client_id, [f"Saved {now:%H:%M}.", *(f"{s:+d} {ATTAINED_WORDS[s]}" for s in attained.values())])
        st.header("A new goal", anchor=False)
        draft = goal_forms.ask_goal(client_id, dict(definitions.model.markers), number, identity.whose, today)
        if draft is not None:
            now = app_context.now()
            with app_context.writing() as session:
                goals.agree_goal(session, actor, client_id, draft, now, definitions)
            _saved(client_id, [f"Saved {now:%H:%M}: the goal is agreed."])
