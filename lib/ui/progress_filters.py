"""Progress filters: which part of a team is asked about. Drawn only when somebody wants to narrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

import streamlit as st

from lib.domain.clinical_model import ClinicalModel
from lib.domain.people import Actor
from lib.services import progress
from lib.services.progress import Filters
from lib.ui import app_context, errors, plain

_KEY = "progress-filters"
Key = TypeVar("Key", int, str)


def ask(actor: Actor, therapists: Mapping[int, str], model: ClinicalModel, now: datetime) -> Filters:
    """The filters as they stand; closed, one button that says whether any is set."""
    kept: Filters = st.session_state.get(_KEY, Filters())
    told = "Narrow" if kept == Filters() else "Narrowed"
    menu = st.popover(told, icon=":material/filter_alt:", key="narrow", on_change="rerun", width="content")
    if not menu.open:
        return kept
    with errors.shown_to_the_user(), app_context.reading() as session:
        offered = progress.choices(session, actor, now)
    teams = {team: team for team in offered.teams}
    years = {year: str(year) for year in offered.years}
    with menu:
        found = Filters(
            team=_choose("Team", teams, kept.team, "narrow-team") if teams else None,
            therapist_id=_choose("Therapist", therapists, kept.therapist_id, "narrow-therapist"),
            approach=_choose("Approach used", _names(model.approaches), kept.approach, "narrow-approach"),
            sign=_choose("Sign presented at the start", _names(model.signs), kept.sign, "narrow-sign"),
            begun_in=_choose("Therapy began in", years, kept.begun_in, "narrow-year"),
        )
        if found != Filters():
            st.button("Show everybody again", key="narrow-nothing", on_click=_begin_anew)
    st.session_state[_KEY] = found
    return found


def in_words(filters: Filters, therapists: Mapping[int, str], model: ClinicalModel) -> str:
    """What the figures are narrowed to, in one line; empty where they are not."""
    told = [
        filters.team and f"team {filters.team}",
        filters.therapist_id is not None and therapists.get(filters.therapist_id),
        filters.approach and _names(model.approaches).get(filters.approach),
        filters.sign and _names(model.signs).get(filters.sign),
        filters.begun_in is not None and f"therapy began in {filters.begun_in}",
    ]
    return " · ".join(one for one in told if one)


def _begin_anew() -> None:
    for key in [_KEY, *(f"narrow-{name}" for name in ("team", "therapist", "approach", "sign", "year"))]:
        st.session_state.pop(key, None)


def _choose(label: str, options: Mapping[Key, str], kept: Key | None, key: str) -> Key | None:
    keys = list(options)
    at = keys.index(kept) if kept is not None and kept in options else None
    return st.selectbox(
        label, keys, index=at, format_func=lambda one: plain.as_option(options[one]), key=key, placeholder="All"
    )  # fmt: skip


def _names(entries: Mapping[str, object]) -> dict[str, str]:
    return {key: str(getattr(entry, "name", key)) for key, entry in entries.items()}
