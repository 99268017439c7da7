"""Scoring: from one form's answers to scale values, what was filled in, what has no value and why, and alerts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Band, Instrument, Rule, Scale

Answers = Mapping[str, int | None]
_KINDS = frozenset((int, type(None)))


class ScoredForm(NamedTuple):
    """One form scored. `scales` holds every scale of the instrument, None where there is no value.

    `prorated` names scales in which missing items were filled in; `unscorable` says why a scale has no value;
    `alerts` are the risk items endorsed or not answered, whatever the totals."""

    scales: dict[str, float | None]
    prorated: tuple[str, ...]
    unscorable: dict[str, str]
    alerts: tuple[str, ...]


def check_answers(instrument: Instrument, answers: Answers) -> None:
    """Raise InvalidInput for the first answer that is no item of this instrument or not in its range.

    An item left out of `answers` and an item that is None are the same: not answered."""
    if instrument.totals_only:
        raise InvalidInput(
            f"{instrument.short_name} is known here by its totals only.", "Enter the total instead of the items."
        )
    known, values = instrument.item_ids, answers.values()
    if known.issuperset(answers) and _KINDS.issuperset(map(type, values)) and instrument.possible.issuperset(values):
        return  # most forms of a large file; what follows finds out which answer is wrong
    low, high = instrument.minimum, instrument.maximum
    for item_id, answer in answers.items():
        if item_id not in known:
            raise InvalidInput(f"{instrument.short_name} has no item {item_id!r}.", "Check the form's name.", item_id)
        if answer is None:
            continue
        if isinstance(answer, bool) or not isinstance(answer, int) or not low <= answer <= high:
            raise InvalidInput(
                f"{item_id} is {answer!r}; {instrument.short_name} takes whole numbers from {low} to {high}.",
                "Correct the answer, or leave it empty if the item was not answered.",
                item_id,
            )


def score_form(instrument: Instrument, answers: Answers) -> ScoredForm:
    """Score one form. Values are not rounded; a prorated sum may so be no whole number.

    Raises InvalidInput as `check_answers` does."""
    check_answers(instrument, answers)
    scales: dict[str, float | None] = {}
    prorated: list[str] = []
    unscorable: dict[str, str] = {}
    for scale in instrument.scales:
        given = [answers.get(item_id) for item_id in scale.item_ids]
        reason = ""
        if None in given:
            missing = [item_id for item_id in scale.item_ids if answers.get(item_id) is None]
            reason = why_unscorable(instrument, scale, missing)
            if reason:
                unscorable[scale.key] = reason
            else:
                prorated.append(scale.key)
        scales[scale.key] = None if reason else _value(instrument, scale, given)
    return ScoredForm(scales, tuple(prorated), unscorable, risk_alerts(instrument, answers))


def why_unscorable(instrument: Instrument, scale: Scale, missing: list[str]) -> str:
    """Why a scale has no value when these of its items were not answered, in words; empty when it has one."""
    if not missing:
        return ""
    number_of = {item.id: item.number for item in instrument.items}
    vital = [number_of[item_id] for item_id in missing if item_id in scale.never_prorate]
    if vital:
        return f"item {vital[0]} was not answered, and it is never filled in from the others"
    count = len(scale.item_ids)
    if count - len(missing) >= scale.minimum_answered:
        return ""
    if len(missing) == count:
        return "no item was answered"
    places = ", ".join(str(number_of[item_id]) for item_id in missing)
    return (
        f"{count - len(missing)} of {count} items were answered; at least {scale.minimum_answered} are needed"
        f" (not answered: {places})"
    )


def _value(instrument: Instrument, scale: Scale, given: Sequence[int | None]) -> float:
    """The scale's value from the answers to its items in their order, None for one that was left out."""
    turned = instrument.minimum + instrument.maximum
    keyed = [answer for answer in given if answer is not None]
    if scale.reverse:
        told = zip(scale.item_ids, given, strict=True)
        keyed = [
            turned - answer if item_id in scale.reverse else answer for item_id, answer in told if answer is not None
        ]
    if scale.rule is Rule.COUNT:
        keyed = [int(answer in scale.counts) for answer in keyed]
    total = sum(keyed)
    if scale.rule is Rule.MEAN:
        return scale.multiplier * total / len(keyed)
    # Multiply before dividing: whole sums then stay exact whole numbers.
    return scale.multiplier * (total * len(scale.item_ids) / len(keyed))


