"""What drafting knows of measures: scores by date, forms that gave none, items that got worse, answers about risk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One scale value of one administration."""

    id: int
    taken_on: date
    value: float


@dataclass(frozen=True, slots=True)
class MissingScore:
    """One form that gave no score on a scale, or one whose score was filled in for items left empty."""

    id: int
    taken_on: date


@dataclass(frozen=True, slots=True)
class WorseItem:
    """An item whose last answer is worse than its first, whatever the total did.

    `first` and `last` are the answers as they were given; `is_reversed`: a higher one counts the other way."""

    number: int
    text: str
    first: ScorePoint
    last: ScorePoint
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class ScaleFact:
    """One scale by date, with the change rules' verdict; `missing`: forms without a score; `prorated`: forms whose
    score was filled in for items left empty.

    `error`: how far apart two scores may lie by error alone, None where no figures are published."""

    instrument: str
    name: str
    short_name: str
    points: tuple[ScorePoint, ...]
    verdict: str
    verdict_sentence: str
    better: str = "lower"
    decimals: int = 0
    missing: tuple[MissingScore, ...] = ()
    norms: str = ""
    cutoff: float | None = None
    low: float | None = None
    high: float | None = None
    worse_items: tuple[WorseItem, ...] = ()
    respondent: str = "client"
    measure: str = ""
    error: float | None = None
    prorated: tuple[MissingScore, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """One answer to a risk item (PHQ-9 item 9). `value` None means it was not answered, never zero."""

    administration_id: int
    taken_on: date
    short_name: str
    item_number: int
    value: int | None
