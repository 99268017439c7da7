"""Instrument forms: a practice brings an instrument of its own, the words of one, or the figures verdicts rest on."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from lib.domain.errors import ImportProblem, InvalidInput
from lib.domain.instruments import ChangeFigures, Instrument, Scale
from lib.domain.practice_instruments import ENTERED_BY, figures_of
from lib.services import instruments
from lib.services.instruments import ListedInstrument
from lib.ui import app_context, errors, plain_table
from lib.ui.gate import the_actor
from lib.ui.plain import as_label, as_option

_TYPES = ("toml", "json")
_SAID = "instruments-said"
_LABELS = {
    "sd": "SD",
    "reliability": "Reliability",
    "cutoff": "Cut-off for recovery",
    "rule": "Rule in use, points",
}


def bring_definition() -> None:
    """Take in a definition file, and say what came of it."""
    with st.expander("Bring an instrument of your own", expanded=False):
        st.text(
            "A TOML or JSON file in the form of the product's own definitions: items or their number, range, scales"
            " with reversed items by id, and a source at every figure. It is checked whole before anything is kept."
        )
        with st.form("instrument-definition", border=False, clear_on_submit=True):
            upload = st.file_uploader("Definition file", type=list(_TYPES), key="instrument-definition-file")
            sent = st.form_submit_button("Check and keep", type="primary")
        if sent and upload is not None:
            _take(upload.getvalue(), upload.name, as_texts=False)


def change_one(one: ListedInstrument, instrument: Instrument) -> None:
    """What the practice can do to this instrument, and what came of the last of it."""
    said = st.session_state.pop(_SAID, None)
    if said:
        st.success(as_label(said))
    if instrument.items:
        with st.expander("Words of the items", expanded=False):
            _ask_words(one, instrument)
    if not instrument.is_derived:
        with st.expander("Figures for verdicts", expanded=False):
            keys = {scale.key: scale.name for scale in instrument.scales}
            key = st.selectbox("Scale", list(keys), format_func=lambda k: as_option(keys[k]), key=f"figures-{one.key}")
            _ask_figures(one, instrument.scale(key))
    if one.own_definition and st.button("Withdraw this instrument", key=f"withdraw-{one.key}"):
        _withdraw(one.key, "definition")


def _ask_words(one: ListedInstrument, instrument: Instrument) -> None:
    st.text(
        "Put in the words of the items only if your practice is licensed for them, one item a line, in the order above."
    )
    with st.form(f"words-{one.key}", border=False):
        lines = st.text_area(f"The {len(instrument.items)} items, one a line", height=220, key=f"words-{one.key}-lines")
        licence = st.text_input("By what licence", key=f"words-{one.key}-licence", max_chars=300)
        source = st.text_input("From which source", key=f"words-{one.key}-source", max_chars=300)
        sent = st.form_submit_button("Check and keep")
    if one.own_texts and st.button("Take these words back", key=f"words-{one.key}-back"):
        _withdraw(one.key, "texts")
    if sent:
        with errors.shown_to_the_user():
            data = json.dumps(words_of(instrument, lines, licence, source)).encode()
            _take(data, f"words of {instrument.short_name}", as_texts=True)


def words_of(instrument: Instrument, lines: str, licence: str, source: str) -> dict[str, Any]:
    """The pack that typed lines make. InvalidInput when they are not as many as the items."""
    texts = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(texts) != len(instrument.items):
        raise InvalidInput(
            f"{len(texts)} lines for {len(instrument.items)} items.", "One line for each item, in their order.", "items"
        )
    items = {item.id: text for item, text in zip(instrument.items, texts, strict=True)}
    return {"instrument": instrument.id, "licence": licence, "source": source, "items": items}


def _take(data: bytes, name: str, *, as_texts: bool) -> None:
    actor, now, shipped = the_actor(), app_context.now(), app_context.shipped_definitions()
    take = instruments.add_item_texts if as_texts else instruments.define_instrument
    with errors.shown_to_the_user():
        try:
            with app_context.writing() as session:
                taken = take(session, actor, data, name, now, shipped)
        except ImportProblem as problem:
            _show_problems(problem)
            return
    st.session_state[_SAID] = f"{taken.short_name} is kept, and can be used from now on."
    st.session_state["instruments-chosen"] = taken.id
    st.rerun()


def _show_problems(problem: ImportProblem) -> None:
    st.error(as_label(problem.in_words()))
    rows = [
        plain_table.plain_row({"Row": str(one.row or "–"), "Key": one.column or "–", "Rule": one.rule})
        for one in problem.problems
    ]
    if rows:
        plain_table.show(rows, ("Row", "Key", "Rule"), "Row", "What is wrong", "instrument-problems", wide="Rule")


def _ask_figures(one: ListedInstrument, scale: Scale) -> None:
    held, form = scale.change, f"figures-{one.key}-{scale.key}"
    st.text(f"{scale.name}, {scale.low:g} to {scale.high:g}. Every figure needs its source; the last two may be empty.")
    with st.form(form, border=False):
        figures = {name: _figure(form, name, told) for name, told in _told(held).items()}
        st.text("Every client with such forms is judged anew; the change, with what stood before, is on the record.")
        sent = st.form_submit_button("Use these figures")
    back = scale.key in one.own_figures and st.button("Back to the product's figures", key=f"{form}-back")
    if not (sent or back):
        return
    actor, now, shipped = the_actor(), app_context.now(), app_context.shipped_definitions()
    with errors.shown_to_the_user():
        told = None if back else typed_figures(figures)
        with app_context.writing() as session:
            instruments.change_figures(session, actor, one.key, scale.key, told, held, now, shipped)
    st.rerun()


def _told(held: ChangeFigures | None) -> dict[str, tuple[str, float | None, str]]:
    """The four figures by name: label, value and source as they stand."""
    if held is None:
        return {name: (label, None, "") for name, label in _LABELS.items()}
    figures = {
        "sd": (held.sd, held.sd_citation),
        "reliability": (held.reliability, held.reliability_citation),
        "cutoff": (held.cutoff, held.cutoff_citation),
        "rule": (held.rule_in_use, held.rule_citation),
    }
    return {name: (_LABELS[name], value, source.split(ENTERED_BY)[0]) for name, (value, source) in figures.items()}


def _figure(form: str, name: str, told: tuple[str, float | None, str]) -> tuple[str, str]:
    label, value, source = told
    with st.container(horizontal=True):
        typed = st.text_input(
            label, "" if value is None else f"{value:g}", key=f"{form}-{name}", width=190, max_chars=12
        )
        cited = st.text_input(f"Source of {label}", source, key=f"{form}-{name}-source", max_chars=300)
    return typed, cited


def typed_figures(typed: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Figures as the fields hold them. InvalidInput names the one that is no number, or lacks its source."""
    read = {name: _number(name, value) for name, (value, _) in typed.items()}
    for name in ("sd", "reliability"):
        if read[name] is None:
            raise InvalidInput(f"The {name} is empty.", "A verdict needs an SD and a reliability.", name)
    source = {name: cited.strip() for name, (_, cited) in typed.items()}
    without = next((name for name, value in read.items() if value is not None and not source[name]), None)
    if without is not None:
        raise InvalidInput(f"The {without} has no source.", "Say where the figure is from.", without)
    return figures_of(
        read["sd"] or 0.0,
        source["sd"],
        read["reliability"] or 0.0,
        source["reliability"],
        read["cutoff"],
        source["cutoff"],
        read["rule"],
        source["rule"],
    )


def _number(name: str, typed: str) -> float | None:
    text = typed.strip().replace(",", ".")
    if not text:
        return None
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise InvalidInput(f"The {name} must be a number.", "For example 6.1.", name)
    return float(text)


def _withdraw(key: str, part: str) -> None:
    actor, now, shipped = the_actor(), app_context.now(), app_context.shipped_definitions()
    with errors.shown_to_the_user(), app_context.writing() as session:
        instruments.withdraw(session, actor, key, part, now, shipped)
    st.rerun()
