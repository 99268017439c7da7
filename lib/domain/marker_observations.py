"""Marker observations: what somebody said about a marker on a day, brought onto one scale, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lib.domain.marker_definitions import CENTRE, LOWEST, PER_LEVEL, SPREAD, MarkerModel, Source

MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Observation:
    """One score of one source about one marker. `value` as it was given, `t` on the scale T (50, SD 10).

    `rater` tells two people of one source apart; `record_id` leads to the
    rating, form or attainment behind it."""

    on: date
    source: str
    value: float
    t: float
    confidence: str = MEDIUM
    rater: int | None = None
    record_id: int | None = None

    @property
    def level(self) -> float:
        """The score as a level, not held to 0-4."""
        return level_of(self.t)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A score that takes no part in the estimate, and why."""

    on: date
    source: str
    value: float
    why: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """An observation with its source and the error variance of this very score, T squared."""

    observation: Observation
    source: Source
    error: float


def t_of(level: float) -> float:
    """T of a level 0-4."""
    return LOWEST + PER_LEVEL * level


def level_of(t: float) -> float:
    """The level of a T score, not held to 0-4."""
    return (t - LOWEST) / PER_LEVEL


def t_of_scale(marker: str, scale: str, score: float, model: MarkerModel) -> float | None:
    """T of a questionnaire score against its published group; None where there are no figures for it."""
    indicator, reference = model.indicators.get((marker, scale)), model.references.get(scale)
    if indicator is None or reference is None:
        return None
    return CENTRE + SPREAD * indicator.sign * (score - reference.mean) / reference.sd


def settle(marker: str, observations: Iterable[Observation], model: MarkerModel) -> tuple[list[Weighed], list[LeftOut]]:
    """What takes part in the estimate, in the order of days and of the model's sources, and what is left out and why.

    Of two versions of a questionnaire on one day the preferred one stays, and of two scales of one questionnaire the
    one with the larger loading: they share a bias. A source without figures is left out. A rating that follows another
    of the same person closely has a larger error: what was not forgotten is not said anew."""
    found = sorted(observations, key=lambda one: (one.on, place_of(one.source, model)))
    known, left_out = [], []
    for one in found:
        source = model.source_for(marker, one.source)
        if source is None:
            left_out.append(LeftOut(one.on, one.source, one.value, model.why_unused(marker, one.source)))
        else:
            known.append((one, source))
    kept = []
    for on in dict.fromkeys(one.on for one, _ in known):
        of_the_day = [pair for pair in known if pair[0].on == on]
        stays, goes = _without_overlap(of_the_day, model)
        kept += stays
        left_out += goes
    return _weighed(kept, model), left_out


def place_of(source: str, model: MarkerModel) -> tuple[int, str]:
    """The order in which the scores of a day are taken in: as the model lists its sources, then questionnaires."""
    keys = list(model.sources)
    return (keys.index(source) if source in keys else len(keys)), source


def _without_overlap(
    pairs: Sequence[tuple[Observation, Source]], model: MarkerModel
) -> tuple[list[tuple[Observation, Source]], list[LeftOut]]:
    """One day's observations of one marker, without those that say again what another one says."""
    families: dict[str, list[tuple[Observation, Source]]] = {}
    stays: list[tuple[Observation, Source]] = []
    for pair in pairs:
        if "." in pair[0].source:
            families.setdefault(_family(pair[0].source, model), []).append(pair)
        else:
            stays.append(pair)
    goes = []
    for family in families.values():
        best = min(family, key=lambda pair: (_preference(pair[0].source, model), -pair[1].loading, pair[0].source))
        stays.append(best)
        why = f"{best[0].source} of the same day says it already"
        goes += [LeftOut(one.on, one.source, one.value, why) for one, _ in family if one is not best[0]]
    return stays, goes


def _family(scale: str, model: MarkerModel) -> str:
    instrument = scale.partition(".")[0]
    return next((group[0] for group in model.groups if instrument in group), instrument)


def _preference(scale: str, model: MarkerModel) -> int:
    instrument = scale.partition(".")[0]
    return next((group.index(instrument) for group in model.groups if instrument in group), 0)


def _weighed(pairs: Sequence[tuple[Observation, Source]], model: MarkerModel) -> list[Weighed]:
    latest: dict[tuple[str, int | None], date] = {}
    found = []
    for one, source in pairs:
        error = source.error_variance * model.confidence[one.confidence] ** 2
        before = latest.get((one.source, one.rater))
        if before is not None and (one.on - before).days < source.carry_over_days:
            error *= source.inflation
        latest[one.source, one.rater] = one.on
        found.append(Weighed(one, source, error))
    return found
