"""Progress view: every measure and marker over dates, and what stands behind a point."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from lib.domain import joint_recovery
from lib.domain.definitions import Definitions
from lib.services.client_record import ClientOverview
from lib.ui import course_views, marker_progress, measure_view, screen_width, security_plane
from lib.ui.palette import Palette

_WHOLE = "Whole course"
_PERIODS = {"Last 12 months": 365, "Last 6 months": 182, "Last 3 months": 91}


def show(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date) -> None:
    """The markers over time, PHQ-9 with GAD-7 together, then every measure, the main one first."""
    marker_progress.show(overview, definitions, palette, today)
    security_plane.show(overview, definitions, palette, today)
    _show_together(overview)
    measures = course_views.in_order(overview)
    if not measures:
        return
    begins_on = _ask_period(overview, today)
    for measure in measures:
        measure_view.show(measure, overview, definitions, palette, today, begins_on, screen_width.was_narrow())


def _show_together(overview: ClientOverview) -> None:
    together = overview.standing.joint_recovery
    if together is None:
        return
    st.header("PHQ-9 with GAD-7", anchor=False)
    st.text(together.sentence)
    with st.container(key=f"quiet-together-{overview.client.id}"):
        st.text(joint_recovery.RULE)


def _ask_period(overview: ClientOverview, today: date) -> date | None:
    """From which day on the charts are drawn; None for the whole course. A short course asks nothing."""
    began_on, _ = course_views.period(overview, today)
    offered = {name: days for name, days in _PERIODS.items() if days < (today - began_on).days}
    if not offered:
        return None
    chosen = st.segmented_control(
        "Time shown in the charts",
        [_WHOLE, *offered],
        default=_WHOLE,
        required=True,
        key=f"period-{overview.client.id}",
    )
    return today - timedelta(days=offered[chosen]) if chosen in offered else None
