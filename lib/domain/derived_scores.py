"""Derived scores: what several forms of one day make together, and what was missing where they do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from lib.domain.instruments import Instrument, Instruments

GENERAL, MEAN = "general", "mean"


class FormLike(Protocol):
    """What is asked of a form of the record."""

    @property
    def id(self) -> int: ...
    @property
    def instrument(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def respondent(self) -> str: ...
    @property
    def taken_on(self) -> date: ...
    @property
    def scales(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class DerivedForm:
    """One form nobody filled in: its scores come from the forms `of`. `unscorable` says what was missing.

    `target` is "mean" for the mean over several people: it is no form answered about people in general."""

    instrument: str
    target: str
    respondent: str
    taken_on: date
    scales: dict[str, float | None]
    unscorable: dict[str, str]
    of: tuple[int, ...]


def derived_forms(forms: Iterable[FormLike], instruments: Instruments) -> list[DerivedForm]:
    """Every derived form of one client, in the order of days: sums of parts, and means over the people asked about.

    A day with fewer than two of the forms asked for has none: nothing was begun there that could be incomplete."""
    by_day: dict[tuple[date, str], dict[tuple[str, str], FormLike]] = defaultdict(dict)
    for form in forms:
        by_day[form.taken_on, form.respondent][form.instrument, form.target] = form
    found = []
    for (day, respondent), held in sorted(by_day.items()):
        for instrument in instruments.values():
            if instrument.is_derived:
                found.append(_sum_of_parts(instrument, held, day, respondent, instruments))
            if instrument.mean_over:
                found.append(_mean_over(instrument, held, day, respondent))
    return [one for one in found if one is not None]


def _sum_of_parts(
    instrument: Instrument,
    held: Mapping[tuple[str, str], FormLike],
    day: date,
    respondent: str,
    instruments: Instruments,
) -> DerivedForm | None:
    scales: dict[str, float | None] = {}
    unscorable: dict[str, str] = {}
    of: dict[int, None] = {}
    for scale in instrument.scales:
        values, without = [], []
        for part in scale.parts:
            name, key = part.split(".")
            form = held.get((name, GENERAL))
            if form is None:
                return None
            of[form.id] = None
            value = form.scales.get(key)
            if value is None:
                without.append(instruments[name].short_name if name in instruments else name)
            else:
                values.append(float(value))
        scales[scale.key] = None if without else sum(values)
        if without:
            unscorable[scale.key] = f"{' and '.join(without)} of that day has no score"
    return DerivedForm(instrument.id, GENERAL, respondent, day, scales, unscorable, tuple(of))


def _mean_over(
    instrument: Instrument, held: Mapping[tuple[str, str], FormLike], day: date, respondent: str
) -> DerivedForm | None:
    asked = [(target, held.get((instrument.id, target))) for target in instrument.mean_over]
    answered = [form for _, form in asked if form is not None]
    if len(answered) < 2:
        return None
    scales: dict[str, float | None] = {}
    unscorable: dict[str, str] = {}
    for scale in instrument.scales:
        values = [form.scales.get(scale.key) for form in answered]
        lacking = [target for target, form in asked if form is None or form.scales.get(scale.key) is None]
        if lacking:
            scales[scale.key] = None
            unscorable[scale.key] = f"no score about {', '.join(lacking)} on that day"
        else:
            scales[scale.key] = sum(float(value) for value in values if value is not None) / len(values)
    return DerivedForm(instrument.id, MEAN, respondent, day, scales, unscorable, tuple(form.id for form in answered))
