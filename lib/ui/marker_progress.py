"""Marker progress: the five markers and the facets of trust over time, and what is behind every dot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from lib.domain.definitions import Definitions
from lib.domain.goal_scaling import ATTAINED_WORDS
from lib.domain.marker_definitions import GOALS
from lib.domain.marker_estimates import is_stale, shown_level
from lib.domain.marker_observations import Observation
from lib.domain.markers import BY_CLIENT
from lib.services import client_markers
from lib.services.client_markers import ClientMarkers, MarkerTold
from lib.services.client_record import ClientOverview
from lib.ui import app_context, course_views, drawings, gate, marker_words, plain_table, screen_width, words
from lib.ui.marker_course_drawing import Dot, MarkerPanel, panels_shapes, size
from lib.ui.palette import Palette

LEGEND = (
    "line and band = estimate with 95 % interval · ● therapist  ◇ client  □ questionnaire or goals  × not enough "
    "evidence · shaded = break"
)
WIDE, NARROW = 1310.0, 764.0
COLUMNS = ("Day", "About", "Who", "Said", "Seen with", "What happened")


def show(overview: ClientOverview, definitions: Definitions, palette: Palette, today: date) -> None:
    """The markers with their verdicts, then what each source said, and what the estimates rest on."""
    actor, now = gate.the_actor(), app_context.now()
    with app_context.reading() as session:
        told = client_markers.client_markers(session, actor, overview.client.id, now, definitions)
    client_id, model = overview.client.id, definitions.model
    st.header("Five growth markers", anchor=False)
    with st.container(key=f"quiet-markers-{client_id}"):
        st.text(f"{LEGEND} · {marker_words.UNVALIDATED}")
    if not any(one.ratings or one.goals for one in told.markers.values()):
        st.text("Not rated yet. Not rated is not zero: rate when there are episodes to point to.")
    else:
        labels = {key: marker.label for key, marker in model.markers.items()}
        _draw(told.markers, labels, overview, definitions, palette, today, "markers")
        _say_disagreements(told, labels, definitions, today, client_id)
    if any(one.ratings for one in told.facets.values()):
        st.header("Six facets of trust, in the therapy", anchor=False)
        with st.container(key=f"quiet-facets-{client_id}"):
            st.text(f"rated by the therapist alone, the same scale and model · {marker_words.UNVALIDATED}")
        labels = {key: facet.label for key, facet in model.facets.items()}
        _draw(told.facets, labels, overview, definitions, palette, today, "facets")
    _show_said(told, overview, definitions, today)
    _show_grounds(told, definitions, client_id)


def _draw(
    told: Mapping[str, MarkerTold],
    labels: Mapping[str, str],
    overview: ClientOverview,
    definitions: Definitions,
    palette: Palette,
    today: date,
    what: str,
) -> None:
    """One drawing of all of them; a chosen dot shows what is behind it."""
    narrow = screen_width.was_narrow()
    in_a_row, width = (3, NARROW) if narrow else (min(6, len(told)), WIDE)
    panels = [panel_of(labels[key], one, definitions, today) for key, one in told.items()]
    breaks = course_views.spans(overview, definitions.model, today)
    period = course_views.period(overview, today)
    opened = drawings.show(
        panels_shapes(panels, in_a_row, width, period, breaks, palette),
        *size(len(panels), in_a_row, width),
        label="; ".join(
            f"{panel.title}: {_in_words(one, panel)}" for panel, one in zip(panels, told.values(), strict=True)
        ),
        key=f"{what}-{overview.client.id}",
    )
    chosen = next((rating for one in told.values() for rating in one.ratings if opened == f"rating-{rating.id}"), None)
    if chosen is not None:
        with st.container(border=True, key=f"behind-{what}-{overview.client.id}"):
            *head, happened = _rating_row(chosen, labels[chosen.marker], definitions, today).values()
            st.text(" · ".join(said for said in head if said))
            st.text(happened or "No episode was written down.")


def panel_of(title: str, told: MarkerTold, definitions: Definitions, today: date) -> MarkerPanel:
    """One marker as the drawing takes it."""
    estimate, stale_days = told.estimate, definitions.model.estimation.rules.stale_days
    latest = estimate.latest
    line = tuple(
        (point.on, point.looking_back.level, *point.looking_back.interval)
        for point in estimate.points
        if point.looking_back is not None
    )
    dots = tuple(_dots(told, definitions, today))
    if latest is None:
        return MarkerPanel(title, "", "", (), dots)
    current = [on for on in told.disagreements if on >= latest.on - timedelta(days=stale_days)]
    old = is_stale(latest.on, today, stale_days)
    note = f"old: nothing since {words.day(latest.on, today)}" if old else "≠ sources disagree" if current else ""
    verdict = marker_words.change_told(latest.change.levels, latest.verdict)
    return MarkerPanel(title, verdict, note, line, dots, old, tuple(current))


def _in_words(told: MarkerTold, panel: MarkerPanel) -> str:
    """For whoever does not see the drawing."""
    latest = told.estimate.latest
    if latest is None:
        return "not rated"
    low, high = (shown_level(edge) for edge in latest.now.interval)
    said = f"level {shown_level(latest.now.level):.1f}, 95 % interval {low:.1f} to {high:.1f}, {panel.verdict}"
    return f"{said}, {panel.note}" if panel.note else said


def _dots(told: MarkerTold, definitions: Definitions, today: date) -> list[Dot]:
    found = []
    for one in told.ratings:
        who = "client" if one.source == BY_CLIENT else "therapist"
        said = "not enough evidence" if one.level is None else str(one.level)
        context = definitions.model.contexts[one.context].label.lower() if one.context else ""
        more = f" ({context})" if context else ""
        happened = f": {one.evidence}" if one.evidence else ""
        words_of = f"{words.day(one.rated_on, today)}, {who} {said}{more}{happened}"
        found.append(Dot(one.rated_on, who, one.level, words_of, f"rating-{one.id}"))
    for seen in told.estimate.observations:
        if seen.source == GOALS or "." in seen.source:
            said = f"{words.day(seen.on, today)}, {_source_told(seen, definitions)}"
            found.append(Dot(seen.on, "other", seen.level, said))
    return found


def _source_told(seen: Observation, definitions: Definitions) -> str:
    """What a questionnaire or the goals said, as a level."""
    if seen.source == GOALS:
        return f"goals {seen.value:+.1f}, as a level {seen.level:.1f}"
    instrument, _, scale = seen.source.partition(".")
    known = definitions.instruments[instrument].scale(scale)
    return f"{known.name} {words.figure(seen.value, known.decimals)}, as a level {seen.level:.1f}"


def _say_disagreements(
    told: ClientMarkers, labels: Mapping[str, str], definitions: Definitions, today: date, client_id: int
) -> None:
    """Both sides of every disagreement that still counts, in words."""
    since = today - timedelta(days=definitions.model.estimation.rules.stale_days)
    for key, one in told.markers.items():
        for on, said in one.disagreements.items():
            if on >= since:
                with st.container(key=f"warning-disagree-{client_id}-{key}-{on}"):
                    st.text(f"{labels[key]}: sources disagree, {said}. Look at both; the line only weighs them.")


def _show_said(told: ClientMarkers, overview: ClientOverview, definitions: Definitions, today: date) -> None:
    model = definitions.model
    labels = {key: one.label for key, one in model.markers.items()}
    labels |= {key: one.label for key, one in model.facets.items()}
    rows: list[tuple[date, dict[str, str]]] = []
    for key, one in [*told.markers.items(), *told.facets.items()]:
        rows += [(each.rated_on, _rating_row(each, labels[key], definitions, today)) for each in one.ratings]
        rows += [
            (seen.rated_on, _goal_row(labels[key], goal.goal, seen.rated_on, seen.attained, today))
            for goal, reached in one.goals
            for seen in reached
        ]
        rows += [
            (seen.on, _row(seen.on, labels[key], "questionnaire", _source_told(seen, definitions), today))
            for seen in one.estimate.observations
            if "." in seen.source
        ]
    if not rows:
        return
    rows.sort(key=lambda pair: pair[0], reverse=True)
    listed = [plain_table.plain_row(row) for _, row in rows]
    with st.expander(f"What each source said, with its episodes: {words.count(len(rows), 'entry', 'entries')}"):
        key = f"said-{overview.client.id}"
        plain_table.show(listed, COLUMNS, "Day", "What each source said", key, wide="What happened")


def _row(on: date, about: str, who: str, said: str, today: date, seen_with: str = "", what: str = "") -> dict[str, str]:
    return dict(zip(COLUMNS, (words.day(on, today), about, who, said, seen_with, what), strict=True))


def _goal_row(about: str, goal: str, on: date, attained: int, today: date) -> dict[str, str]:
    return _row(on, about, "goals", f"{attained:+d} {ATTAINED_WORDS[attained]}", today, what=goal)


def _rating_row(one: client_markers.StoredRating, about: str, definitions: Definitions, today: date) -> dict[str, str]:
    by = "client" if one.source == BY_CLIENT else one.rated_by or "imported"
    said = "not enough evidence" if one.level is None else str(one.level)
    if one.giving is not None and one.receiving is not None:
        said += f" (gives {one.giving}, receives {one.receiving})"
    if one.confidence != "medium":
        said += f", confidence {one.confidence}"
    seen_with = definitions.model.contexts[one.context].label if one.context else "overall"
    return _row(one.rated_on, about, by, said, today, seen_with, "; ".join(_episodes(one, definitions, today)))


def _episodes(one: client_markers.StoredRating, definitions: Definitions, today: date) -> list[str]:
    """Each episode of a rating with its day and the relationship it was in."""
    if not one.evidence:
        return ["imported without an episode"] if one.import_batch_id and (one.level or 0) > 1 else []
    told = [
        (one.episode_on, one.episode_with, one.evidence),
        (one.second_on, one.second_with, one.second_evidence),
    ]
    contexts, found = definitions.model.contexts, []
    for on, seen_with, evidence in told:
        if evidence:
            when = words.day(on, today) if on else "day not known"
            whom = f", {contexts[seen_with].label.lower()}" if seen_with in contexts else ""
            found.append(f"{when}{whom}: {evidence}")
    return found


def _show_grounds(told: ClientMarkers, definitions: Definitions, client_id: int) -> None:
    """What the estimates rest on, and what was left out of them."""
    model = definitions.model.estimation
    with st.expander("What these estimates rest on"):
        st.text(f"{model.status}. Nothing here was tested against outcomes.")
        st.text(
            "One level a marker: it may drift a little every day, and every source has its own lasting bias and error. "
            "The interval widens with silence. Change is tighter than level, because lasting biases cancel."
        )
        for source in list(model.sources.values())[:3]:
            st.text(f"{source.label}: loading {source.loading:g}, reliability {source.reliability:g} (prior)")
        for reference in model.references.values():
            figures = f"mean {reference.mean:g}, SD {reference.sd:g}, reliability {reference.reliability:g}"
            st.text(f"{reference.scale}: {figures} ({reference.citation})")
        points = f"{model.rules.points:g} T ({model.rules.points / 10:g} of a level)"
        st.text(
            f"Growth is likely where P(change > {points}) is {model.rules.growth:.0%} or more, reliable from "
            f"{model.rules.reliable:.0%}; setback the same way down."
        )
        for line in _left_out(told.markers, definitions):
            st.text(line)


def _left_out(markers: Mapping[str, MarkerTold], definitions: Definitions) -> Sequence[str]:
    found = []
    for key, one in markers.items():
        counted: dict[tuple[str, str], int] = {}
        for left in one.estimate.left_out:
            counted[left.source, left.why] = counted.get((left.source, left.why), 0) + 1
        label = definitions.model.markers[key].label
        found += [f"{label}, left out {number} times {source}: {why}" for (source, why), number in counted.items()]
    return found
