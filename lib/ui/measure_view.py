"""Measure view: one measure on the progress tab, with its verdict and why, its course, and the forms behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.domain import expected_course, sudden_changes
from lib.domain.change_comparison import VERDICT_WORDS, Comparison
from lib.domain.definitions import Definitions
from lib.domain.sudden_changes import StepSize, SuddenChange
from lib.services.client_measures import MeasureCourse
from lib.services.client_record import ClientOverview
from lib.ui import course_views, form_tables, measure_chart, plain_table, words
from lib.ui.palette import Palette
from lib.ui.plain import as_label
from lib.ui.shown_days import ShownDays


def show(
    measure: MeasureCourse,
    overview: ClientOverview,
    definitions: Definitions,
    palette: Palette,
    today: date,
    days: ShownDays,
    narrow: bool,
) -> None:
    """One measure: its verdict, its course in the days shown, and what may be opened below."""
    key, name = f"course-{overview.client.id}-{measure.measure}", course_views.measure_name(measure)
    st.header(as_label(name), anchor=False)
    with st.container(key=f"strong-{key}"):
        st.text(words.verdict(measure.change.verdict, len(measure.points)) + days.beside_a_verdict)
    st.text(measure.change.sentence)
    course = course_views.drawing_of(measure, overview, definitions.model, today)
    said = f"{measure_chart.in_words(course, today)} {measure.change.sentence}"
    if not days.is_whole:
        said += f" Drawn: {days.in_words()}."
    clicked = measure_chart.show_measure(course, days, palette, today, narrow, said, f"{key}-drawing")
    for sentence in sudden_in_words(measure.sudden, measure, today):
        st.text(sentence)
    if measure.expected is not None:
        st.text(measure.expected.sentence)
    _show_form(measure, overview, clicked, today, key)
    _show_item_by_item(measure, overview, definitions, today, key)
    _show_reasons(measure, definitions, key)


def sudden_in_words(sudden: Sequence[SuddenChange], measure: MeasureCourse, today: date) -> list[str]:
    """Every sudden gain and loss in a sentence, with what became of it."""
    return [_sudden_sentence(one, measure, today) for one in sudden]


def _sudden_sentence(one: SuddenChange, measure: MeasureCourse, today: date) -> str:
    kind, again = ("Sudden gain", "lost again") if one.is_gain else ("▲ Sudden loss", "regained")
    before, after = (words.figure(point.value, measure.decimals) for point in (one.before, one.after))
    days = f"{words.day(one.before.taken_on, today)} to {words.day(one.after.taken_on, today)}"
    became = (
        f"half of it or more was {again} by {words.day(one.undone_on, today)}"
        if one.undone_on is not None
        else f"less than half of it was {again} since"
    )
    return f"{kind}, {days}: from {before} to {after}; {became}."


def _show_form(measure: MeasureCourse, overview: ClientOverview, clicked: int | None, today: date, key: str) -> None:
    """The form behind the point that was clicked, or chosen from the list by keyboard."""
    days = {point.form_id: f"Form of {words.day(point.taken_on, today)}" for point in reversed(measure.points)}
    days |= {one.form_id: f"Form of {words.day(one.taken_on, today)}, no score" for one in measure.missing}
    if clicked is not None:
        st.session_state[f"{key}-form"] = clicked
    chosen = st.selectbox(
        "Form behind a point",
        list(days),
        index=None,
        format_func=lambda one: days[one],
        placeholder="Click a point, or choose a day, to see the answers",
        key=f"{key}-form",
        label_visibility="collapsed",
        width=360,
    )
    form = overview.form(chosen) if chosen is not None else None
    if form is not None:
        form_tables.show_form(form, measure, today)


def _show_item_by_item(
    measure: MeasureCourse, overview: ClientOverview, definitions: Definitions, today: date, key: str
) -> None:
    if len(measure.points) < 2:
        return
    opened = st.expander("First and latest form, item by item", key=f"{key}-items", on_change="rerun")
    if not opened.open:
        return
    first, latest = (overview.form(measure.points[place].form_id) for place in (0, -1))
    if first is not None and latest is not None:
        with opened:
            instrument = definitions.instruments.get(measure.instrument)
            form_tables.show_first_and_latest(first, latest, measure, instrument, today)


def _show_reasons(measure: MeasureCourse, definitions: Definitions, key: str) -> None:
    opened = st.expander("Why this verdict, and whether it depends on the method", key=f"{key}-why", on_change="rerun")
    if not opened.open:
        return
    with opened:
        st.text(measure.change.rests_on)
        st.text(f"{words.count(len(measure.points), 'score')}; without a score: {len(measure.missing)}.")
        if measure.comparison is not None:
            _show_comparison(measure.comparison, measure.decimals, key)
        if measure.step is not None:
            st.text(step_rule(measure.step))
        if measure.expected is not None:
            st.text(expected_course.RULE)
        for line in measure.references:
            st.text(f"Not checked, drawn as a dotted line only: {line.label}, {line.value:g} ({line.source}).")
        for norm in measure.norms:
            people = f", n {norm.n}" if norm.n else ""
            st.text(f"Group: {norm.group}, mean {norm.mean:g}, SD {norm.sd:g}{people} ({norm.citation}).")
        if measure.note:
            st.text(measure.note)
        instrument = definitions.instruments.get(measure.instrument)
        if instrument is not None:
            st.text(f"Questionnaire: {instrument.name}. {instrument.citation}")


def step_rule(step: StepSize) -> str:
    """The rule for sudden gains and losses in words, with this scale's own figure."""
    return (
        f"Sudden gain or loss: two neighbouring forms (at most {sudden_changes.NEIGHBOURS_DAYS} days apart) that differ"
        f" by {step.points:.3g} points or more ({step.source}), by a quarter of the earlier score, and by more than the"
        " scores around them vary (Tang and DeRubeis 1999). A loss is the mirror image."
    )


def _show_comparison(comparison: Comparison, decimals: int, key: str) -> None:
    st.text(f"Does the verdict depend on the method? {comparison.sentence}")
    limits = [
        plain_table.plain_row(
            {
                "Limit": one.name,
                "Points": f"{one.rule} {one.points:.2f}".rstrip("0").rstrip("."),
                "This change": "–" if one.counts is None else "counts" if one.counts else "does not count",
            }
        )
        for one in comparison.limits
    ]
    plain_table.show(limits, ("Limit", "Points", "This change"), "Limit", "Limits of the change", f"{key}-limits")
    methods = [
        plain_table.plain_row(
            {
                "Method": f"{one.method}, {one.name}",
                "Index": "–" if one.index is None else f"{one.index:+.2f}",
                "Reliable beyond": f"{one.limit:.2f}",
                "Verdict": VERDICT_WORDS[one.verdict] if not one.lacks else f"cannot be told: no {one.lacks}",
            }
        )
        for one in comparison.methods
    ]
    columns = ("Method", "Index", "Reliable beyond", "Verdict")
    plain_table.show(methods, columns, "Method", "The verdict by each method", f"{key}-methods", "Verdict")
