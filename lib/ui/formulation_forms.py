"""Formulation forms: a new dated version, begun from the last; and striking out one written by mistake."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lib.domain.attachment import Held
from lib.domain.clinical_model import ClinicalModel, Entries
from lib.domain.entries import Formulation
from lib.ui import words
from lib.ui.plain import as_option


def ask(latest: Formulation | None, model: ClinicalModel, whose: str, today: date, key: str) -> Formulation | None:
    """The form; what it holds once it was sent. Nothing is kept here."""
    held = latest or Formulation(today)
    with st.form(f"form-{key}", border=False):
        st.text(f"For {whose}. The version that stands is kept; this becomes the next one.")
        dated_on = st.date_input("Day", today, max_value=today, key=f"{key}-day", width=180)
        with st.container(horizontal=True):
            origins = _choose("Origins", held.origins, model.origins, f"{key}-origins")
            fears = _choose("Fears", held.fears, model.fears, f"{key}-fears")
            costs = _choose("Costs today", held.costs, model.costs, f"{key}-costs")
        stories = {
            prompt.key: st.text_area(
                prompt.words, held.stories.get(prompt.key, ""), height=80, key=f"{key}-{prompt.key}"
            )
            for prompt in model.prompts.values()
        }
        summary = st.text_area(
            "Summary: what keeps it going, in plain words", held.summary, height=100, key=f"{key}-summary"
        )
        sent = st.form_submit_button("Save as a new version", type="primary", key=f"{key}-save")
    if not sent or not isinstance(dated_on, date):
        return None
    told = {prompt: said.strip() for prompt, said in stories.items() if said.strip()}
    return Formulation(dated_on, tuple(origins), tuple(fears), tuple(costs), told, summary.strip())


def ask_to_strike(newest: Held[Formulation], today: date, key: str) -> bool:
    """Whether the newest version is to be struck out; the one before it stands again."""
    day = words.day(newest.entry.dated_on, today)
    with st.popover(f"Strike out the version of {day}", key=f"strike-{key}"):
        st.text("It stays in the record's trace, and the version before it stands again.")
        return st.button("Strike it out", key=f"strike-{key}-{newest.id}-sure")


def _choose(label: str, held: tuple[str, ...], known: Entries, key: str) -> list[str]:
    return st.multiselect(
        label,
        list(known),
        [one for one in held if one in known],
        format_func=lambda one: as_option(known[one].label),
        key=key,
        width="stretch",
    )
