"""Progress screen: one measure in the group that is asked for, by therapist, as dots and as a funnel; and one's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from lib.domain.effect_size import FEWEST as FEWEST_PAIRS
from lib.domain.funnel import DRAWN, Place
from lib.domain.people import Actor
from lib.domain.small_groups import Untold
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

_MEASURE = "outcomes-measure"


def show_team(actor: Actor, therapists: dict[int, str], now: datetime, narrow: bool) -> None:
    """What a supervisor asks of their supervisees' clients."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.container(width="content")  # what there is to choose from is known only when it was looked for
        filters = progress_filters.ask(actor, therapists, app_context.definitions().model, now)
    found = _found(actor, filters, now)
    with place:
        _ask_measure(found)
    narrowed = progress_filters.in_words(filters, therapists, app_context.definitions().model)
    _show_group(found, narrowed)
    if found.measure is None:
        return
    _show_therapists(found, _asked_about(found, therapists, filters), narrow)
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
    found = _found(actor, filters, now)
    _ask_measure(found)
    _show_group(found)
    if found.measure is not None:
        rows = [plain_table.plain_row(_line("My clients", found.change, False, found.measure))]
        plain_table.show(rows, list(rows[0].cells), "Therapist", "My own clients' change", "own-change")
        _show_pairs(found, now.date())
    marker_pairs_view.show(actor, filters, now)


def _found(actor: Actor, filters: Filters, now: datetime) -> Progress:
    """The figures of the measure that was chosen; of the one most have two scores on where none was, or is no more."""
    chosen = st.session_state.get(_MEASURE)
    with errors.shown_to_the_user(), app_context.reading() as session:
        return progress.progress(session, actor, chosen, filters, now, app_context.definitions())
    raise AssertionError("the page stops at an error")


def _ask_measure(found: Progress) -> None:
    """Which measure is shown, and the others there are; where there is one at most, nothing is asked."""
    if len(found.measures) < 2 or found.measure is None:
        return
    keys, instruments = list(found.measures), app_context.definitions().instruments
    st.selectbox(
        "Measure",
        keys,
        index=keys.index(found.measure),
        format_func=lambda one: outcomes_view.measure_name(one, instruments),
        key=_MEASURE,
        width=280,
    )


def _show_group(found: Progress, narrowed: str = "") -> None:
    """The denominators in words, and the change of the whole group; or why nothing more is told of it."""
    group, change = found.group, found.change
    told = [narrowed] if narrowed else []
    told.append(f"{words.count(group.clients, 'client')}, {group.open_clients} open")
    if found.measure is not None:
        two = f"{change.with_two} of {change.with_score} with a score have two"
        told.append(two)
    if change.untold is None:
        told.insert(-1, f"{group.ended_planned} of {words.count(group.ended, 'ending')} planned")
        told += [f"effect size {effect_in_words(change)}"] if found.measure is not None else []
    with st.container(key="quiet-group"):
        st.text(" · ".join(told))
    if change.untold is Untold.TOO_FEW:
        st.text("Fewer than five clients with two scores: nothing is told of how so small a part of a team changed.")
    elif change.untold is Untold.HELD_BACK:
        st.text(
            "Not told: beside this part of the team, what is left would be fewer than five clients with two scores."
        )


def effect_in_words(change: GroupChange) -> str:
    """ "0.62 (0.21 to 1.03)", above zero is better; or why there is none."""
    effect = change.effect
    if effect is not None:
        return f"{effect.value:.2f} ({effect.low:.2f} to {effect.high:.2f}), {effect.pairs} clients"
    if change.with_two < FEWEST_PAIRS:
        return "not told under five clients with two scores"
    return "not told: the scores do not differ between clients"


def _show_therapists(found: Progress, therapists: dict[int, str], narrow: bool) -> None:
    st.header("By therapist", anchor=False)
    with st.container(key="quiet-therapists"):
        st.text(
            "In the order of names, not of figures. Under five clients with two scores, here or beside it: no verdicts."
        )
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
    if not rows:
        return
    plain_table.show(rows, list(rows[0].cells), "Therapist", f"Change on {name} by therapist", "verdicts-by-therapist")


def _asked_about(found: Progress, therapists: dict[int, str], filters: Filters) -> dict[int, str]:
    """Who stands in the table: all supervisees, or those the figures are narrowed to."""
    if filters.therapist_id is None and filters.team is None:
        return therapists
    scored = {one.therapist_id for one in found.therapists} | {filters.therapist_id}
    return {key: name for key, name in therapists.items() if key in scored}


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
        return "no score on this measure"
    return f"{letters[one.therapist_id]}: {one.place.value}" if one.therapist_id in letters else one.place.value


def _letters(therapists: Sequence[TherapistChange]) -> dict[int, str]:
    """A letter for each who is drawn, in the order of names: A to Z, then A2 and on."""
    drawn = [one for one in therapists if one.place in DRAWN]
    return {
        one.therapist_id: chr(65 + place % 26) + (str(place // 26 + 1) if place >= 26 else "")
        for place, one in enumerate(drawn)
    }


def _show_pairs(found: Progress, today: date) -> None:
    st.header("First and latest score", anchor=False)
    if found.change.untold is not None:
        st.text("No dots: they would tell what is not told above. The cases themselves are yours to open.")
        return
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
        st.text(_why_no_funnel(found))
        return
    with st.container(key="quiet-funnel"):
        st.text(
            f"Curves: where 95 % and 99.8 % of equal therapists would fall by chance alone. {len(drawn)} of "
            f"{words.count(len(found.therapists), 'therapist')} drawn{_not_drawn(found.therapists)}. "
            "Hollow: under ten. Clients begin differently: see Began. A dot says nothing about the person."
        )
    said = "; ".join(f"{group.letter}: {group.met} of {group.of}" for group in drawn)
    funnel_drawing.show(drawn, rate, palette.current(), f"Share reliably better; {said}", "funnel")


def _not_drawn(therapists: Sequence[TherapistChange]) -> str:
    """How many are not drawn, for each true reason."""
    why = Counter(one.place for one in therapists if one.place not in DRAWN)
    return "".join(f"; {count} {place.value}" for place, count in why.items())


def _why_no_funnel(found: Progress) -> str:
    """The true reason: nobody is told, nothing can be judged, or too few can."""
    places = {one.place for one in found.therapists}
    if found.change.untold is not None or not found.therapists:
        return "No funnel: nothing is told of this part of the team."
    if Place.NOT_JUDGED in places and not found.change.determined:
        return "No funnel: no figures say what change on this measure is more than error, so nothing is judged."
    if Place.FEW_JUDGED in places:
        return "No funnel: no therapist has five clients whose change can be judged on this measure."
    return "No funnel: no therapist has five clients with two scores on this measure that can be told."
