"""Scoring many forms of one instrument at once: the same rules as `scoring`, as arithmetic on one matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Instrument, Rule, Scale

_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class ManyScores:
    """One scale of many forms: `values` of shape (forms,), nan where unscorable; `prorated` of the same shape."""

    values: np.ndarray
    prorated: np.ndarray


def score_many(instrument: Instrument, answers: np.ndarray) -> dict[str, ManyScores]:
    """Every scale of many forms. `answers` has shape (forms, items), columns in the instrument's canonical order,
    nan for an item that was not answered. Risk items are for `risk_flags`.

    Raises InvalidInput when the shape is wrong or an answer is no whole number of the range."""
    if answers.ndim != 2 or answers.shape[1] != len(instrument.items):
        raise InvalidInput(f"{instrument.short_name} has {len(instrument.items)} items a form.", field="answers")
    gaps = _forms_with_gaps(instrument, answers)
    weights, constants = _key_matrix(instrument)
    values = answers @ weights + constants  # right for whole forms; forms with gaps are scored again below
    scored = {}
    for column, scale in enumerate(instrument.scales):
        if scale.rule is Rule.COUNT:
            scored[scale.key] = ManyScores(*_with_gaps(instrument, scale, answers))
            continue
        scored[scale.key] = ManyScores(values[:, column], np.zeros(len(answers), dtype=bool))
        if gaps.size:
            filled, is_prorated = _with_gaps(instrument, scale, answers[gaps])
            scored[scale.key].values[gaps] = filled
            scored[scale.key].prorated[gaps] = is_prorated
    return scored


def risk_flags(instrument: Instrument, answers: np.ndarray) -> dict[str, np.ndarray]:
    """Alert name to the forms (shape (forms,), truth) that raise it, for every risk item of the instrument."""
    place = {item.id: column for column, item in enumerate(instrument.items)}
    flags: dict[str, np.ndarray] = {}
    for risk in instrument.risk_items:
        column = answers[:, place[risk.item_id]]
        flags[risk.endorsed_alert] = column >= risk.threshold
        flags[risk.missing_alert] = np.isnan(column)
    return flags


def _forms_with_gaps(instrument: Instrument, answers: np.ndarray) -> np.ndarray:
    """The forms (their row numbers) that lack an answer; InvalidInput for an answer that cannot be one."""
    gaps = [np.empty(0, dtype=int)]
    # Block by block the temporary arrays stay in the processor's cache: twice as fast as all at once.
    for start in range(0, len(answers), _BLOCK):
        block = answers[start : start + _BLOCK]
        odd = (block < instrument.minimum) | (block > instrument.maximum) | (np.rint(block) != block)
        if not odd.any():
            continue
        missing = np.isnan(block)
        if (wrong := odd & ~missing).any():
            row, column = np.argwhere(wrong)[0]
            raise _wrong_answer(instrument, start + int(row) + 1, int(column), float(block[row, column]))
        gaps.append(start + np.flatnonzero(missing.any(axis=1)))
    return np.concatenate(gaps)


def _wrong_answer(instrument: Instrument, form: int, column: int, answer: float) -> InvalidInput:
    item = instrument.items[column].id
    return InvalidInput(
        f"{item} of form {form} is {answer:g}; {instrument.short_name} takes whole numbers"
        f" from {instrument.minimum} to {instrument.maximum}.",
        field=item,
    )


def _key_matrix(instrument: Instrument) -> tuple[np.ndarray, np.ndarray]:
    """Weights of shape (items, scales) and constants of shape (scales,): a reversed item is turned = range - answer."""
    place = {item.id: row for row, item in enumerate(instrument.items)}
    weights = np.zeros((len(instrument.items), len(instrument.scales)))
    constants = np.zeros(len(instrument.scales))
    turned = instrument.minimum + instrument.maximum
    for column, scale in enumerate(instrument.scales):
        factor = scale.multiplier / (len(scale.item_ids) if scale.rule is Rule.MEAN else 1)
        for item_id in scale.item_ids:
            weights[place[item_id], column] = -factor if item_id in scale.reverse else factor
        constants[column] = factor * turned * len(scale.reverse)
    return weights, constants


def _with_gaps(instrument: Instrument, scale: Scale, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values and prorated flags of forms that lack at least one answer somewhere."""
    place = {item.id: column for column, item in enumerate(instrument.items)}
    keyed = answers[:, [place[item_id] for item_id in scale.item_ids]]
    reversed_here = np.array([item_id in scale.reverse for item_id in scale.item_ids])
    vital = np.array([item_id in scale.never_prorate for item_id in scale.item_ids])
    keyed[:, reversed_here] = instrument.minimum + instrument.maximum - keyed[:, reversed_here]
    missing = np.isnan(keyed)
    if scale.rule is Rule.COUNT:
        keyed = np.where(missing, np.nan, np.isin(keyed, list(scale.counts)))
    answered = (~missing).sum(axis=1)
    scorable = (answered >= scale.minimum_answered) & ~(missing & vital).any(axis=1)
    weight = scale.multiplier * (1 if scale.rule is Rule.MEAN else len(scale.item_ids))
    values = np.full(len(answers), np.nan)
    values[scorable] = weight * np.nansum(keyed[scorable], axis=1) / answered[scorable]
    return values, scorable & (answered < len(scale.item_ids))
