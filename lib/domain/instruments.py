"""Instruments: what a questionnaire asks, how it is scored, and what its figures rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Direction(StrEnum):
    """Which way is better on a scale."""

    LOWER_BETTER = "lower_better"
    HIGHER_BETTER = "higher_better"


class Rule(StrEnum):
    """How keyed answers become a scale value. COUNT: how many of them are among the scale's `counts`."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `id` is bound to the text, never to a position; `text` is None where it may not ship."""

    id: str
    number: int
    text: str | None = None
    loinc: str | None = None


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
class Reliability:
    """How well a scale agrees with itself. `kind` in words: "internal consistency", "test-retest over 48 hours"."""

    kind: str
    value: float
    citation: str


@dataclass(frozen=True, slots=True)
class CaseCutoff:
    """A published score from which the instrument speaks of a case. It describes; it gives no verdict by itself."""

    value: float
    meaning: str
    citation: str


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A figure that nobody here has checked at its source: it may be drawn as a line that says so, and no more.

    Norms, bands and change figures are things of their own, so no verdict can come to rest on one of these."""

    value: float
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What a verdict on this scale rests on: an SD and a reliability, each with its source.

    `rule_in_use` is the points-rule in common use where one is published (PHQ-9: 6). `cutoff` is the published
    cut-off for recovery; None where none exists, and then nothing is ever "recovered". `entered_on` is the day a
    practice put its own figures in place of what the product holds; None for the product's."""

    sd: float
    sd_citation: str
    reliability: float
    reliability_citation: str
    cutoff: float | None = None
    cutoff_citation: str = ""
    rule_in_use: float | None = None
    rule_citation: str = ""
    entered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """One score of an instrument. `reverse` names items whose answer is turned (min + max - answer).

    `counts` holds the keyed answers that count one each, for the rule COUNT. `parts` names scales of other
    instruments ("phq9.total") whose sum this one is, where both forms are of one day.

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
    counts: frozenset[int] = frozenset()
    parts: tuple[str, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()
    cutoffs: tuple[CaseCutoff, ...] = ()
    references: tuple[ReferenceLine, ...] = ()


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
    from the highest answer down. `key_citation` is the source of the keys: which items, which are reversed.
    `window` is the time the questions ask about. `targets` are the people it can be asked about; the mean over
    `mean_over` of them stands for the general form where all were answered on one day. `text_licence` is that of
    item texts which came from a file of their own. `is_own`: defined by this practice. `other_names` are what files of
    other systems call it, besides id, name and short name."""

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
    window: str = ""
    mean_over: tuple[str, ...] = ()
    mean_citation: str = ""
    loinc_answers: str = ""
    text_licence: str = ""
    is_own: bool = False
    other_names: tuple[str, ...] = ()
    item_ids: frozenset[str] = field(init=False, repr=False, compare=False)
    ids_in_order: tuple[str, ...] = field(init=False, repr=False, compare=False)
    possible: frozenset[int | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather once what every form that is scored asks for: the ids, and what an answer may be (None: left out)."""
        object.__setattr__(self, "ids_in_order", tuple(item.id for item in self.items))
        object.__setattr__(self, "item_ids", frozenset(self.ids_in_order))
        object.__setattr__(self, "possible", frozenset([*range(self.minimum, self.maximum + 1), None]))

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

    @property
    def is_derived(self) -> bool:
        """True when its scores are made of other forms, so that it is never filled in itself."""
        return any(scale.parts for scale in self.scales)

    @property
    def has_text(self) -> bool:
        """True when every item can be read here."""
        return bool(self.items) and all(item.text for item in self.items)

    def in_order(self, order: str = "") -> tuple[Item, ...]:
        """The items as a printed form has them, first to last; KeyError when there is no such order."""
        if not order:
            return self.items
        by_id = {item.id: item for item in self.items}
        found = next((one for one in self.orders if one.key == order), None)
        if found is None:
            raise KeyError(f"{self.id}: no order {order!r}")
        return tuple(by_id[item_id] for item_id in found.item_ids)

    def item_id(self, number: int, order: str = "") -> str:
        """The id of the item printed at this place (1 is the first), in a named order or the canonical one.

        KeyError when there is no such order or place."""
        items = self.in_order(order)
        if not 1 <= number <= len(items):
            raise KeyError(f"{self.id}: no item {number} in order {order or 'canonical'!r}")
        return items[number - 1].id


Instruments = Mapping[str, Instrument]
