"""Progress view: what moved, then markers, security plane and measures on one axis of days, all of the time chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from lib.domain import joint_recovery
from lib.domain.attachment import AttachmentRecord
from lib.domain.definitions import Definitions
from lib.domain.people import Actor
from lib.services import check_ins, client_markers, evidence_review
from lib.services.client_markers import ClientMarkers
from lib.services.client_record import ClientOverview
from lib.ui import (
    app_context,
    course_marks,
    course_views,
    marker_progress,
    measure_view,
    movement_words,
    screen_width,
    security_plane,
    span_choice,
)
from lib.ui.course_marks import CourseMarks
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays, outside_in_words


@dataclass(frozen=True, slots=True)
class _Course:
    """Everything the charts of one client are drawn from."""

    overview: ClientOverview
    told: ClientMarkers
    marks: CourseMarks
    definitions: Definitions
    today: date


def show(
    actor: Actor,
    overview: ClientOverview,
    record: AttachmentRecord,
    definitions: Definitions,
    palette: Palette,
    today: date,
) -> None:
    """One control of the time shown; what moved in words; the markers, PHQ-9 with GAD-7 together, every measure."""
    course = _read(actor, overview, record, definitions, today)
    days = _ask_days(course)
    _say_what_moved(course)
    marker_progress.show(course.told, course.marks, overview, definitions, palette, today, days)
    security_plane.show(overview, definitions, palette, today, days)
    _show_together(overview)
    for measure in course_views.in_order(overview):
        measure_view.show(measure, overview, definitions, palette, today, days, screen_width.was_narrow())


def _read(
    actor: Actor, overview: ClientOverview, record: AttachmentRecord, definitions: Definitions, today: date
) -> _Course:
    client_id, now, mirror = overview.client.id, app_context.now(), app_context.mirror()
    with app_context.reading() as session:
        told = client_markers.client_markers(session, actor, client_id, now, definitions)
        evidence = evidence_review.confirmed_evidence(session, actor, client_id, now, mirror)
        held = check_ins.after_the_end(session, actor, client_id, now, definitions).check_ins if overview.ends else ()
    marks = course_marks.marks_of(overview, record, evidence, held, definitions.model, today)
    return _Course(overview, told, marks, definitions, today)


def _ask_days(course: _Course) -> ShownDays:
    """The control, and below it which days are shown and how much lies outside them."""
    overview, client_id = course.overview, course.overview.client.id
    whole = course_views.period(overview, course.today)
    days = span_choice.ask(client_id, whole, overview.ends)
    with st.container(key=f"quiet-span-{client_id}"):
        st.text(span_choice.in_words(days, whole, outside_in_words(days, _dated(course, days))))
    return days


def _dated(course: _Course, days: ShownDays) -> dict[str, Sequence[date]]:
    """The days of everything that is drawn, by its name for one and for several; a break shown in part is shown."""
    overview, marks = course.overview, course.marks
    known = [*course.told.markers.values(), *course.told.facets.values()]
    breaks = course_views.spans(overview, course.definitions.model, course.today)
    return {
        "score": [point.taken_on for measure in overview.measures for point in measure.points],
        "form without a score|forms without a score": [
            one.taken_on for measure in overview.measures for one in measure.missing
        ],
        "rating of a marker|ratings of markers": [rating.rated_on for one in known for rating in one.ratings],
        "piece of evidence|pieces of evidence": marks.days("for", "against", "sign"),
        "moment": marks.days("moment"),
        "life event": marks.days("event"),
        "check-in": marks.days("check_in"),
        "break": [days.begins_on if days.part_of([span]) else span.ends_on for span in breaks],
    }


def _say_what_moved(course: _Course) -> None:
    """Better, worse, unclear and not to be told, each in a line, always of the whole course."""
    model = course.definitions.model
    since = course.today - timedelta(days=model.estimation.rules.stale_days)
    said = movement_words.told(
        course_views.in_order(course.overview),
        course.told.markers,
        {key: marker.label for key, marker in model.markers.items()},
        [key for key, one in course.told.markers.items() if any(on >= since for on in one.disagreements)],
    )
    if said:
        st.header("What moved, over the whole course", anchor=False)
        st.text("\n".join(said))


def _show_together(overview: ClientOverview) -> None:
    together = overview.standing.joint_recovery
    if together is None:
        return
    st.header("PHQ-9 with GAD-7", anchor=False)
    st.text(together.sentence)
    with st.container(key=f"quiet-together-{overview.client.id}"):
        st.text(joint_recovery.RULE)
