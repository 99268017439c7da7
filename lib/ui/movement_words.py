"""Movement words: what moved over a course and what did not, measures and markers together, and who disagrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lib.domain.marker_estimates import MarkerVerdict
from lib.services.client_markers import MarkerTold
from lib.services.client_measures import MeasureCourse
from lib.ui import course_views, marker_words, words

BETTER, WORSE, UNCLEAR, UNKNOWN = "Better", "▲ Worse", "No clear change", "Cannot be told"
DISAGREE = "≠ Sources disagree"
_OF_MARKERS = {
    MarkerVerdict.RELIABLE_GROWTH: BETTER,
    MarkerVerdict.GROWTH: BETTER,
    MarkerVerdict.UNDISTINGUISHED: UNCLEAR,
    MarkerVerdict.SETBACK: WORSE,
    MarkerVerdict.RELIABLE_SETBACK: WORSE,
    MarkerVerdict.ONE_DATE: UNKNOWN,
}


def told(
    measures: Sequence[MeasureCourse],
    markers: Mapping[str, MarkerTold],
    labels: Mapping[str, str],
    disagreeing: Sequence[str],
) -> list[str]:
    """A line for each kind of verdict that there is, over the whole course; none where nothing was scored or rated.

    `disagreeing`: keys of the markers on which sources disagree now."""
    grouped: dict[str, list[str]] = {kind: [] for kind in (BETTER, WORSE, UNCLEAR, UNKNOWN)}
    for kind, said in (*_measures(measures), *_markers(markers, labels)):
        grouped[kind].append(said)
    if disagreeing:
        grouped[DISAGREE] = [labels[key] for key in disagreeing]
    return [f"{kind}: {' · '.join(said)}" for kind, said in grouped.items() if said]


def _measures(measures: Sequence[MeasureCourse]) -> Iterator[tuple[str, str]]:
    for measure in measures:
        if not measure.points:
            continue
        name, decimals = course_views.measure_name(measure), measure.decimals
        first, last = (words.figure(measure.points[place].value, decimals) for place in (0, -1))
        verdict = measure.change.verdict
        if len(measure.points) == 1:
            yield UNKNOWN, f"{name} (one score, {first})"
        elif verdict in words.BETTER:
            yield BETTER, f"{name} {first} to {last}, {verdict}"
        elif verdict in words.WORSE:
            yield WORSE, f"{name} {first} to {last}"
        else:
            yield UNCLEAR if verdict == "unchanged" else UNKNOWN, f"{name} {first} to {last}"


def _markers(markers: Mapping[str, MarkerTold], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, marker in markers.items():
        latest = marker.estimate.latest
        if latest is None:
            continue
        kind = _OF_MARKERS[latest.verdict]
        if kind == UNKNOWN:
            yield kind, f"{labels[key]} (rated on one date)"
            continue
        said = f"{labels[key]} {marker_words.signed(latest.change.levels)}"
        reliable = {MarkerVerdict.RELIABLE_GROWTH: ", reliable", MarkerVerdict.RELIABLE_SETBACK: ", reliable"}
        likely = {MarkerVerdict.GROWTH: ", likely", MarkerVerdict.SETBACK: ", likely"}
        yield kind, said + (reliable | likely).get(latest.verdict, "")
