"""Marker definitions: the figures of the state model behind the marker estimates, read from their file and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.domain.definition_reader import Reader

MARKER_MODEL_FILE = "marker_model.toml"
CLINICIAN, CLIENT, GOALS, UNNAMED = "clinician_rating", "client_rating", "gas", "questionnaire"
CENTRE, SPREAD = 50.0, 10.0  # of the scale T
LOWEST, PER_LEVEL = 30.0, 10.0  # T of level 0, and T a level
SMALLEST_BIAS = 0.01  # share of the variance a source keeps for a bias of its own, however well it is explained


@dataclass(frozen=True, slots=True)
class Source:
    """Somebody who says something about a marker. `carry_over` is the correlation of errors of one rater's ratings
    less than `carry_over_days` apart."""

    key: str
    label: str
    loading: float
    reliability: float
    evidence: str
    carry_over: float = 0.0
    carry_over_days: int = 0

    @property
    def error_variance(self) -> float:
        """Error of one score, T squared, at medium confidence."""
        return SPREAD**2 * (1 - self.reliability)

    @property
    def bias_variance(self) -> float:
        """Of this source's lasting bias with one client, T squared."""
        return SPREAD**2 * max(self.reliability - self.loading**2, SMALLEST_BIAS)

    @property
    def inflation(self) -> float:
        """What the error variance of a rating that follows another one closely is multiplied by."""
        return (1 + self.carry_over) / (1 - self.carry_over)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A questionnaire scale that says something about a marker: `sign` -1 where a lower score means more of it."""

    marker: str
    scale: str
    sign: int
    loading: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The published group a scale's scores are compared with."""

    scale: str
    mean: float
    sd: float
    reliability: float
    citation: str


@dataclass(frozen=True, slots=True)
class GrowthRules:
    """When a change is growth, when sources disagree, when an estimate is stale. `points` in T."""

    points: float
    growth: float
    reliable: float
    disagreement: float
    stale_days: int
    goal_correlation: float


@dataclass(frozen=True, slots=True)
class MarkerModel:
    """The whole model. Variances in T squared, `drift` a day."""

    status: str
    mean: float
    variance: float
    drift: float
    drift_bounds: tuple[float, float]
    rules: GrowthRules
    confidence: Mapping[str, float]
    sources: Mapping[str, Source]
    indicators: Mapping[tuple[str, str], Indicator]
    references: Mapping[str, Reference]
    groups: tuple[tuple[str, ...], ...]
    _known: dict[tuple[str, str], Source] = field(default_factory=dict, repr=False, compare=False)

    def source_for(self, marker: str, key: str) -> Source | None:
        """The source behind a key: a rater, or an indicator of this marker with published figures."""
        if key in self.sources:
            return self.sources[key]
        if (marker, key) not in self._known:
            indicator, reference = self.indicators.get((marker, key)), self.references.get(key)
            if indicator is None or reference is None:
                return None
            known = Source(key, "questionnaire", indicator.loading, reference.reliability, indicator.evidence)
            self._known[marker, key] = known
        return self._known[marker, key]

    def why_unused(self, marker: str, key: str) -> str:
        """Why a questionnaire scale says nothing about a marker here."""
        if (marker, key) not in self.indicators:
            return f"{key} is no indicator of {marker}"
        return f"no published figures entered for {key}"


def parse_marker_model(table: Mapping[str, Any], where: str = MARKER_MODEL_FILE) -> MarkerModel:
    """The model from the mapping of its file. Raises DefinitionProblem naming file, key and rule."""
    reader = Reader(table, where)
    level, rules, confidence = (_table(reader, name) for name in ("level", "rules", "confidence"))
    lowest, drift, highest = (level.number(key) for key in ("drift_lowest", "drift_per_day", "drift_highest"))
    if not 0 < lowest <= drift <= highest:
        level.refuse("drift_per_day", f"must lie between its bounds, {lowest:g} and {highest:g}")
    model = MarkerModel(
        status=reader.text("status"),
        mean=level.number("mean"),
        variance=_positive(level, "variance"),
        drift=drift,
        drift_bounds=(lowest, highest),
        rules=_rules(rules),
        confidence={name: _positive(confidence, name) for name in ("low", "medium", "high")},
        sources={source.key: source for source in map(_source, reader.tables("source"))},
        indicators={(one.marker, one.scale): one for one in map(_indicator, reader.tables("indicator"))},
        references={one.scale: one for one in map(_reference, reader.tables("reference"))},
        groups=tuple(_group(one) for one in reader.tables("group")),
    )
    for name in (CLINICIAN, CLIENT, GOALS, UNNAMED):
        if name not in model.sources:
            reader.refuse("source", f"must hold {name}")
    for part in (reader, level, rules, confidence):
        part.done()
    return model


def _table(reader: Reader, name: str) -> Reader:
    found = reader.table(name)
    if found is None:
        reader.refuse(name, "is missing")
    return found


def _rules(reader: Reader) -> GrowthRules:
    growth, reliable = _share(reader, "growth"), _share(reader, "reliable")
    if growth > reliable:
        reader.refuse("reliable", "must not be below growth")
    return GrowthRules(
        points=_positive(reader, "points"),
        growth=growth,
        reliable=reliable,
        disagreement=_positive(reader, "disagreement"),
        stale_days=reader.whole("stale_days"),
        goal_correlation=_share(reader, "goal_correlation"),
    )


def _source(reader: Reader) -> Source:
    source = Source(
        key=reader.text("key"),
        label=reader.text("label"),
        loading=_share(reader, "loading"),
        reliability=_share(reader, "reliability"),
        evidence=reader.text("evidence"),
        carry_over=_share(reader, "carry_over") if reader.has("carry_over") else 0.0,
        carry_over_days=reader.whole("carry_over_days", 0),
    )
    reader.done()
    return source


def _indicator(reader: Reader) -> Indicator:
    indicator = Indicator(
        reader.text("marker"),
        reader.text("scale"),
        reader.whole("sign"),
        _share(reader, "loading"),
        reader.text("evidence"),
    )
    if indicator.sign not in (1, -1):
        reader.refuse("sign", "must be 1 or -1")
    reader.done()
    return indicator


def _reference(reader: Reader) -> Reference:
    reference = Reference(
        reader.text("scale"),
        reader.number("mean"),
        _positive(reader, "sd"),
        _share(reader, "reliability"),
        reader.text("citation"),
    )
    reader.done()
    return reference


def _group(reader: Reader) -> tuple[str, ...]:
    instruments = reader.texts("instruments")
    reader.text("why")
    reader.done()
    return instruments


def _positive(reader: Reader, key: str) -> float:
    value = reader.number(key)
    if value <= 0:
        reader.refuse(key, "must be above 0")
    return value


def _share(reader: Reader, key: str) -> float:
    value = reader.number(key)
    if not 0 < value < 1:
        reader.refuse(key, "must lie between 0 and 1")
    return value
