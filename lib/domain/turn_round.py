"""Turn it round: a client's own progress in plain words. Only what was chosen; never a flag, a sign or a comparison."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.attachment import AttachmentRecord
from lib.domain.change import Verdict
from lib.domain.course import CLIENT, measure_of
from lib.domain.instruments import Instruments
from lib.domain.marker_estimates import MarkerVerdict, shown_level
from lib.domain.standing import MarkerStanding, MeasureStanding
from lib.domain.turn_round_definitions import PlainWords

MOST_MOMENTS = 8
ALLIANCE_DOMAIN = "alliance"
_HELPS = (Verdict.RECOVERED.value, Verdict.IMPROVED.value)
_GROWTH = (MarkerVerdict.GROWTH.value, MarkerVerdict.RELIABLE_GROWTH.value)
_SETBACK = (MarkerVerdict.SETBACK.value, MarkerVerdict.RELIABLE_SETBACK.value)


class Section(StrEnum):
    """What may be shown, in the order of the page."""

    CAME_WITH = "came_with"
    MOMENTS = "moments"
    PRACTISED = "practised"
    BELIEFS = "beliefs"
    MARKERS = "markers"
    MEASURES = "measures"
    ALLIANCE = "alliance"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the clinician chose for one client; the alliance is shown only since the client agreed on a day."""

    sections: frozenset[Section] = frozenset()
    alliance_agreed_on: date | None = None

    def shows(self, section: Section) -> bool:
        """Whether this section is on the client's page."""
        if section is Section.ALLIANCE and self.alliance_agreed_on is None:
            return False
        return section in self.sections


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, and the day it is about."""

    said: str
    on: date | None = None
    more: str = ""


@dataclass(frozen=True, slots=True)
class BeliefThenNow:
    """A belief in the client's words with how far it was and is held, 0-100; None where nobody asked."""

    words: str
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class MarkerSaid:
    """A marker in plain words; `then` and `now` in whole steps 0-4, None where nobody has looked at it."""

    label: str
    sentence: str
    then: int | None
    now: int | None


@dataclass(frozen=True, slots=True)
class ClientsOwn:
    """The client's page: the lines of every section that was chosen, and nothing else."""

    name: str
    chosen: Chosen
    lines: Mapping[Section, tuple[Line, ...]]
    beliefs: tuple[BeliefThenNow, ...] = ()
    markers: tuple[MarkerSaid, ...] = ()


def own_lines(
    chosen: Chosen, record: AttachmentRecord, came_with: Sequence[Line], measures: Mapping[Section, tuple[Line, ...]]
) -> dict[Section, tuple[Line, ...]]:
    """The lines of the chosen sections, in the order of the page."""
    every: dict[Section, tuple[Line, ...]] = {
        Section.CAME_WITH: tuple(came_with),
        Section.MOMENTS: _moments(record),
        Section.PRACTISED: _practised(record),
        **measures,
    }
    return {section: every.get(section, ()) for section in Section if chosen.shows(section)}


def _moments(record: AttachmentRecord) -> tuple[Line, ...]:
    """The newest moments of connection, the newest first."""
    newest = sorted(record.moments, key=lambda held: held.entry.happened_on, reverse=True)[:MOST_MOMENTS]
    return tuple(Line(held.entry.line, held.entry.happened_on, held.entry.with_whom) for held in newest)


def _practised(record: AttachmentRecord) -> tuple[Line, ...]:
    """Practices agreed, and steps tried with what was learned."""
    practices = [Line(held.entry.agreement, held.entry.agreed_on) for held in record.practices]
    steps = {held.id: held.entry.step for held in record.steps}
    tried = [
        Line(steps[held.entry.step_id], held.entry.tried_on, held.entry.learned)
        for held in record.attempts
        if held.entry.step_id in steps
    ]
    return (*practices, *tried)


def own_beliefs(record: AttachmentRecord) -> tuple[BeliefThenNow, ...]:
    """Beliefs in the client's own words, and their answers where they were weighed. Starters of ours are not shown."""
    found = []
    for held in record.beliefs:
        if not held.entry.own_words:
            continue
        rated = [one.entry for one in record.convictions if one.entry.belief_id == held.id]
        found.append(_then_now(held.entry.belief, [one.conviction for one in rated]))
        if held.entry.balanced:
            answers = [one.balanced_conviction for one in rated if one.balanced_conviction is not None]
            found.append(_then_now(held.entry.balanced, answers))
    return tuple(found)


def _then_now(words: str, rated: Sequence[int]) -> BeliefThenNow:
    return BeliefThenNow(words, rated[0] if rated else None, rated[-1] if len(rated) > 1 else None)


def own_markers(standings: Collection[MarkerStanding], plain: PlainWords) -> tuple[MarkerSaid, ...]:
    """All markers, each by one plain sentence; what nobody has looked at is said so, and is never a zero."""
    by_key = {one.marker: one for one in standings}
    return tuple(_marker_said(by_key.get(key), plain, key) for key in plain.markers)


def _marker_said(standing: MarkerStanding | None, plain: PlainWords, key: str) -> MarkerSaid:
    words = plain.markers[key]
    if standing is None or (standing.level is None and standing.estimate is None):
        return MarkerSaid(words.label, "We have not looked at this together yet.", None, None)
    then, now, trend = standing.first_level, standing.level, ""
    if standing.estimate is not None:
        now = round(shown_level(standing.estimate.level))
        then = round(shown_level(standing.estimate.level - standing.estimate.change))
        trend = _trend(standing.estimate.verdict)
    held_to = 0 if now is None else now
    if not trend:
        then = held_to  # a difference that may be chance is not drawn as one
    return MarkerSaid(words.label, words.levels[held_to] + trend, then, held_to)


def _trend(verdict: str) -> str:
    if verdict in _GROWTH:
        return " This has grown since we began."
    return " It has been harder lately; that happens, and it can be talked about." if verdict in _SETBACK else ""


def own_measures(
    standings: Sequence[MeasureStanding], instruments: Instruments, plain: PlainWords
) -> dict[Section, tuple[Line, ...]]:
    """Questionnaires the client filled in, where they help: a change for the better that is larger than error allows.

    Those about the alliance stand apart, whichever way they went: they are shown only when that was agreed."""
    helps, alliance = [], []
    for one in standings:
        measure = measure_of(one.measure)
        instrument = instruments.get(measure.instrument)
        if instrument is None or measure.respondent != CLIENT or one.points < 2:
            continue
        then_now = f"at first {one.first:.{min(1, one.decimals)}f}, now {one.latest:.{min(1, one.decimals)}f}"
        if instrument.domain == ALLIANCE_DOMAIN:
            alliance.append(Line(f"How you rated our work together: {then_now}, of {one.high:g}.", one.latest_on))
        elif one.verdict in _HELPS and instrument.domain in plain.topics:
            better = "Lower" if one.better.startswith("lower") else "Higher"
            said = f"{plain.topics[instrument.domain]} ({instrument.short_name}): {then_now}. {better} is better here."
            helps.append(Line(said, one.latest_on))
    return {Section.MEASURES: tuple(helps), Section.ALLIANCE: tuple(alliance)}
