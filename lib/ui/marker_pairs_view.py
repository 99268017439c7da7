"""Growth markers, first against latest level, client by client; drawn when somebody asks."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lib.domain.people import Actor
from lib.services import progress
from lib.services.progress import Filters
from lib.ui import app_context, errors, navigation, outcome_drawing, palette, state, words
from lib.ui.outcome_drawing import Dot, PairsOfScale

LOW, HIGH = 0.0, 4.0


def show(actor: Actor, filters: Filters, now: datetime) -> None:
    """Closed, one line. Ratings have no published error, so no dot is called better or worse."""
    markers = app_context.definitions().model.markers
    more = st.expander("Growth markers, first and latest level", key="marker-pairs", on_change="rerun")
    if not more.open:
        return
    with more:
        marker = st.segmented_control(
            "Marker", list(markers), default=next(iter(markers)), format_func=lambda one: markers[one].name,
            key="marker-pairs-which", required=True,
        )  # fmt: skip
        marker = marker or next(iter(markers))
        with errors.shown_to_the_user(), app_context.reading() as session:
            found = progress.marker_pairs(session, actor, marker, filters, now, app_context.definitions())
        if found.untold is not None:
            st.text(
                f"{words.count(found.rated, 'client')} rated. Not shown: {found.untold}.".replace("scores", "ratings")
            )
            return
        twice = [one for one in found.pairs if one.points > 1]
        if not twice:
            st.text(f"{words.count(found.rated, 'client')} rated once at most. Change needs a second rating.")
            return
        up = sum(one.latest > one.first for one in twice)
        down = sum(one.latest < one.first for one in twice)
        with st.container(key="quiet-marker-pairs"):
            st.text(
                f"{len(twice)} of {words.count(found.rated, 'client')} rated at least twice: {up} higher, {down} lower,"
                f" {len(twice) - up - down} the same. Whole levels with no published error: no dot is called better or "
                "worse. Clients with the same two levels share a dot."
            )
        pairs = [Dot(one.client_id, one.code, one.first, one.latest, "undetermined", False) for one in twice]
        scale = PairsOfScale(markers[marker].name, LOW, HIGH, 0, pairs, higher_is_better=True)
        label = f"{markers[marker].name}, first against latest level; {up} higher, {down} lower"
        opened = outcome_drawing.show_pairs(scale, palette.current(), label, f"marker-pairs-{marker}")
    if opened is not None:
        state.open_client(opened)
        navigation.open_page("pages/clinician/client.py")
