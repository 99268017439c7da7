"""Outcomes screen: the supervisor's page, read-only: figures, cases, verdicts, first against latest score."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.instruments import Instruments
from lib.domain.people import Actor
from lib.services import outcomes
from lib.services.outcomes import SupervisedProgress
from lib.ui import app_context, errors, navigation, outcomes_view, palette, screen_width, state, words


def show(actor: Actor, progress: SupervisedProgress, now: datetime) -> None:
    """The whole screen."""
    instruments, narrow = app_context.definitions().instruments, screen_width.is_narrow()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.title("Progress of my supervisees' clients", anchor=False)
        with st.container(key="quiet-team", width="content"):
            team = words.count(len(progress.therapists), "therapist")
            st.text(f"{words.long_day(now.date())} · {team}, {words.count(progress.clients, 'client')} · read-only")
    if not progress.therapists:
        st.text("You supervise nobody today. A practice admin assigns supervision, with its dates.")
        return
    main = max(progress.measures, key=lambda one: one.with_two_scores, default=None)
    outcomes_view.show_counts(progress, main, instruments)
    _open(outcomes_view.show_cases(progress.reasons, progress.reasons_cut, now.date(), narrow))
    outcomes_view.show_verdicts(progress.measures, instruments, narrow)
    if main is not None:
        _show_measure(actor, progress, main.measure, now, narrow)


def _show_measure(actor: Actor, progress: SupervisedProgress, main: str, now: datetime, narrow: bool) -> None:
    """One measure, chosen by the person: by therapist, and first against latest."""
    instruments = app_context.definitions().instruments
    measure = _ask_measure([one.measure for one in progress.measures], main, instruments)
    outcomes_view.show_therapists(progress.therapists, measure, instruments, narrow)
    with errors.shown_to_the_user(), app_context.reading() as session:
        found = outcomes.first_and_latest(session, actor, measure, now)
    scale = outcomes_view.pairs_of(measure, found, instruments, now.date())
    st.header("First and latest score", anchor=False)
    if scale is None or not scale.pairs:
        st.text("Nobody has two scores on this measure yet. Change needs a second score.")
        return
    listed = next(one.clients_with_score for one in progress.measures if one.measure == measure)
    _open(outcomes_view.show_pairs(scale, listed, palette.current()))


def _ask_measure(keys: list[str], main: str, instruments: Instruments) -> str:
    """The measure to show. Where there is only one, nothing is asked, and no box is sent for it."""
    if len(keys) == 1:
        return keys[0]
    return st.selectbox(
        "Measure",
        keys,
        index=keys.index(main),
        format_func=lambda one: outcomes_view.measure_name(one, instruments),
        key="outcomes-measure",
        width=320,
    )


def _open(client_id: int | None) -> None:
    """A chosen client's page, which a supervisor reads and does not write."""
    if client_id is not None:
        state.open_client(client_id)
        navigation.open_page("pages/clinician/client.py")
