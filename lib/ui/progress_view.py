"""Progress view: every measure and marker over dates, and what stands behind a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.domain.definitions import Definitions
from lib.services.client_measures import FormView, MeasureCourse
from lib.services.client_record import ClientOverview
from lib.ui import charts, course_views, words
from lib.ui.palette import Palette
from lib.ui.plain import as_label


def show(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date) -> None:
    """The markers over time, then every measure, the main one first."""
    _show_markers(overview, definitions, palette, today)
    for measure in course_views.in_order(overview):
        _show_measure(measure, overview, definitions, palette, today)


def _show_measure(
    measure: MeasureCourse, overview: ClientOverview, definitions: Definitions, palette: Palette, today: date
) -> None:
    """One measure: its verdict with the reason, its course, and the form behind a chosen point."""
    key, name = f"course-{overview.client.id}-{measure.measure}", course_views.measure_name(measure)
    st.header(as_label(name), anchor=False)
    with st.container(key=f"strong-{key}"):
        st.text(words.verdict(measure.change.verdict, len(measure.points)))
    st.text(measure.change.sentence)
    _show_reasons(measure, definitions)
    event = st.plotly_chart(
        charts.measure_figure(course_views.drawing_of(measure, overview, definitions.model, today), palette, today),
        theme=None,
        config=charts.CONFIG,
        on_select="rerun",
        selection_mode="points",
        key=key,
        alt=f"{name} over dates. {measure.change.sentence}",
    )
    form_id = _chosen(event, measure, today, key)
    form = overview.form(form_id) if form_id is not None else None
    if form is not None:
        show_form(form, measure, today)


def _show_reasons(measure: MeasureCourse, definitions: Definitions) -> None:
    with st.expander("Why this verdict"):
        st.text(measure.change.rests_on)
        st.text(f"{words.count(len(measure.points), 'score')}; without a score: {len(measure.missing)}.")
        for norm in measure.norms:
            people = f", n {norm.n}" if norm.n else ""
            st.text(f"Group: {norm.group}, mean {norm.mean:g}, SD {norm.sd:g}{people} ({norm.citation}).")
        if measure.note:
            st.text(measure.note)
        instrument = definitions.instruments.get(measure.instrument)
        if instrument is not None:
            st.text(f"Questionnaire: {instrument.name}. {instrument.citation}")


def _chosen(event: Any, measure: MeasureCourse, today: date, key: str) -> int | None:
    """The form behind the point that was clicked, or chosen from the list by keyboard."""
    days = {point.form_id: f"Form of {words.day(point.taken_on, today)}" for point in reversed(measure.points)}
    days |= {one.form_id: f"Form of {words.day(one.taken_on, today)}, no score" for one in measure.missing}
    listed = st.selectbox(
        "Form behind a point",
        list(days),
        index=None,
        format_func=lambda one: days[one],
        placeholder="Click a point, or choose a day, to see the answers",
        key=f"{key}-form",
        label_visibility="collapsed",
        width=360,
    )
    clicked = next((point["customdata"][0] for point in event.selection.points if "customdata" in point), None)
    return listed if listed is not None else clicked


def show_form(form: FormView, measure: MeasureCourse, today: date) -> None:
    """The answers of one form, each with its wording; what was not answered says so."""
    point = next((one for one in measure.points if one.form_id == form.form_id), None)
    missing = next((one for one in measure.missing if one.form_id == form.form_id), None)
    said = f"{form.short_name} of {words.day(form.taken_on, today)}"
    if point is not None:
        said += f": {words.figure(point.value, measure.decimals)}" + (f", {point.band}" if point.band else "")
        said += "; missing items were filled in by rule" if point.is_prorated else ""
    elif missing is not None:
        said += f": no score, because {missing.why}"
    st.text(f"{said}.")
    if form.totals_only:
        st.text("Only the totals of this form are held, not its items.")
        return
    rows = [
        {
            "Item": item.number,
            "Asked": item.text or "(the wording is not held here)",
            "Answer": "–" if item.answer is None else str(item.answer),
            "In words": item.label,
        }
        for item in form.items
    ]
    columns: Mapping[str, Any] = {
        "Item": st.column_config.NumberColumn("Item", width=60),
        "Asked": st.column_config.TextColumn("Asked", width="large"),
        "Answer": st.column_config.TextColumn("Answer", width=80),
        "In words": st.column_config.TextColumn("In words", width="medium"),
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        row_height=30,
        height=30 * len(rows) + 36,
        column_config=columns,
        key=f"form-{form.form_id}",
        alt="The items of this form and their answers",
    )


def _show_markers(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date) -> None:
    """The five markers over time, dots by who said so."""
    courses = course_views.marker_courses(overview, definitions.model)
    st.header("Five growth markers", anchor=False)
    with st.container(key=f"quiet-markers-{overview.client.id}"):
        st.text("level 0–4 · ● therapist  ◇ client  □ goals  × not enough evidence · clinician-judged, not validated")
    if not any(course.points or course.not_enough_on for course in courses):
        st.text("Not rated yet. Not rated is not zero: rate when there are episodes to point to.")
        return
    breaks = list(course_views.spans(overview, definitions.model, today))
    period = course_views.period(overview, today)
    st.plotly_chart(
        charts.marker_figure(courses, breaks, period, palette, today),
        theme=None,
        config=charts.CONFIG,
        key=f"markers-{overview.client.id}",
        alt="; ".join(f"{c.label}: {words.level(c.points[-1].level if c.points else None)}" for c in courses),
    )
    _show_ratings(overview, definitions, today)


def _show_ratings(overview: ClientOverview, definitions: Definitions, today: date) -> None:
    with st.expander("Every rating, with the episode it rests on"):
        rows: Sequence[dict[str, str]] = [
            {
                "Rated on": words.day(one.rated_on, today),
                "Marker": definitions.model.markers[one.marker].label,
                "Level": "not enough evidence" if one.level is None else str(one.level),
                "Seen with": definitions.model.contexts[one.context].label if one.context else "overall",
                "Episode of": words.day(one.episode_on, today),
                "What happened": one.evidence or ("imported without an episode" if one.import_batch_id else ""),
                "By": one.rated_by or "imported",
            }
            for course in overview.markers.values()
            for one in reversed(course.ratings)
        ]
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            row_height=30,
            key=f"ratings-{overview.client.id}",
            alt="Every marker rating with its date, context and episode",
        )
