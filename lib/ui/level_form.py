"""The level that means "get in touch": a proposal with its reason, and the form that keeps what was agreed."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.orm import Session

from lib.domain.people import Actor
from lib.domain.policy import Action, RecordKind
from lib.services import access, agreed_levels
from lib.services.agreed_levels import LevelChoice
from lib.ui import app_context, errors, words
from lib.ui.client_header import Identity
from lib.ui.note_forms import act, problem


def show(actor: Actor, identity: Identity) -> None:
    """Choose a measure, see what its figures would propose and why, and keep the level both agreed on."""
    now, place = app_context.now(), f"level-{identity.client_id}"
    with errors.shown_to_the_user(), app_context.reading() as session:
        facts = access.client_for(session, actor, Action.READ, RecordKind.CLINICAL_RECORD, identity.client_id, now)
        may_write = access.may_write(session, actor, facts)
        choices = agreed_levels.level_choices(session, actor, identity.client_id, now, app_context.definitions())
    if not may_write:
        st.text("This course of therapy has ended: a level is agreed on while it is open.")
        return
    if not choices:
        st.text("No measure of the client's own is on record, so there is no level to agree on yet.")
        return
    named = {choice.measure: choice for choice in choices}
    with st.container(key=f"box-{place}", border=True):
        st.text("The level that means “get in touch”")
        # The options of a box are plain text for Streamlit: nothing in them can become markup.
        measure = st.selectbox("Measure", list(named), format_func=lambda key: named[key].name, key=f"measure-{place}")
        choice = named[measure]
        st.text(_reason(choice))
        _form(identity, place, choice)
        problem(place)


def _form(identity: Identity, place: str, choice: LevelChoice) -> None:
    start = choice.proposal.level if choice.proposal else choice.last
    key = f"{place}-{choice.measure}"
    with st.form(f"form-{key}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                f"{'This or above' if choice.better == 'lower' else 'This or below'}", min_value=choice.low,
                max_value=choice.high, value=float(start), step=10.0**-choice.decimals,
                format=f"%.{choice.decimals}f", key=f"value-{key}",
            )  # fmt: skip
            st.text_input("Why this level (for the record)", key=f"why-{key}", max_chars=1000)
        st.form_submit_button("We agreed on this level", on_click=_agree, args=(identity.client_id, place, choice))
        st.text(f"for {identity.whose}")


def _reason(choice: LevelChoice) -> str:
    """The proposal in words, with everything it rests on; or that there is none, and why."""
    found = choice.proposal
    if found is None:
        return "No proposal: no figures are published for this scale, or the last score is at its end."
    last = f"{found.last:.{found.decimals}f} on {words.full_day(found.last_on)}"
    told = [f"Proposal: {found.level:.{found.decimals}f} or {found.side}. The last score was {last}"]
    if found.error is not None:
        told.append(f"up to {found.error:.1f} points from it may be chance")
    if found.cutoff is not None:
        told.append(f"the range where treatment is usual begins at {found.cutoff:.{found.decimals}f}")
    return "; ".join(told) + "."


def _agree(client_id: int, place: str, choice: LevelChoice) -> None:
    key = f"{place}-{choice.measure}"
    level, why = st.session_state.get(f"value-{key}"), st.session_state.get(f"why-{key}") or ""
    now, defs = app_context.now(), app_context.definitions()

    def agree(session: Session, actor: Actor) -> bool:
        agreed_levels.agree_level(session, actor, client_id, choice.measure, float(level or 0), why, now, defs)
        return True

    act(place, agree)
