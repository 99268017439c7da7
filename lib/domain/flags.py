"""Flags: what asks for a person, by which rule, in words; raised from the record alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.domain.instruments import Instrument, RiskItem


class FlagKind(StrEnum):
    """Kinds of flag the product knows by name. A practice's own instrument may name its risk alerts otherwise."""

    ITEM9_ENDORSED = "item9_endorsed"
    ITEM9_MISSING = "item9_missing"
    RELIABLE_DETERIORATION = "reliable_deterioration"
    TWO_WORSENINGS = "two_worsenings"
    NO_EARLY_RESPONSE = "no_early_response"
    NOT_ON_TRACK = "not_on_track"
    ALLIANCE_DROP = "alliance_drop"
    OPEN_RUPTURE = "open_rupture"
    NO_DATA = "no_data"
    NO_NEXT_DATE = "no_next_date"
    CHECK_IN_CROSSED = "check_in_crossed"
    CHECK_IN_DUE = "check_in_due"


class FlagState(StrEnum):
    """Open until a person answers. A rule flag lapses when its rule no longer holds; a risk flag never does."""

    OPEN = "open"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class AttentionLevel(StrEnum):
    """How a reason is marked in lists."""

    RISK = "Risk"
    WATCH = "Watch"
    PREPARE = "Prepare"


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A rule in words, how its reason is marked, and the one next step, as a verb."""

    level: AttentionLevel
    rule: str
    step: str


# Sources: item alerts and reliable deterioration are standard; the others are this product's proposals, not validated.
RULES: Mapping[str, FlagRule] = {
    FlagKind.RELIABLE_DETERIORATION: FlagRule(
        AttentionLevel.WATCH, "The latest score is worse than the first by more than error allows.", "Review course"
    ),
    FlagKind.TWO_WORSENINGS: FlagRule(
        AttentionLevel.WATCH,
        "Two worsenings in a row that together reach the reliable change (a proposal, not validated).",
        "Review course",
    ),
    FlagKind.NO_EARLY_RESPONSE: FlagRule(
        AttentionLevel.WATCH,
        "Clinical at first, six sessions on, and moved less than half a reliable change (a proposal, not validated).",
        "Review course",
    ),
    FlagKind.NOT_ON_TRACK: FlagRule(
        AttentionLevel.WATCH,
        "Worse than the band that holds 80 % (amber) or 90 % (red) of comparable closed courses of this practice:"
        " depends on other clients.",
        "Review course",
    ),
    FlagKind.ALLIANCE_DROP: FlagRule(
        AttentionLevel.WATCH,
        "Alliance lower than its own earlier mean by at least one SD of the earlier scores (three or more), or an SRS"
        " below 36 (a proposal, not validated).",
        "Talk about the alliance",
    ),
    FlagKind.OPEN_RUPTURE: FlagRule(AttentionLevel.WATCH, "A rupture without a repair noted.", "Note repair"),
    FlagKind.NO_DATA: FlagRule(
        AttentionLevel.PREPARE, "No questionnaire for 28 days (a proposal, not validated).", "Plan measure"
    ),
    FlagKind.NO_NEXT_DATE: FlagRule(AttentionLevel.WATCH, "Not seen for 14 days and no next date set.", "Plan contact"),
    FlagKind.CHECK_IN_CROSSED: FlagRule(
        AttentionLevel.WATCH,
        'After the end of therapy the latest score lies at or beyond the level agreed as "get in touch".',
        "Read the plan",
    ),
    FlagKind.CHECK_IN_DUE: FlagRule(AttentionLevel.PREPARE, "A check-in agreed at the end is due.", "Hold check-in"),
}
RISK_RULE = FlagRule(
    AttentionLevel.RISK,
    "A risk item answered at or above its threshold, or not answered, whatever the total.",
    "Record response",
)
NO_RESPONSE = "no response recorded"


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A flag as a rule raises it. `about` tells two flags of a kind apart: a measure, or a rupture's id."""

    kind: str
    is_risk: bool
    reason: str
    raised_on: date
    about: str = ""
    form_id: int | None = None


def rule_of(kind: str) -> FlagRule:
    """The rule behind a kind of flag; every kind not listed is a risk alert of an instrument."""
    return RULES.get(kind, RISK_RULE)


def day_in_words(day: date) -> str:
    """ "10 Nov 2026": with the year, because a stored sentence outlives it."""
    return f"{day.day} {day.strftime('%b %Y')}"


@dataclass(frozen=True, slots=True)
class OpenRupture:
    """A rupture without a repair."""

    id: int
    happened_on: date


# --- risk items --------------------------------------------------------------------------------------


def risk_flags(
    instrument: Instrument,
    answers: Mapping[str, int | None] | None,
    alerts: Sequence[str],
    taken_on: date,
    form_id: int,
) -> tuple[RaisedFlag, ...]:
    """One flag for each alert the scoring core raised on a form; `answers` None when only totals came."""
    return tuple(
        RaisedFlag(alert, True, _risk_reason(instrument, answers, alert, taken_on), taken_on, instrument.id, form_id)
        for alert in alerts
    )


def _risk_reason(instrument: Instrument, answers: Mapping[str, int | None] | None, alert: str, taken_on: date) -> str:
    day, name = day_in_words(taken_on), instrument.short_name
    risk = next((r for r in instrument.risk_items if alert in (r.endorsed_alert, r.missing_alert)), None)
    if risk is None:
        return f"{name} of {day} raised the alert {alert}."
    number = _number(instrument, risk)
    if answers is None:
        return (
            f"Only the total of the {name} of {day} is held, so the answer to item {number} is not known."
            " This is not a zero: ask, and note the answer."
        )
    answer = answers.get(risk.item_id)
    if answer is None:
        return f"{name} item {number} was left empty on {day}. This is not a zero: ask, and note the answer."
    return f"{name} item {number} answered '{_option(instrument, answer)}' on {day}."


def _number(instrument: Instrument, risk: RiskItem) -> int:
    return next(item.number for item in instrument.items if item.id == risk.item_id)


def _option(instrument: Instrument, answer: int) -> str:
    place = answer - instrument.minimum
    return instrument.options[place].lower() if 0 <= place < len(instrument.options) else str(answer)
