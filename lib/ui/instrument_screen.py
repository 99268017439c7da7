"""Instruments: what the practice measures with, each with its key, its figures and where these are from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lib.services.instruments import ListedInstrument
from lib.ui import instrument_forms, instrument_words, plain_table

_CHOSEN = "instruments-chosen"


def show(listed: Sequence[ListedInstrument], *, may_change: bool) -> None:
    """The list, or one instrument in full; for whoever looks after them also the ways to add and change."""
    chosen = next((one for one in listed if one.key == st.session_state.get(_CHOSEN)), None)
    if chosen is not None:
        st.button("All instruments", icon=":material/arrow_back:", on_click=_choose, args=(None,))
        _show_one(chosen, may_change=may_change)
        return
    st.text(
        "Choose an instrument to read its key and figures. A verdict on change rests only on figures with a source."
    )
    opened = plain_table.show(
        [instrument_words.listed_row(one) for one in listed],
        instrument_words.LIST,
        head="Instrument",
        label="Instruments",
        key="instruments-list",
        wide="Scales",
    )
    if opened is not None:
        _choose(opened)
        st.rerun()
    if may_change:
        instrument_forms.bring_definition()


def _choose(key: str | None) -> None:
    st.session_state[_CHOSEN] = key


def _show_one(one: ListedInstrument, *, may_change: bool) -> None:
    instrument = one.instrument
    st.header(instrument.short_name if instrument is not None else one.key, anchor=False)
    if one.problem:
        st.text(f"▲ What the practice holds about it cannot be used: {one.problem}")
    if one.saved_at is not None:
        st.text(f"Last changed by {one.saved_by} on {one.saved_at:%Y-%m-%d}.")
    if instrument is None:
        return
    st.text("\n".join([*instrument_words.facts(instrument), *instrument_words.notes(instrument)]))
    _table(
        instrument_words.scale_rows(instrument), instrument_words.SCALES, "Scale", "Scales", one.key, "Missing answers"
    )
    _table(instrument_words.figure_rows(instrument), instrument_words.FIGURES, "What", "Figures", one.key, "Source")
    references = instrument_words.reference_rows(instrument)
    if references:
        st.text(instrument_words.UNCHECKED)
        _table(references, instrument_words.FIGURES, "What", "Reference lines, not checked", one.key, "Source")
    if instrument.items:
        _table(instrument_words.item_rows(instrument), instrument_words.ITEMS, "No.", "Items", one.key, "Item")
    if may_change:
        instrument_forms.change_one(one, instrument)


def _table(rows: list[plain_table.Row], columns: tuple[str, ...], head: str, label: str, key: str, wide: str) -> None:
    st.subheader(label, anchor=False)
    plain_table.show(rows, columns, head=head, label=label, key=f"instrument-{key}-{label}", wide=wide)
