"""Form tables: the answers of one form, and first against latest form item by item. Words are set as text alone."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.course import measure_of
from lib.domain.instruments import Instrument
from lib.services.client_measures import FormView, ItemAnswer, MeasureCourse
from lib.ui import plain_table, words

_NO_WORDS = "(the wording is not held here)"


def show_form(form: FormView, measure: MeasureCourse, today: date) -> None:
    """The answers of one form, each with its wording; what was not answered says so."""
    st.text(f"{_told(form, measure, today)}.")
    if form.totals_only:
        st.text("Only the totals of this form are held, not its items.")
        return
    rows = [
        plain_table.plain_row(
            {
                "Item": str(item.number),
                "Asked": item.text or _NO_WORDS,
                "Answer": _figure(item.answer),
                "In words": item.label,
            }
        )
        for item in form.items
    ]
    label = f"The items of the {form.short_name} of {words.day(form.taken_on, today)} and their answers"
    plain_table.show(rows, ("Item", "Asked", "Answer", "In words"), "Item", label, f"form-{form.form_id}", "Asked")


def _told(form: FormView, measure: MeasureCourse, today: date) -> str:
    point = next((one for one in measure.points if one.form_id == form.form_id), None)
    missing = next((one for one in measure.missing if one.form_id == form.form_id), None)
    said = f"{form.short_name} of {words.day(form.taken_on, today)}"
    if point is not None:
        said += f": {words.figure(point.value, measure.decimals)}" + (f", {point.band}" if point.band else "")
        said += "; missing items were filled in by rule" if point.is_prorated else ""
    elif missing is not None:
        said += f": no score, because {missing.why}"
    return said


def show_first_and_latest(
    first: FormView, latest: FormView, measure: MeasureCourse, instrument: Instrument | None, today: date
) -> None:
    """Both forms side by side on the items of this scale, with the change of each answer; no item is judged alone."""
    if first.totals_only or latest.totals_only:
        st.text("Item by item is not possible: of one of the two forms only the totals are held.")
        return
    rows = changed_items(first, latest, measure, instrument, today)
    st.text("One answer alone says little: the error of a single item is large, and no item has a verdict.")
    columns = tuple(rows[0]) if rows else ()
    if columns:
        label = f"{measure.name}, first against latest form item by item"
        told = [plain_table.plain_row(row) for row in rows]
        plain_table.show(
            told, columns, "Item", label, f"items-{first.form_id}-{latest.form_id}-{measure.measure}", "Asked"
        )


def changed_items(
    first: FormView, latest: FormView, measure: MeasureCourse, instrument: Instrument | None, today: date
) -> list[dict[str, str]]:
    """One row an item of the scale. A missing answer has no change, and is never a zero."""
    scale_key = measure_of(measure.measure).scale
    scale = next((s for s in instrument.scales if s.key == scale_key), None) if instrument else None
    wanted = frozenset(scale.item_ids) if scale is not None else frozenset()
    turned = scale.reverse if scale is not None else frozenset()
    before = {item.item_id: item for item in first.items}
    head_first, head_latest = (f"{words.day(form.taken_on, today)}" for form in (first, latest))
    if head_first == head_latest:
        head_first, head_latest = f"{head_first}, first", f"{head_latest}, latest"
    return [
        {
            "Item": str(item.number),
            "Asked": (item.text or _NO_WORDS) + (" (scored in reverse)" if item.item_id in turned else ""),
            head_first: _figure(_answer(before.get(item.item_id))),
            head_latest: _figure(item.answer),
            "Change": _change(_answer(before.get(item.item_id)), item.answer),
        }
        for item in latest.items
        if item.item_id in wanted
    ]


def _answer(item: ItemAnswer | None) -> int | None:
    return item.answer if item is not None else None


def _figure(answer: int | None) -> str:
    return "–" if answer is None else str(answer)


def _change(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return "–"
    return "same" if after == before else f"{after - before:+d}"
