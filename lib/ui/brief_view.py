"""Brief view: what to know before going in, the course at a glance, and the five markers; no chart library."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.process import Attendance
from lib.services.client_measures import ItemAnswer
from lib.services.client_record import ClientOverview
from lib.ui import course_drawing, course_views, marker_view, words
from lib.ui.caseload_table import due_in_words
from lib.ui.palette import Palette

_MOST_COURSES = 4


def show(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date, narrow: bool) -> None:
    """Facts and markers at the left, courses at the right; one under the other on a narrow screen."""
    if narrow:
        left, right = st.container(), st.container()
    else:
        left, right = st.columns([7, 4], gap="medium")
    with left:
        _show_brief(overview, today)
        st.header("Five growth markers", anchor=False)
        with st.container(key=f"quiet-brief-{overview.client.id}"):
            st.text("level 0–4, one rater, no interval yet · dotted = not rated · unvalidated")
        model = definitions.model
        marker_view.show_markers(
            overview.standing.markers, model.markers, model.contexts, palette, today, str(overview.client.id)
        )
        if overview.parts:
            st.header("Ten parts of the therapy", anchor=False)
            marker_view.show_parts(overview.parts, model.parts, today, str(overview.client.id))
    with right:
        _show_courses(overview, definitions, palette, today)


def brief_rows(overview: ClientOverview, today: date) -> list[tuple[str, str, str]]:
    """What to know, each with where it is from: (about, words, source). Only what the record holds."""
    rows = []
    last = next((one for one in overview.sessions if one.attendance == Attendance.ATTENDED), None)
    if last is not None and last.agreed:
        rows.append(("Agreed last time", last.agreed, f"session {words.day(last.held_on, today)}"))
    if last is not None and last.next_plan:
        rows.append(("Plan", last.next_plan, f"session {words.day(last.held_on, today)}"))
    rows += [
        (
            "What changed",
            measure.change.sentence,
            _scores(measure.points[0].taken_on, measure.points[-1].taken_on, today),
        )
        for measure in course_views.in_order(overview)[:1]
        if len(measure.points) > 1
    ]
    rows += [
        ("Open rupture", rupture.what, f"rupture log, {words.waiting(rupture.happened_on, today)}")
        for rupture in overview.ruptures
        if rupture.repaired_on is None
    ]
    rows += [
        ("Risk item", said, f"{form.short_name} {words.day(form.taken_on, today)}")
        for form in overview.forms
        if form.superseded_at is None and (said := _risk_item(form.items))
    ][:1]
    due = due_in_words(overview.standing.due, today)
    if due:
        rows.append(("Due", due, "schedule"))
    return rows


def _scores(first: date, latest: date, today: date) -> str:
    return f"scores {words.day(first, today)} to {words.day(latest, today)}"


def _risk_item(items: tuple[ItemAnswer, ...]) -> str:
    """The answer to the risk item of a form. Never "no risk": endorsed, not endorsed, or not answered."""
    item = next((item for item in items if item.is_risk), None)
    if item is None:
        return ""
    if item.answer is None:
        return f"Item {item.number} was not answered. This is not a zero: ask, and note the answer."
    if item.answer == 0:
        return f"Item {item.number} not endorsed on this form."
    return f"Item {item.number} answered: {item.label.lower()}."


def _show_brief(overview: ClientOverview, today: date) -> None:
    st.header("Before you go in", anchor=False)
    rows = brief_rows(overview, today)
    if not rows:
        st.text("Nothing is on record yet. Write the first note, or enter the first questionnaire.")
    with st.container(gap=None, key=f"brief-{overview.client.id}"):
        for place, row in enumerate(rows):
            _show_row(f"{overview.client.id}-{place}", *row)


def _show_row(key: str, about: str, said: str, source: str) -> None:
    with st.container(key=f"row-brief-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key=f"quiet-about-{key}", width=120):
            st.text(about)
        with st.container(width="stretch"):
            st.text(said)
        with st.container(key=f"quiet-source-{key}", width=160):
            st.text(source)


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
