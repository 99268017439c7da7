"""Progress screen: one measure in the group that is asked for, by therapist, as dots and as a funnel; and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.funnel import Place
from lib.domain.people import Actor
from lib.services import progress
from lib.services.progress import Filters, GroupChange, Progress, TherapistChange
from lib.services.supervision_exports import Asked, What
from lib.ui import (
    app_context,
    errors,
    export_button,
    funnel_drawing,
    marker_pairs_view,
    navigation,
    outcomes_view,
    palette,
    plain_table,
    progress_filters,
    state,
    words,
)
from lib.ui.funnel_drawing import Group


def show_team(actor: Actor, therapists: dict[int, str], now: datetime, narrow: bool) -> None:
    """What a supervisor asks of their supervisees' clients."""
    measures = st.session_state.get("progress-measures", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        measure = _ask_measure(measures)
        filters = progress_filters.ask(therapists, app_context.definitions().model)
    found = _found(actor, measure, filters, now)
    if found.measures != measures:
        st.session_state["progress-measures"] = found.measures
        if len(found.measures) > 1 and not measures:
            st.rerun()
    _show_group(found, filters)
    if found.measure is None:
        return
    _show_therapists(found, therapists, narrow)
    with st.container(horizontal=True):
        with st.container(width=680):
            _show_pairs(found, now.date())
        with st.container(width=580):
            _show_funnel(found)
    with st.container(horizontal=True):
        export_button.tables(Asked(What.PROGRESS, found.measure, filters), "progress")
    marker_pairs_view.show(actor, filters, now)


def show_own(actor: Actor, now: datetime) -> None:
    """A therapist's own clients: counts, verdicts, effect and dots; nobody beside them."""
    filters = Filters(own=True)
    found = _found(actor, _ask_measure(st.session_state.get("own-measures", {})), filters, now)
    st.session_state["own-measures"] = found.measures
    _show_group(found, filters)
    if found.measure is not None:
        rows = [plain_table.plain_row(_line("My clients", found.change, False, found.measure))]
        plain_table.show(rows, list(rows[0].cells), "Therapist", "My own clients' change", "own-change")
        _show_pairs(found, now.date())
    marker_pairs_view.show(actor, filters, now)


def _found(actor: Actor, measure: str | None, filters: Filters, now: datetime) -> Progress:
    with errors.shown_to_the_user(), app_context.reading() as session:
        return progress.progress(session, actor, measure, filters, now, app_context.definitions())
    raise AssertionError("the page stops at an error")


def _ask_measure(measures: dict[str, int]) -> str | None:
    """The measure to show; where there is one at most, nothing is asked."""
    if len(measures) < 2:
        return None
    keys = list(measures)
    usual = max(keys, key=lambda key: (measures[key], key))
    instruments = app_context.definitions().instruments
    return st.selectbox(
        "Measure",
        keys,
        index=keys.index(usual),
        format_func=lambda one: outcomes_view.measure_name(one, instruments),
        key="outcomes-measure",
        width=280,
    )


def _show_group(found: Progress, filters: Filters) -> None:
    """The denominators in words, and the change of the whole group."""
    group, change = found.group, found.change
    told = [
        f"{words.count(group.clients, 'client')}, {group.open_clients} open",
        f"{group.ended_planned} of {words.count(group.ended, 'ending')} planned",
    ]
    if found.measure is not None:
        told.append(f"{change.with_two} of {change.with_score} with a score have two")
        told.append(f"effect size {effect_in_words(change)}")
    with st.container(key="quiet-group"):
        st.text(" · ".join(told))
        if change.verdicts is None:
            st.text("Fewer than five clients with two scores: no verdicts are told for so small a part of a team.")


def effect_in_words(change: GroupChange) -> str:
    """ "0.62 (0.21 to 1.03)", above zero is better; or why there is none."""
    effect = change.effect
    if effect is None:
        return "not told under five clients with two scores"
    return f"{effect.value:.2f} ({effect.low:.2f} to {effect.high:.2f}), {effect.pairs} clients"


def _show_therapists(found: Progress, therapists: dict[int, str], narrow: bool) -> None:
    st.header("By therapist", anchor=False)
    with st.container(key="quiet-therapists"):
        st.text("In the order of names, not of figures. Fewer than five clients with two scores: no verdict counts.")
    by_id = {one.therapist_id: one for one in found.therapists}
    letters = _letters(found.therapists)
    rows = []
    for therapist_id, name in therapists.items():
        one = by_id.get(therapist_id)
        line = _line(name, one.change if one else None, narrow, found.measure or "")
        if not narrow:
            line["In the funnel"] = _place(one, letters)
        rows.append(plain_table.plain_row(line))
    name = outcomes_view.measure_name(found.measure or "", app_context.definitions().instruments)
    plain_table.show(rows, list(rows[0].cells), "Therapist", f"Change on {name} by therapist", "verdicts-by-therapist")


def _line(name: str, change: GroupChange | None, narrow: bool, measure: str) -> dict[str, str]:
    """One group's line: denominators, verdicts, where its clients began, the effect."""
    two = "0" if change is None else f"{change.with_two} of {change.with_score}"
    line = {"Therapist": name, "With two scores": two}
    for said, kinds in outcomes_view.verdict_columns(narrow).items():
        counts = change.verdicts if change is not None else None
        line[said] = "–" if counts is None else str(sum(counts[kind] for kind in kinds))
    if not narrow:
        line["Began"] = _began(change)
        effect = change.effect if change is not None else None
        line["Effect size"] = "–" if effect is None else f"{effect.value:.2f} ({effect.low:.2f} to {effect.high:.2f})"
    return line


def _began(change: GroupChange | None) -> str:
    """The case mix in words: where these clients began."""
    if change is None or change.first_mean is None:
        return "–"
    over = "" if change.over_cutoff is None else f"; {change.over_cutoff} of {change.with_two} clinical"
    return f"mean {change.first_mean:.1f}{over}"


def _place(one: TherapistChange | None, letters: dict[int, str]) -> str:
    if one is None:
        return "–"
    return f"{letters[one.therapist_id]}: {one.place.value}" if one.therapist_id in letters else one.place.value


def _letters(therapists: Sequence[TherapistChange]) -> dict[int, str]:
    """A letter for each who is drawn, in the order of names: A to Z, then A2 and on."""
    drawn = [one for one in therapists if one.place is not Place.TOO_FEW]
    return {
        one.therapist_id: chr(65 + place % 26) + (str(place // 26 + 1) if place >= 26 else "")
        for place, one in enumerate(drawn)
    }


def _show_pairs(found: Progress, today: date) -> None:
    st.header("First and latest score", anchor=False)
    scale = outcomes_view.pairs_of(found.measure or "", found.pairs, app_context.definitions().instruments, today)
    if scale is None or not scale.pairs:
        st.text("Nobody has two scores on this measure yet. Change needs a second score.")
        return
    opened = outcomes_view.show_pairs(scale, len(found.pairs), palette.current())
    if opened is not None:
        state.open_client(opened)
        navigation.open_page("pages/clinician/client.py")


def _show_funnel(found: Progress) -> None:
    """Comparison of therapists without ranks: who lies outside is a question to ask, and says nothing of a person."""
    st.header("Reliably better, by therapist", anchor=False)
    letters, rate = _letters(found.therapists), found.rate
    drawn = [
        Group(letters[one.therapist_id], one.change.better, one.change.determined)
        for one in found.therapists
        if one.therapist_id in letters
    ]
    if rate is None or not drawn:
        st.text("No therapist has five clients with a verdict on this measure yet.")
        return
    with st.container(key="quiet-funnel"):
        st.text(
            f"Curves: where 95 % and 99.8 % of equal therapists would fall by chance alone. {len(drawn)} of "
            f"{words.count(len(found.therapists), 'therapist')} drawn, the others have fewer than five. "
            "Hollow: under ten. Clients begin differently: see Began. A dot says nothing about the person."
        )
    said = "; ".join(f"{group.letter}: {group.met} of {group.of}" for group in drawn)
    funnel_drawing.show(drawn, rate, palette.current(), f"Share reliably better; {said}", "funnel")
