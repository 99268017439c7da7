"""Instruments: what a questionnaire asks, how it is scored, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better on a scale."""

    LOWER_BETTER = "lower_better"
    HIGHER_BETTER = "higher_better"


class Rule(StrEnum):
    """How keyed answers become a scale value."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `id` is bound to the text, never to a position; `text` is None where it may not ship."""

    id: str
    number: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a scale, both ends included."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A published group. `role` is clinical, functional or reference; `citation` is never empty."""

    group: str
    mean: float
    sd: float
    n: int | None
    role: str
    citation: str


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What a verdict on this scale rests on: an SD and a reliability, each with its source.

    `rule_in_use` is the points-rule in common use where one is published (PHQ-9: 6). `cutoff` is the published
    cut-off for recovery; None where none exists, and then nothing is ever "recovered"."""

    sd: float
    sd_citation: str
    reliability: float
    reliability_citation: str
    cutoff: float | None = None
    cutoff_citation: str = ""
    rule_in_use: float | None = None
    rule_citation: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """One score of an instrument. `reverse` names items whose answer is turned (min + max - answer)."""

    key: str
    name: str
    item_ids: tuple[str, ...]
    reverse: frozenset[str]
    rule: Rule
    minimum_answered: int
    low: float
    high: float
    direction: Direction
    decimals: int
    bands: tuple[Band, ...] = ()
    bands_citation: str = ""
    norms: tuple[Norm, ...] = ()
    change: ChangeFigures | None = None
    never_prorate: frozenset[str] = frozenset()
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class RiskItem:
    """An item whose answer at or above `threshold`, or whose absence, raises its own alert on any path."""

    item_id: str
    threshold: int
    endorsed_alert: str
    missing_alert: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire. `item_count` is 0 for an instrument known by its totals only."""

    id: str
    name: str
    short_name: str
    version: str
    domain: str
    minimum: int
    maximum: int
    options: tuple[str, ...]
    stem: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    risk_items: tuple[RiskItem, ...]
    targets: tuple[str, ...]
    licence: str
    citation: str
    loinc_panel: str | None = None
    order_note: str = ""

    @property
    def totals_only(self) -> bool:
        """True when no item may be entered, only scale values."""
        return not self.items

    def scale(self, key: str) -> Scale:
        """The scale with this key; KeyError when there is none."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise KeyError(key)


Instruments = Mapping[str, Instrument]
