"""Readiness by the markers: how likely a level is, whether it has held, where it was seen and whether under strain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from lib.domain.flags import day_in_words
from lib.domain.marker_standing import EstimatedLevel
from lib.domain.readiness_facts import Criterion, ReadinessFacts, Reason, times
from lib.domain.record_extract import RatingFact

ESTABLISHED = 3  # "mostly present": the level whose anchor speaks of most situations
LIKELY, UNLIKELY = 0.8, 0.2  # chances from which on the board says for, or against; ours, unvalidated
STRAIN = timedelta(days=42)  # how long after a rupture, break or life event a rating still tells of strain


def chance_of_level(estimate: EstimatedLevel, level: int, today: date) -> float:
    """The chance that a marker is at this level or above today: above half a level below it, as levels are rounded.

    Normal, with the estimate's variance (T squared) grown by its drift since its day."""
    spread = math.sqrt(estimate.variance + estimate.drift * (today - estimate.on).days) / 10
    return 0.5 * math.erfc((level - 0.5 - estimate.level) / (spread * math.sqrt(2)))


def weigh_markers(criterion: Criterion, facts: ReadinessFacts) -> None:
    """Each growth marker on the side its chance tells; stale or disputed ones are not known."""
    by_key = {one.marker: one for one in facts.markers}
    for key, label in facts.labels.items():
        standing = by_key.get(key)
        if standing is None or standing.estimate is None:
            criterion.unknown.append(Reason(f"{label}: never rated.", "ratings"))
        else:
            _marker(criterion, facts, key, label, standing.estimate)


def _marker(criterion: Criterion, facts: ReadinessFacts, key: str, label: str, estimate: EstimatedLevel) -> None:
    chance = chance_of_level(estimate, ESTABLISHED, facts.today)
    told = f"{label}: {_percent(chance)} likely at level {ESTABLISHED} or above"
    where = "unvalidated estimate"
    if estimate.is_stale(facts.today):
        text = f"{label}: nobody has rated since {day_in_words(estimate.on)}."
        criterion.unknown.append(Reason(text, "ratings", estimate.on))
    elif estimate.disagreement:
        criterion.unknown.append(Reason(f"{told}; sources disagree: {estimate.disagreement}.", where, estimate.on))
    elif chance >= LIKELY:
        held = _held(facts, key)
        side = criterion.in_favour if held.days else criterion.unknown
        side.append(Reason(f"{told}; {held.told}.", where, estimate.on))
    elif chance <= UNLIKELY:
        criterion.against.append(Reason(f"{told}.", where, estimate.on))
    else:
        criterion.unknown.append(Reason(f"{told}: cannot be told yet.", where, estimate.on))


@dataclass(frozen=True, slots=True)
class _Held:
    """How long a level has held: days between the first and last rating of an unbroken run, and that in words."""

    days: int
    told: str


def _held(facts: ReadinessFacts, key: str) -> _Held:
    ratings = [one for one in facts.extract.ratings if one.marker == key and one.level is not None]
    ratings.sort(key=lambda one: (one.rated_on, one.id))
    run: list[RatingFact] = []
    for one in reversed(ratings):
        if one.level is None or one.level < ESTABLISHED:
            break
        run.append(one)
    if not run:
        return _Held(0, f"the therapist has not rated it {ESTABLISHED} or above")
    days = (run[0].rated_on - run[-1].rated_on).days
    seen = sorted({one.context for one in run if one.context})
    strained = [one for one in run if _was_strained(facts, one.rated_on)]
    parts = [f"rated {ESTABLISHED} or above {times(len(run))} since {day_in_words(run[-1].rated_on)}"]
    parts.append(f"seen with {', '.join(seen).lower()}" if seen else "where it was seen is not written")
    parts.append(
        f"once within six weeks of strain ({day_in_words(strained[0].rated_on)})"
        if strained
        else "not yet under strain"
    )
    return _Held(days, ", ".join(parts))


def _was_strained(facts: ReadinessFacts, day: date) -> bool:
    """Whether a rating was given within six weeks after a rupture, the beginning of a break, or a life event."""
    strains = [one.happened_on for one in facts.extract.ruptures]
    strains += [one.starts_on for one in facts.extract.breaks if one.kind != "anniversary"]
    return any(timedelta(0) <= day - strain <= STRAIN for strain in strains)


def _percent(chance: float) -> str:
    """A chance in words that never claims certainty."""
    if chance > 0.99:
        return "over 99 %"
    return "under 1 %" if chance < 0.01 else f"{round(100 * chance)} %"
