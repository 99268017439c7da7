"""Instruments: what a questionnaire asks, how it is scored, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
class ItemOrder:
    """Another order in which the same items circulate: `item_ids` as they stand on that form, first to last.

    A key is bound to the item, so an order changes where a question stands and never how it is scored."""

    key: str
    name: str
    item_ids: tuple[str, ...]
    citation: str


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
    """One score of an instrument. `reverse` names items whose answer is turned (min + max - answer).

    `name` stands alone in a sentence ("ECR-R avoidance"). A sum over missing items is the mean of the answered
    items times the item count; `multiplier` is applied last (WHO-5: 4). `note` is what a screen must say beside
    the score."""

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
    multiplier: float = 1.0
    missing_citation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RiskItem:
    """An item whose answer at or above `threshold`, or whose absence, raises its own alert on any path."""

    item_id: str
    threshold: int
    endorsed_alert: str
    missing_alert: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire. `items` is empty for an instrument known by its totals only.

    `options[k]` is the label of the answer `minimum + k`; `highest_first` tells that the printed form shows them
    from the highest answer down. `key_citation` is the source of the keys: which items, which are reversed."""

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
    orders: tuple[ItemOrder, ...] = ()
    highest_first: bool = False
    key_citation: str = ""
    item_ids: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the ids once: every form that is scored asks for them."""
        object.__setattr__(self, "item_ids", frozenset(item.id for item in self.items))

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

    def item_id(self, number: int, order: str = "") -> str:
        """The id of the item printed at this place (1 is the first), in a named order or the canonical one.

        KeyError when there is no such order or place."""
        ids = tuple(item.id for item in self.items)
        if order:
            ids = next((o.item_ids for o in self.orders if o.key == order), ())
        if not 1 <= number <= len(ids):
            raise KeyError(f"{self.id}: no item {number} in order {order or 'canonical'!r}")
        return ids[number - 1]


Instruments = Mapping[str, Instrument]
