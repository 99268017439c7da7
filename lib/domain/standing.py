"""Standing: what every list needs to know about one client now. Derived from the record, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lib.domain.flags import AttentionLevel
from lib.domain.joint_recovery import JointRecovery
from lib.domain.marker_standing import EstimatedLevel

RULES_VERSION = "6"  # raised with every change of a rule or of the marker model: kept markers are taken over by it
ATTENTION_ORDER = {AttentionLevel.RISK: 0, AttentionLevel.WATCH: 1, AttentionLevel.PREPARE: 2}
NOTHING = 9  # nobody is asked for


@dataclass(frozen=True, slots=True)
class MeasureStanding:
    """One measure now. Values in the scale's points; `forms` counts forms with and without a score.

    `low`, `high`, `decimals`, `better` (lower_better, higher_better) and `cutoff` are what a drawing needs;
    `error_low` to `error_high` is where error alone may put a second score, None where no figures are published.
    `series` is filled for the main measure only."""

    measure: str
    name: str
    decimals: int
    better: str
    low: float
    high: float
    cutoff: float | None
    error_low: float | None
    error_high: float | None
    first_on: date
    first: float
    best_on: date
    best: float
    latest_on: date
    latest: float
    points: int
    forms: int
    verdict: str
    sentence: str
    series: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True, slots=True)
class MarkerStanding:
    """One growth marker now. `level` is the clinician's latest; None: not rated, or not enough evidence; never zero.

    `estimate` is the level from all sources together, None where nobody has rated."""

    marker: str
    level: int | None
    rated_on: date | None
    first_level: int | None
    first_on: date | None
    context: str = ""
    not_enough_evidence_on: date | None = None
    estimate: EstimatedLevel | None = None

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> MarkerStanding:
        """The marker as a kept standing holds it."""
        estimate = kept.get("estimate")
        days = {name: _day(kept[name]) for name in _MARKER_DAYS}
        return cls(**{**kept, **days, "estimate": EstimatedLevel.from_json(estimate) if estimate else None})


@dataclass(frozen=True, slots=True)
class AttentionReason:
    """Why this client asks for a person: it holds from `since` on, which may lie ahead. `step` is the next verb.

    `flag_id` leads to the flag behind it; None for reasons that time alone brings."""

    level: AttentionLevel
    kind: str
    reason: str
    since: date
    step: str
    flag_id: int | None = None

    def holds(self, today: date) -> bool:
        """True from its day on."""
        return self.since <= today


@dataclass(frozen=True, slots=True)
class DueItem:
    """Something that falls due on a day; `what` is a measure's name or "markers"."""

    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class DecidedEnding:
    """What was decided last about ending this course, by a person who looked at the reasons for and against.

    `choice`: not_yet, plan_ending or end_now; `planned_on` the day an ending is planned for."""

    choice: str
    decided_on: date
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class StandingDetail:
    """All that one row of a list draws. `readiness_*` are None until criteria for ending are weighed.

    `joint_recovery`: PHQ-9 and GAD-7 read together, None where one of them was never scored."""

    code: str
    name: str
    born_on: date | None
    is_open: bool
    sessions_held: int
    sessions_missed: int
    last_seen_on: date | None
    next_on: date | None
    main_measure: str | None
    measures: tuple[MeasureStanding, ...]
    markers: tuple[MarkerStanding, ...]
    reasons: tuple[AttentionReason, ...]
    due: tuple[DueItem, ...]
    open_flags: int
    open_risk_flags: int
    oldest_open_risk_on: date | None
    unsigned_notes: int
    ending: DecidedEnding | None = None
    joint_recovery: JointRecovery | None = None

    def measure(self, key: str | None) -> MeasureStanding | None:
        """The standing on one measure; None when there is no score."""
        return next((found for found in self.measures if found.measure == key), None)

    @property
    def main(self) -> MeasureStanding | None:
        """The main measure, with its series."""
        return self.measure(self.main_measure)

    def reasons_on(self, today: date) -> tuple[AttentionReason, ...]:
        """The reasons that hold on a day: risk first, the oldest first within a level."""
        holding = [reason for reason in self.reasons if reason.holds(today)]
        return tuple(sorted(holding, key=lambda r: (ATTENTION_ORDER[r.level], r.since, r.kind)))

    def attention_on(self, today: date) -> int:
        """0 risk, 1 watch, 2 prepare, 9 nothing."""
        return min((ATTENTION_ORDER[r.level] for r in self.reasons if r.holds(today)), default=NOTHING)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> StandingDetail:
        """The standing out of the JSON it is kept as: field by field, days as ISO texts."""
        together = kept.get("joint_recovery")
        return cls(
            **{
                **kept,
                "joint_recovery": JointRecovery(**together) if together is not None else None,
                "ending": _ending_of(kept.get("ending")),
                "born_on": _day(kept["born_on"]),
                "last_seen_on": _day(kept["last_seen_on"]),
                "next_on": _day(kept["next_on"]),
                "oldest_open_risk_on": _day(kept["oldest_open_risk_on"]),
                "measures": tuple(_measure_of(measure) for measure in kept["measures"]),
                "markers": tuple(MarkerStanding.from_json(marker) for marker in kept["markers"]),
                "reasons": tuple(_reason_of(reason) for reason in kept["reasons"]),
                "due": tuple(DueItem(due["what"], date.fromisoformat(due["due_on"])) for due in kept["due"]),
            }
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _ending_of(kept: dict[str, Any] | None) -> DecidedEnding | None:
    if kept is None:
        return None
    return DecidedEnding(kept["choice"], date.fromisoformat(kept["decided_on"]), _day(kept["planned_on"]))


def _measure_of(kept: dict[str, Any]) -> MeasureStanding:
    days = {name: date.fromisoformat(kept[name]) for name in ("first_on", "best_on", "latest_on")}
    series = tuple((date.fromisoformat(day), value) for day, value in kept["series"])
    return MeasureStanding(**{**kept, **days, "series": series})


_MARKER_DAYS = ("rated_on", "first_on", "not_enough_evidence_on")


def _reason_of(kept: dict[str, Any]) -> AttentionReason:
    return AttentionReason(
        **{**kept, "level": AttentionLevel(kept["level"]), "since": date.fromisoformat(kept["since"])}
    )
