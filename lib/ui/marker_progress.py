"""Marker progress: the markers and the facets of trust over time, evidence beside them, and what is behind a dot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from lib.ui import course_views, drawings, evidence_way, marker_words, plain_table, screen_width, words
from lib.ui.chart_axes import NARROW, WIDE
from lib.ui.course_marks import CourseMarks, Lane
from lib.ui.marker_course_drawing import Dot, MarkerPanel, height_of, panels_shapes
from lib.ui.palette import Palette
from lib.ui.shown_days import ShownDays

LEGEND = (
    "line and band = estimate with 95 % interval · ● therapist  ◇ client  □ questionnaire or goals  × not enough "
    "evidence · in notes: + evidence for  − against · ○ moment of connection · shaded = break"
)
COLUMNS = ("Day", "About", "Who", "Said", "Seen with", "What happened")


def show(
    told: ClientMarkers,
    marks: CourseMarks,
    overview: ClientOverview,
    definitions: Definitions,
    palette: Palette,
    today: date,
    days: ShownDays,
) -> None:
    """The markers with their verdicts, then what each source said, and what the estimates rest on."""
    client_id, model = overview.client.id, definitions.model
    st.header("Five growth markers", anchor=False)
    with st.container(key=f"quiet-markers-{client_id}"):
        st.text(f"{LEGEND} · {marker_words.UNVALIDATED}")
    is_rated = any(one.ratings or one.goals for one in told.markers.values())
    if not is_rated:
        st.text("Not rated yet. Not rated is not zero: rate when there are episodes to point to.")
    if is_rated or marks.by_marker or marks.lanes:
        shown = told.markers if is_rated or marks.by_marker else {}  # else the lanes alone
        labels = {key: marker.label for key, marker in model.markers.items()}
        panels = [
            replace(panel_of(labels[key], one, definitions, today, days), marks=tuple(marks.by_marker.get(key, ())))
            for key, one in shown.items()
        ]
        _draw(_Drawing("markers", shown, labels, panels, marks.lanes), overview, definitions, palette, today, days)
        _say_disagreements(told, labels, definitions, today, client_id)
    if any(one.ratings for one in told.facets.values()):
        st.header("Six facets of trust, in the therapy", anchor=False)
        with st.container(key=f"quiet-facets-{client_id}"):
            st.text(f"rated by the therapist alone, the same scale and model · {marker_words.UNVALIDATED}")
        labels = {key: facet.label for key, facet in model.facets.items()}
        panels = [panel_of(labels[key], one, definitions, today, days) for key, one in told.facets.items()]
        _draw(_Drawing("facets", told.facets, labels, panels), overview, definitions, palette, today, days)
    _show_said(told, overview, definitions, today)
    _show_grounds(told, definitions, client_id)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One drawing of several markers or facets: `what` it is of, what is known of each, and how it is drawn."""

    what: str
    told: Mapping[str, MarkerTold]
    labels: Mapping[str, str]
    panels: Sequence[MarkerPanel]
    lanes: Sequence[Lane] = ()

    def in_words(self) -> str:
        """For whoever does not see it."""
        found = [
            f"{panel.title}: {_in_words(one, panel)}"
            for panel, one in zip(self.panels, self.told.values(), strict=True)
        ]
        found += [f"{lane.name}: {', '.join(mark.told for mark in lane.marks)}" for lane in self.lanes]
        return "; ".join(found)


def _draw(
    drawing: _Drawing,
    overview: ClientOverview,
    definitions: Definitions,
    palette: Palette,
    today: date,
    days: ShownDays,
) -> None:
    """All of them on one axis; a chosen dot shows what is behind it, and a mark of evidence opens its note."""
    width = NARROW if screen_width.was_narrow() else WIDE
    breaks = course_views.spans(overview, definitions.model, today)
    ends = [end.ended_on for end in overview.ends]
    ended = "".join(f"; therapy ended on {words.day(on, today)}" for on in ends)
    client_id = overview.client.id
    opened = drawings.show(
        panels_shapes(drawing.panels, drawing.lanes, days, width, breaks, ends, palette),
        width,
        height_of(drawing.panels, drawing.lanes, days, ends),
        label=f"{drawing.in_words()}{ended}" + ("" if days.is_whole else f"; drawn: {days.in_words()}"),
        key=f"{drawing.what}-{client_id}",
        fixed=True,
    )
    ratings = (rating for one in drawing.told.values() for rating in one.ratings)
    chosen = next((rating for rating in ratings if opened == f"rating-{rating.id}"), None)
    if chosen is not None:
        with st.container(border=True, key=f"behind-{drawing.what}-{client_id}"):
            *head, happened = _rating_row(chosen, drawing.labels[chosen.marker], definitions, today).values()
            st.text(" · ".join(said for said in head if said))
            st.text(happened or "No episode was written down.")
    marks = [mark for panel in drawing.panels for mark in panel.marks] + [
        m for lane in drawing.lanes for m in lane.marks
    ]
    if opened and opened.startswith("note-") and opened in {mark.opens for mark in marks}:
        evidence_way.read(client_id, int(opened.removeprefix("note-")))


def panel_of(title: str, told: MarkerTold, definitions: Definitions, today: date, days: ShownDays) -> MarkerPanel:
    """One marker as the drawing takes it. The verdict is that of the whole course, and says so where less is shown."""
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
    verdict = marker_words.change_told(latest.change.levels, latest.verdict) + days.beside_a_verdict
    return MarkerPanel(title, verdict, note, line, dots, old, tuple(current))


def _in_words(told: MarkerTold, panel: MarkerPanel) -> str:
    """For whoever does not see the drawing."""
    latest = told.estimate.latest
    said = ["not rated"]
    if latest is not None:
        low, high = (shown_level(edge) for edge in latest.now.interval)
        level = f"level {shown_level(latest.now.level):.1f}, 95 % interval {low:.1f} to {high:.1f}"
        said = [level, panel.verdict, *([panel.note] if panel.note else [])]
    for sign, name in (("for", "for"), ("against", "against"), ("moment", "moments of connection")):
        number = sum(mark.sign == sign for mark in panel.marks)
        said += [f"{name} {number}" if sign == "moment" else f"evidence {name} {number}"] if number else []
    return ", ".join(said)


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
