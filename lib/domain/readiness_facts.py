"""What readiness is made from and what it shows: reasons, criteria, and the record behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lib.domain.attachment import AttachmentRecord
from lib.domain.record_extract import RecordExtract
from lib.domain.standing import MarkerStanding


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement of the record and where it stands. `where` names the source in words, `on` its day."""

    text: str
    where: str
    on: date | None = None


@dataclass(slots=True)
class Criterion:
    """One criterion with its reasons. `unknown` holds what the record does not say, or says without a side."""

    key: str
    label: str
    question: str
    source: tuple[str, ...]
    in_favour: list[Reason] = field(default_factory=list)
    against: list[Reason] = field(default_factory=list)
    unknown: list[Reason] = field(default_factory=list)


PAPER_WORDS = {
    "draft": "is a draft",
    "waiting": "is signed and waits for its co-signature",
    "returned": "was given back by the supervisor",
    "signed": "is signed",
}


@dataclass(frozen=True, slots=True)
class Papers:
    """How the plan and the summary stand: "none", "draft", "waiting" for a co-signature, "returned" by the
    supervisor, or "signed", and since when."""

    plan: str = "none"
    plan_on: date | None = None
    summary: str = "none"
    summary_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReadinessFacts:
    """What the board is made from. `labels`: marker key -> name."""

    today: date
    extract: RecordExtract
    record: AttachmentRecord
    markers: Sequence[MarkerStanding]
    labels: Mapping[str, str]
    papers: Papers
    next_on: date | None = None


def times(count: int, what: str = "time") -> str:
    """A count with its word, one or several."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
