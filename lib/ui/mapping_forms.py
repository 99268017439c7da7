"""Mapping forms: the columns of another system's table named once, saved under a name, and used again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from lib.domain.instruments import Instrument
from lib.domain.people import Actor
from lib.services import imports, reading_files
from lib.services.reading_files import MappingDraft, TotalSeries
from lib.ui import app_context, errors

_MOST_SERIES = 6


def show(actor: Actor, columns: Sequence[str], key: str) -> None:
    """Ask which column is what; save the mapping when it is sent. Names of columns are plain options."""
    with st.expander("This is another system's table: say once which column is what", expanded=True):
        draft = _ask(columns, key)
        if st.button("Save mapping", type="primary", key=f"{key}-map-save"):
            with errors.shown_to_the_user():
                mapping = reading_files.make_mapping(draft)
                now = app_context.now()
                with app_context.writing() as session:
                    imports.save_mapping(session, actor, mapping, now)
            st.session_state[f"{key}-mapping-next"] = mapping.name
            st.rerun()


def _ask(columns: Sequence[str], key: str) -> MappingDraft:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name of this mapping", key=f"{key}-map-name", max_chars=100, width=240)
        client = st.selectbox("Column of the client code", columns, key=f"{key}-map-client", width=220)
        dates = st.selectbox(
            "Column of the date",
            ["", *columns],
            format_func=lambda one: one or "none: a stated day",
            key=f"{key}-map-date",
            width=220,
        )
        starts_on, days = None, ""
        if not dates:
            starts_on, days = _ask_stated_day([one for one in columns if one != client], key)
    holds = st.segmented_control(
        "The rest are", ["Totals", "Items"], default="Totals", required=True, key=f"{key}-map-holds"
    )
    free = [column for column in columns if column not in (client, dates, days)]
    items = _ask_items(free, key) if holds == "Items" else ()
    series = _ask_series(free, key, bool(dates), bool(days)) if holds != "Items" else ()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        codes = st.text_input(
            "Codes that mean no answer", key=f"{key}-map-codes", placeholder="7, 9", max_chars=60, width=220
        )
        whole = st.checkbox("Read the code 93705.0 as 93705", key=f"{key}-map-whole")
    return MappingDraft(
        name=name,
        client_column=client or "",
        date_column=dates or "",
        days_column=days,
        starts_on=starts_on,
        item_columns=items,
        series=series,
        missing_codes=tuple(code.strip() for code in codes.split(",") if code.strip()),
        client_integral=whole,
    )


def _ask_stated_day(columns: Sequence[str], key: str) -> tuple[date | None, str]:
    """The day all rows are of, or the day that a column counts from: exports of studies often hold only days since."""
    starts_on = st.date_input("First day", None, format="YYYY-MM-DD", key=f"{key}-map-start", width=170)
    days = st.selectbox(
        "Column of days since then",
        ["", *columns],
        format_func=lambda one: one or "none",
        key=f"{key}-map-days",
        width=220,
    )
    return starts_on, days or ""


def _ask_items(columns: Sequence[str], key: str) -> tuple[tuple[str, str], ...]:
    instruments = {one.id: one for one in app_context.definitions().instruments.values() if not one.totals_only}
    chosen = instruments[_ask_instrument(instruments, f"{key}-map-items-of")]
    picked = st.multiselect(
        f"Columns of its {len(chosen.items)} items, in the order of the form", columns, key=f"{key}-map-items"
    )
    st.text(f"{len(picked)} of {len(chosen.items)} chosen.")
    return tuple((column, item.id) for column, item in zip(picked, chosen.items, strict=False))


def _ask_series(columns: Sequence[str], key: str, has_dates: bool, has_days: bool) -> tuple[TotalSeries, ...]:
    """One or more series of totals: follow-ups months later are a series of their own."""
    count = st.number_input("Series of totals", 1, _MOST_SERIES, 1, key=f"{key}-map-count", width=140)
    return tuple(_ask_one_series(columns, f"{key}-map-{place}", has_dates, has_days) for place in range(int(count)))


def _ask_one_series(columns: Sequence[str], key: str, has_dates: bool, has_days: bool) -> TotalSeries:
    instruments = app_context.definitions().instruments
    with st.container(horizontal=True, vertical_alignment="bottom"):
        instrument = instruments[_ask_instrument(dict(instruments), f"{key}-of")]
        scale = instrument.scales[0].key
        if len(instrument.scales) > 1:
            scale = st.selectbox("Scale", [one.key for one in instrument.scales], key=f"{key}-scale", width=160)
        first, every = (0, 7) if has_dates else _ask_days(key, has_days)
    picked = st.multiselect("Columns in the order of time", columns, key=f"{key}-columns")
    return TotalSeries(instrument.id, tuple(picked), scale, first, every)


def _ask_days(key: str, has_days: bool) -> tuple[int | None, int]:
    """When a series begins and how far apart its columns are; beside a column of days a row has its own day."""
    if has_days and st.selectbox("Their day", ["the row's own", "fixed"], key=f"{key}-day", width=150) != "fixed":
        return None, 7
    first = int(st.number_input("First, days after the start", 0, 36_525, 0, key=f"{key}-first", width=190))
    return first, int(st.number_input("Then every … days", 1, 3_650, 7, key=f"{key}-every", width=150))


def _ask_instrument(instruments: dict[str, Instrument], key: str) -> str:
    return st.selectbox(
        "Questionnaire", list(instruments), format_func=lambda one: instruments[one].short_name, key=key, width=180
    )
