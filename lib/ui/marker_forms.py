"""Marker forms: one growth marker rated against its written anchors, with the episode the level rests on.

The earlier rating is not shown until the new one is saved: a level is judged against the anchors, not against the
last one. The client's id stands in every widget's key and in the value that is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from lib.domain.clinical_model import ClinicalModel, Marker
from lib.domain.errors import InvalidInput
from lib.domain.markers import EPISODE_FROM, RatingDraft
from lib.ui.plain import as_label

NOT_ENOUGH = "NE"
CHOICES = (NOT_ENOUGH, "0", "1", "2", "3", "4")
NE_WORDS = "Not enough evidence: no episode in the last four weeks speaks for or against. This is not a zero."
UNVALIDATED = (
    "Rated by a clinician against written anchors; the anchors are unvalidated. "
    "The level is the highest whose whole statement is supported."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which marker of which client is rated; each save begins a new round of empty fields."""

    client_id: int
    marker: Marker
    round: int

    def key(self, field: str) -> str:
        """The key of one widget, of this client and marker alone."""
        return f"marker-{self.client_id}-{self.marker.key}-{self.round}-{field}"


def choose(client_id: int, model: ClinicalModel) -> Chosen:
    """Which of the markers."""
    key = st.segmented_control(
        "Marker",
        list(model.markers),
        default=next(iter(model.markers)),
        required=True,
        format_func=lambda one: model.markers[one].label,
        key=f"marker-{client_id}-which",
        label_visibility="collapsed",
    )
    marker = model.markers[key if isinstance(key, str) else next(iter(model.markers))]
    return Chosen(client_id, marker, st.session_state.get(f"marker-{client_id}-round", 0))


def begin_anew(client_id: int) -> None:
    """After a save: the next rating of this client starts with empty fields."""
    st.session_state[f"marker-{client_id}-round"] = st.session_state.get(f"marker-{client_id}-round", 0) + 1


def ask(chosen: Chosen, model: ClinicalModel, whose: str, today: date) -> RatingDraft | None:
    """The form; a draft only when it was sent by its button; raises InvalidInput when no level is chosen.

    All other rules are checked by the service that saves it."""
    marker = chosen.marker
    with st.form(chosen.key("form"), border=False):
        st.text(f"{marker.name}. {marker.caution}")
        chosen_levels = _ask_halves(chosen) if marker.two_halves else (_ask_level(chosen),)
        rated_on, context, confidence = _ask_circumstances(chosen, model, today)
        episode_on, evidence = _ask_episode(chosen, today)
        with st.container(horizontal=True, vertical_alignment="center"):
            sent = st.form_submit_button("Save rating", type="primary", key=chosen.key("save"))
            st.text(f"for {whose}")
    if not sent:
        return None
    levels = [_level(choice) for choice in chosen_levels]
    giving, receiving = levels if marker.two_halves else (None, None)
    return RatingDraft(
        marker=marker.key,
        level=None if marker.two_halves else levels[0],
        rated_on=rated_on,
        context=context,
        giving=giving,
        receiving=receiving,
        episode_on=episode_on,
        evidence=evidence.strip(),
        confidence=confidence,
    )


def _ask_level(chosen: Chosen) -> str | None:
    captions = [NE_WORDS, *(as_label(anchor) for anchor in chosen.marker.anchors)]
    return st.radio("Level", CHOICES, index=None, captions=captions, key=chosen.key("level"))


def _ask_halves(chosen: Chosen) -> tuple[str | None, str | None]:
    for number, anchor in enumerate(chosen.marker.anchors):
        st.text(f"{number}   {anchor}")
    st.text(f"{NOT_ENOUGH}   {NE_WORDS}")
    with st.container(horizontal=True, gap="large"):
        giving = st.radio("Giving", CHOICES, index=None, horizontal=True, key=chosen.key("giving"))
        receiving = st.radio("Receiving", CHOICES, index=None, horizontal=True, key=chosen.key("receiving"))
    st.text("The lower of the two is the level.")
    return giving, receiving


def _ask_circumstances(chosen: Chosen, model: ClinicalModel, today: date) -> tuple[date, str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rated_on = st.date_input(
            "Rated on", today, max_value=today, format="YYYY-MM-DD", key=chosen.key("on"), width=170
        )
        context = st.selectbox(
            "Seen with",
            ["", *model.contexts],
            format_func=lambda one: model.contexts[one].label if one else "overall",
            key=chosen.key("context"),
            width=190,
        )
        confidence = st.selectbox("How sure", ("low", "medium", "high"), index=1, key=chosen.key("sure"), width=140)
    return rated_on, context, confidence


def _ask_episode(chosen: Chosen, today: date) -> tuple[date | None, str]:
    st.text(f"From level {EPISODE_FROM} up the rating rests on an episode: when, and what happened, in one line.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        episode_on = st.date_input(
            "Episode of", None, max_value=today, format="YYYY-MM-DD", key=chosen.key("episode"), width=170
        )
        evidence = st.text_input("What happened", key=chosen.key("evidence"), max_chars=500, width="stretch")
    return episode_on, evidence


def _level(choice: str | None) -> int | None:
    """The level, None for NE. Nothing chosen is neither: it is asked for again."""
    if choice is None:
        raise InvalidInput("No level is chosen.", "Choose one, or NE where there is not enough evidence.", "level")
    return None if choice == NOT_ENOUGH else int(choice)
