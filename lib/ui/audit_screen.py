"""Audit screen: what of records and process was done of what should be, and files drawn at random to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import streamlit as st

from lib.domain.audit_figures import PATTERN_RESTS_ON, PATTERN_WORDS, PROCESS, RECORDS, Indicator, share
from lib.domain.people import Actor
from lib.services import record_audit
from lib.services.record_audit import AuditFigures
from lib.services.supervision_exports import Asked, What
from lib.ui import audit_samples_view, ending_figures_view, export_button, plain, plain_table, screen_width, words

SECTIONS = ("Records", "Process", "Endings", "Random sample")
ASKED_FOR: Mapping[str, tuple[Indicator, ...]] = {SECTIONS[0]: tuple(RECORDS), SECTIONS[1]: tuple(PROCESS)}
_FIELD, _PERIOD = "audit-period", "audit-period-kept"  # a field that is not drawn forgets what was chosen
_MOST_COLUMNS = 6  # therapists as columns; more of them are read one at a time


def ask_period(today: date) -> tuple[date, date]:
    """The days asked about; the last 90 where nothing was chosen. The field with its calendars is drawn on asking."""
    usual = record_audit.usual_period(today)
    chosen = st.session_state.get(_FIELD)
    if isinstance(chosen, tuple) and len(chosen) == 2:  # a first day alone is half a choice
        st.session_state[_PERIOD] = chosen
    starts_on, ends_on = st.session_state.get(_PERIOD, (usual.starts_on, usual.ends_on))
    told = f"Period: {words.full_day(starts_on)} to {words.full_day(ends_on)}"
    menu = st.popover(told, icon=":material/date_range:", key="audit-period-menu", on_change="rerun", width="content")
    if menu.open:
        with menu:
            st.date_input("Period", (starts_on, ends_on), max_value=today, format="YYYY-MM-DD", key=_FIELD, width=260)
    return starts_on, ends_on


def show(actor: Actor, figures: AuditFigures, section: str, now: datetime) -> None:
    """One section: records, process, endings, or the random sample."""
    today = now.date()
    if not figures.therapists:
        st.text("You supervise nobody today. A practice admin assigns supervision, with its dates.")
    elif section == SECTIONS[0]:
        _show_records(figures, today)
    elif section == SECTIONS[1]:
        _show_process(figures, today)
    elif section == SECTIONS[2]:
        ending_figures_view.show(actor, figures.period, now)
    else:
        audit_samples_view.show(actor, figures.therapists, figures.period, today)


def ask_section() -> str:
    """Which part of the audit."""
    return (
        st.segmented_control("Part", SECTIONS, default=SECTIONS[0], key="audit-section", required=True) or SECTIONS[0]
    )


def show_own(figures: AuditFigures, today: date) -> None:
    """A therapist's own figures: one column, no comparison."""
    _by_therapist(figures, {**RECORDS, **PROCESS}, "own-audit")
    _show_delays(figures)


def _show_records(figures: AuditFigures, today: date) -> None:
    _by_therapist(figures, RECORDS, "audit-records")
    waiting = [
        f"{plain_name}: since {words.day(figures.oldest_open_flag_on[key], today)}"
        for key, plain_name in figures.therapists.items()
        if key in figures.oldest_open_flag_on
    ]
    with st.container(key="quiet-audit-records"):
        oldest = f"Oldest unanswered flag: {'; '.join(waiting)}." if waiting else "No flag waits for an answer."
        st.text(f"{oldest} Met of counted; a percentage only from five on. In the order of names, not of figures.")
    export_button.tables(Asked(What.RECORDS, period=figures.period), "audit-records")


def _show_process(figures: AuditFigures, today: date) -> None:
    _by_therapist(figures, PROCESS, "audit-process")
    _show_delays(figures)
    st.header("By attachment pattern at intake", anchor=False)
    with st.container(key="quiet-pattern"):
        st.text(f"{PATTERN_RESTS_ON} Groups under five are not told.")
    rows = []
    for pattern, told in PATTERN_WORDS.items():
        cells = {"Measured at intake": told.capitalize()}
        for indicator, asked in PROCESS.items():
            found = share(figures.figures, indicator, pattern=pattern)
            cells[asked] = found.in_words if found.percent is not None else "–"
        rows.append(plain_table.plain_row(cells))
    label = "Process by the pattern measured at intake"
    plain_table.show(rows, ["Measured at intake", *PROCESS.values()], "Measured at intake", label, "audit-pattern")
    export_button.tables(Asked(What.PROCESS, period=figures.period), "audit-process")


def _show_delays(figures: AuditFigures) -> None:
    """Medians in words; nothing where there is nothing to count."""
    told = []
    if figures.answered_in_days is not None:
        told.append(f"Half of the answered risk alerts were answered within {_days(figures.answered_in_days)}.")
    if figures.repaired_in_days is not None:
        told.append(f"Half of the repaired ruptures were repaired within {_days(figures.repaired_in_days)}.")
    if told:
        with st.container(key="quiet-delays"):
            st.text(" ".join(told))


def _days(median: float) -> str:
    return "the day" if median == 0 else f"{median:g} {'day' if median == 1 else 'days'}"


def _by_therapist(figures: AuditFigures, indicators: Mapping[Indicator, str], key: str) -> None:
    """Indicators down, therapists across; a long team is read as its whole and one therapist at a time."""
    people = dict(figures.therapists)
    if len(people) > _MOST_COLUMNS or (screen_width.is_narrow() and len(people) > 2):
        names = {None: "Everybody"} | {one: plain.as_option(name) for one, name in people.items()}
        chosen = st.selectbox("Therapist", list(names), format_func=lambda one: names[one], key=f"{key}-who", width=320)
        people = {chosen: people[chosen]} if chosen is not None else {}
    rows = []
    for indicator, told in indicators.items():
        cells = {"": told}
        for therapist_id, name in people.items():
            cells[_column(name, therapist_id, people)] = share(
                figures.figures, indicator, therapist_id=therapist_id
            ).in_words
        if len(figures.therapists) > 1:
            cells["All of them"] = share(figures.figures, indicator).in_words
        rows.append(plain_table.plain_row(cells))
    plain_table.show(rows, list(rows[0].cells), "", "Met of counted, by therapist", key, wide="")


def _column(name: str, therapist_id: int, people: Mapping[int, str]) -> str:
    """The therapist's name, with a number where two are called the same."""
    return name if list(people.values()).count(name) == 1 else f"{name} ({therapist_id})"
