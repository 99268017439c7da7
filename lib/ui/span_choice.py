"""Span choice: one control for the stretch of time that all charts of a client's progress draw, kept per client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from lib.domain.check_ins import CourseEnd, months_after
from lib.ui.shown_days import ShownDays

WHOLE, YEAR, QUARTER, OWN = "Whole course", "Last 12 months", "Last 3 months", "From – to"
Stretch = tuple[date, date]


def ask(client_id: int, whole: Stretch, ends: Sequence[CourseEnd]) -> ShownDays:
    """The stretch asked for. A course of less than three months is shown whole, and nothing is asked."""
    found = offered(whole, ends)
    if len(found) == 1:
        return ShownDays(*whole)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"span-{client_id}"):
        chosen = _choose(client_id, [*found, OWN])
        begins_on, ends_on = _ask_days(client_id, whole) if chosen == OWN else found[chosen]
    return ShownDays(begins_on, ends_on, (begins_on, ends_on) == whole)


def offered(whole: Stretch, ends: Sequence[CourseEnd]) -> dict[str, Stretch]:
    """The stretches that show less than the whole course, by name, after the whole one."""
    begins_on, ends_on = whole
    found = {WHOLE: whole}
    for name, months in ((YEAR, 12), (QUARTER, 3)):
        since = months_after(ends_on, -months)
        if since > begins_on:
            found[name] = (since, ends_on)
    return found | _courses(whole, ends)


def _courses(whole: Stretch, ends: Sequence[CourseEnd]) -> dict[str, Stretch]:
    """Each course of therapy and the time after the last end, where there is more than one of these."""
    starts = [whole[0], *(end.next_on for end in ends if end.next_on is not None)]
    found: dict[str, Stretch] = {}
    for place, starts_on in enumerate(starts):
        until = ends[place].ended_on if place < len(ends) else whole[1]
        name = f"Course {place + 1}" if len(starts) > 1 else "Until the end"
        found[name] = (starts_on, max(starts_on, min(until, whole[1])))
    if ends and ends[-1].next_on is None and ends[-1].ended_on < whole[1]:
        found["Since the end"] = (ends[-1].ended_on + timedelta(days=1), whole[1])
    return found if len(found) > 1 else {}


def _choose(client_id: int, names: Sequence[str]) -> str:
    """The name chosen. A control that is not drawn loses its state, so what was chosen is kept beside it."""
    key, kept = f"period-{client_id}", f"period-kept-{client_id}"
    held = st.session_state.get(key, st.session_state.get(kept))
    st.session_state[key] = held if held in names else WHOLE
    chosen = st.segmented_control("Time shown", names, required=True, key=key)
    st.session_state[kept] = chosen if chosen in names else WHOLE
    return str(st.session_state[kept])


def _ask_days(client_id: int, whole: Stretch) -> Stretch:
    """Two days of the person's own; until both are chosen, the ones before them hold."""
    key, kept = f"period-days-{client_id}", f"period-days-kept-{client_id}"
    held = _within(st.session_state.get(kept, whole), whole)
    if key not in st.session_state:
        st.session_state[key] = held
    given = st.date_input(
        "From, to", min_value=whole[0], max_value=whole[1], format="YYYY-MM-DD", key=key, width=240,
        label_visibility="collapsed",
    )  # fmt: skip
    if isinstance(given, tuple) and len(given) == 2:
        held = (given[0], given[1])
    st.session_state[kept] = held
    return held


def _within(held: Stretch, whole: Stretch) -> Stretch:
    """Days kept from before, held to a course that may have other ends by now."""
    begins_on, ends_on = (min(max(on, whole[0]), whole[1]) for on in held)
    return begins_on, ends_on


def in_words(days: ShownDays, whole: Stretch, outside: str) -> str:
    """Which days are shown, what is not, and of which days the words below speak."""
    everything = ShownDays(*whole).in_words()
    if days.is_whole:
        return f"Shown: the whole course, {everything}."
    return (
        f"Shown: {days.in_words()}. Outside it: {outside}. What is said in words below speaks of the whole course, "
        f"{everything}."
    )
