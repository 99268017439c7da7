"""Support view: why a flag was raised, which pattern it may fit and why, and what to consider for either side.

Read-only for everybody: what the clinician did is written in the flag's own form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from lib.domain.flags import rule_of
from lib.domain.people import Actor
from lib.domain.support import MayFit, Support
from lib.domain.support_definitions import Suggestion
from lib.services import support
from lib.ui import app_context, errors
from lib.ui.flag_forms import OpenFlag

_BOTH, _DISTANCING, _CLINGING = "Side by side", "Distancing", "Clinging"
_NOTHING = "The record points to none of the patterns. That says what is written down, not how it is."


def show(actor: Actor, flag: OpenFlag, now: datetime) -> None:
    """The support behind one flag, read only when it is opened."""
    definitions = app_context.definitions()
    with errors.shown_to_the_user(), app_context.reading() as session:
        found = support.support_of_flag(session, actor, flag.client_id, flag.id, now, definitions)
    key = f"support-{flag.client_id}-{flag.id}"
    with st.container(key=f"asks-{key}", gap="small"):
        with st.container(key=f"quiet-{key}"):
            st.text(f"Raised by the rule: {rule_of(flag.kind).rule}")
        _show_patterns(found.may_fit, flag.is_risk, key)
        if flag.is_risk:
            _show_list("To consider", found.distancing, key)
        else:
            _show_sides(found, key)


def _show_patterns(may_fit: Sequence[MayFit], is_risk: bool, key: str) -> None:
    if not may_fit:
        st.text(_NOTHING)
    for one in may_fit:
        with st.container(key=f"strong-{key}-{one.pattern.key}"):
            st.text(one.pattern.label if is_risk else f"It may fit: {one.pattern.label.lower()}")
        for because in one.because:
            st.text(f"because {because}.")
        with st.container(key=f"quiet-{key}-{one.pattern.key}"):
            st.text(f"{one.pattern.words} ({', '.join(one.pattern.source)})")


def _show_sides(found: Support, key: str) -> None:
    side = st.segmented_control(
        "How does this client handle closeness at the moment? You say; nothing here decides it.",
        [_BOTH, _DISTANCING, _CLINGING],
        default=_BOTH,
        key=f"{key}-side",
    )
    if found.measured:
        with st.container(key=f"quiet-{key}-measured"):
            st.text("Self-report, as evidence only: " + " · ".join(found.measured))
    if side == _DISTANCING:
        _show_list("To consider when the client keeps distance", found.distancing, key)
    elif side == _CLINGING:
        _show_list("To consider when the client clings", found.clinging, key)
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            _show_list("When the client keeps distance", found.distancing, f"{key}-left")
        with right:
            _show_list("When the client clings", found.clinging, f"{key}-right")


def _show_list(title: str, suggestions: Sequence[Suggestion], key: str) -> None:
    with st.container(key=f"strong-{key}-title"):
        st.text(title)
    for place, one in enumerate(suggestions):
        with st.container(key=f"row-{key}-{place}"):
            st.text(f"{one.words} ({', '.join(one.source)})")
