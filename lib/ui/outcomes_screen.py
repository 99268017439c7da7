"""Outcomes screen: the supervisor's page, read-only: figures, verdicts, by therapist, first against latest score."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services.outcomes import SupervisedProgress
from lib.ui import app_context, outcomes_view, progress_screen, screen_width, words


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
    outcomes_view.show_verdicts(progress.measures, instruments, narrow)
    if main is not None:
        names = {one.therapist_id: one.therapist for one in progress.therapists}
        progress_screen.show_team(actor, names, now, narrow)