def risk_alerts(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """The alerts of the risk items: endorsed at the threshold or above, or not answered at all."""
    alerts = []
    for risk in instrument.risk_items:
        answer = answers.get(risk.item_id)
        if answer is None:
            alerts.append(risk.missing_alert)
        elif answer >= risk.threshold:
            alerts.append(risk.endorsed_alert)
    return tuple(alerts)


def accept_totals(instrument: Instrument, totals: Mapping[str, float]) -> ScoredForm:
    """Take scale values as they were supplied, checked against key and range; nothing is recomputed.

    A risk item nobody saw counts as not answered, so its missing alert is raised here too. Scales that were not
    supplied have no value and say so. Raises InvalidInput for an unknown scale, a value out of range, or an
    instrument that is made of others: taken by itself, its risk item would have been seen by nobody."""
    if instrument.is_derived:
        raise InvalidInput(
            f"{instrument.short_name} is worked out from other questionnaires.", "Enter those; it follows by itself."
        )
    if not totals:
        raise InvalidInput(f"No score was given for {instrument.short_name}.", "Enter the total.")
    known = {scale.key: scale for scale in instrument.scales}
    for key, value in totals.items():
        if key not in known:
            raise InvalidInput(
                f"{instrument.short_name} has no scale {key!r}.", f"Its scales are: {', '.join(known)}.", key
            )
        scale = known[key]
        if isinstance(value, bool) or not math.isfinite(value) or not scale.low <= value <= scale.high:
            raise InvalidInput(
                f"{scale.name} is {value:g}; it lies between {scale.low:g} and {scale.high:g}.",
                "Correct the score.",
                key,
            )
    return ScoredForm(
        scales={key: float(totals[key]) if key in totals else None for key in known},
        prorated=(),
        unscorable={key: "no value was supplied" for key in known if key not in totals},
        alerts=risk_alerts(instrument, {}),
    )


def band_of(scale: Scale, value: float) -> Band | None:
    """The band a value falls into: the last one that begins at or below it; None where no bands are published.

    Bands are printed for whole scores, so a prorated 9.4 on the PHQ-9 still belongs to the band that ends at 9."""
    reached = [band for band in scale.bands if band.low <= value]
    return reached[-1] if reached else None


def check_total(instrument: Instrument, scored: ScoredForm, scale: str, supplied: float) -> str | None:
    """Words for a supplied total that disagrees with the recomputed one; None when they agree.

    A supplied value may be rounded where the recomputed one is no whole number, to at least one decimal for a mean."""
    if scale not in scored.scales:
        return f"{instrument.short_name} has no scale {scale!r}"
    name = instrument.scale(scale).name
    value = scored.scales[scale]
    if value is None:
        return f"{name} is given as {supplied:g}, but cannot be recomputed: {scored.unscorable[scale]}"
    fewest = 1 if instrument.scale(scale).rule is Rule.MEAN else 0
    if math.isclose(supplied, value, abs_tol=1e-6) or any(
        _agree_at(supplied, value, decimals) for decimals in range(fewest, 7)
    ):
        return None
    return f"{name} is given as {supplied:g}, but the answers make {round(value, 4):g}"


def _agree_at(supplied: float, value: float, decimals: int) -> bool:
    """True when `supplied` is `value` rounded to this many decimals, halves either way."""
    step = 10.0**-decimals
    is_rounded = math.isclose(supplied, round(supplied, decimals), abs_tol=1e-9)
    return is_rounded and abs(supplied - value) <= step / 2 + 1e-9
