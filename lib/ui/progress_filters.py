"""Progress filters: which part of a team is asked about. Drawn only when somebody wants to narrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import streamlit as st

from lib.domain.clinical_model import ClinicalModel
from lib.services.progress import Filters
from lib.ui import plain

_KEY = "progress-filters"
Key = TypeVar("Key", int, str)


def ask(therapists: Mapping[int, str], model: ClinicalModel) -> Filters:
    """The filters as they stand; closed, one button that says whether any is set."""
    kept: Filters = st.session_state.get(_KEY, Filters())
    told = "Narrow" if kept == Filters() else "Narrowed"
    menu = st.popover(told, icon=":material/filter_alt:", key="narrow", on_change="rerun", width="content")
    if not menu.open:
        return kept
    with menu:
        found = Filters(
            therapist_id=_choose("Therapist", therapists, kept.therapist_id, "narrow-therapist"),
            approach=_choose("Approach used", _names(model.approaches), kept.approach, "narrow-approach"),
            sign=_choose("Sign presented at the start", _names(model.signs), kept.sign, "narrow-sign"),
            begun_from=_day("Therapy began from", kept.begun_from, "narrow-from"),
            begun_until=_day("until", kept.begun_until, "narrow-until"),
        )
    st.session_state[_KEY] = found
    return found


def _choose(label: str, options: Mapping[Key, str], kept: Key | None, key: str) -> Key | None:
    keys = list(options)
    at = keys.index(kept) if kept is not None and kept in options else None
    return st.selectbox(
        label, keys, index=at, format_func=lambda one: plain.as_option(options[one]), key=key, placeholder="All"
    )  # fmt: skip


def _day(label: str, kept: date | None, key: str) -> date | None:
    return st.date_input(label, kept, format="YYYY-MM-DD", key=key)


def _names(entries: Mapping[str, object]) -> dict[str, str]:
    return {key: str(getattr(entry, "name", key)) for key, entry in entries.items()}
