"""Brief view: what to know before going in, the course at a glance, and the five markers; no chart library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.domain.parts import parts_now
from lib.services.client_record import ClientOverview
from lib.ui import (
    brief_lines,
    brief_table,
    course_drawing,
    course_views,
    marker_view,
    navigation,
    record_process,
    state,
    words,
)
from lib.ui.palette import Palette

_MOST_COURSES = 4


def show(
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    palette: Palette,
    today: date,
    narrow: bool,
    went: Callable[[str], None],
) -> None:
    """Facts and markers at the left, courses at the right; one under the other on a narrow screen.

    `went` opens another tab, by "tab:" and its name."""
    if narrow:
        left, right = st.container(), st.container()
    else:
        left, right = st.columns([7, 4], gap="medium")
    with left:
        _show_brief(overview, record, definitions, today, went)
        st.header("Five growth markers", anchor=False)
        with st.container(key=f"quiet-brief-{overview.client.id}"):
            st.text("level 0–4 with 95 % interval, all sources · dotted = not rated · unvalidated working estimate")
        model = definitions.model
        marker_view.show_markers(
            overview.standing.markers, model.markers, model.contexts, today, str(overview.client.id)
        )
        _show_parts(overview, record, definitions, today)
    with right:
        _show_courses(overview, definitions, palette, today)


def _show_brief(
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    today: date,
    went: Callable[[str], None],
) -> None:
    st.header("Before you go in", anchor=False)
    lines = brief_lines.brief_lines(overview, record, definitions, today)
    asked = brief_lines.question(overview, record, definitions, today)
    if not lines and asked is None:
        st.text("Nothing is on record yet. Write the first note, or enter the first questionnaire.")
        return
    way = brief_table.show(lines, asked, f"brief-{overview.client.id}", went)
    if way.startswith("note:"):
        state.open_client(overview.client.id)
        state.read_note(overview.client.id, int(way.removeprefix("note:")))
        navigation.open_page("pages/clinician/session_note.py")


def _show_parts(overview: ClientOverview, record: AttachmentRecord, definitions: Definitions, today: date) -> None:
    """The ten parts, once one was marked or a session worked on one."""
    parts = definitions.model.parts
    now = parts_now(parts, [held.entry for held in record.parts], record_process.worked_on(overview))
    told = {key: (one.state.value, one.since_on) for key, one in now.items() if one.since_on is not None}
    if told:
        st.header("Ten parts of the therapy", anchor=False)
        marker_view.show_parts(told, parts, today, str(overview.client.id))


def _show_courses(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date) -> None:
    st.header("Course", anchor=False)
    if not overview.measures:
        st.text("No score yet. Change needs two: enter the first questionnaire now.")
        return
    with st.container(key=f"quiet-course-{overview.client.id}"):
        st.text("grey = within error of the first score, dashes = cut-off")
    for measure in course_views.in_order(overview)[:_MOST_COURSES]:
        drawing = course_views.drawing_of(measure, overview, definitions.model, today)
        verdict = words.verdict(measure.change.verdict, len(measure.points))
        with st.container(key=f"row-course-{overview.client.id}-{measure.measure}", gap="small"):
            with st.container(horizontal=True, gap="small"):
                with st.container(key=f"strong-course-{overview.client.id}-{measure.measure}", width="content"):
                    latest = words.figure(measure.points[-1].value, min(1, measure.decimals))
                    st.text(f"{course_views.measure_name(measure)}  {latest}")
                st.text(verdict)
            key = f"drawing-{overview.client.id}-{measure.measure}"
            course_drawing.show_course(drawing, palette, today, verdict, key)
    more = len(overview.measures) - _MOST_COURSES
    if more > 0:
        st.text(f"{words.count(more, 'more measure')} under Progress.")
