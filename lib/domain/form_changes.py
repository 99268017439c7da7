"""Form changes: what an incoming form means beside the one the record holds: new, the same again, or a correction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from lib.domain.imports import AdministrationIn
from lib.domain.instruments import Instrument
from lib.domain.scoring import ScoredForm, accept_totals, check_total, score_form

Answers = Mapping[str, int | None]


class Outcome(StrEnum):
    """What came of a value brought in."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class HeldForm(NamedTuple):
    """The current form of the record on that day. `answers` None when only totals are held."""

    id: int
    answers: Answers | None
    scales: Mapping[str, Any]


class FormChange(NamedTuple):
    """What to do with an incoming form. `answers` and `scored` are what to store; `held_id` what it supersedes.

    `problem` is set when the form contradicts the record in a way nobody may decide for the therapist."""

    outcome: Outcome
    answers: Answers | None
    scored: ScoredForm
    held_id: int | None = None
    problem: str = ""
    mend: str = ""


class FormToWrite(NamedTuple):
    """A form whose client, rules and change have been checked."""

    client_id: int
    incoming: AdministrationIn
    change: FormChange
    session_id: int | None = None


def whole_answers(instrument: Instrument, answers: Answers) -> Answers:
    """An answer for every item in the order of the form, None where there is none."""
    if tuple(answers) == instrument.ids_in_order:
        return answers
    return {item_id: answers.get(item_id) for item_id in instrument.ids_in_order}


def change_of_form(instrument: Instrument, incoming: AdministrationIn, held: HeldForm | None) -> FormChange:
    """Score the form and compare it with the held one. Raises InvalidInput as scoring does.

    Totals never replace answers: they must agree with them. Answers may replace totals. Totals of other scales of
    the same form are put beside the ones held."""
    if incoming.answers is None:
        return _totals(instrument, dict(incoming.totals), held)
    answers = whole_answers(instrument, incoming.answers)
    scored = score_form(instrument, answers)
    for key, supplied in incoming.totals.items():
        wrong = check_total(instrument, scored, key, supplied)
        if wrong:
            return FormChange(Outcome.REJECTED, answers, scored, None, wrong, "Correct the answers or the total.")
    if held is None:
        return FormChange(Outcome.NEW, answers, scored)
    if held.answers is not None and whole_answers(instrument, held.answers) == answers:
        return FormChange(Outcome.UNCHANGED, answers, scored, held.id)
    return FormChange(Outcome.CORRECTED, answers, scored, held.id)


def _totals(instrument: Instrument, totals: dict[str, float], held: HeldForm | None) -> FormChange:
    scored = accept_totals(instrument, totals)
    if held is None:
        return FormChange(Outcome.NEW, None, scored)
    if all(_same(held.scales.get(key), value) for key, value in totals.items()):
        return FormChange(Outcome.UNCHANGED, held.answers, scored, held.id)
    if held.answers is not None:
        return FormChange(
            Outcome.REJECTED,
            held.answers,
            scored,
            held.id,
            "the answers already held for this form make another total",
            "Correct the answers of this form; a total alone does not replace them.",
        )
    kept = {key: value for key, value in held.scales.items() if value is not None}
    return FormChange(Outcome.CORRECTED, None, accept_totals(instrument, {**kept, **totals}), held.id)


def _same(held: Any, value: float) -> bool:
    return held is not None and math.isclose(held, value, rel_tol=0, abs_tol=1e-9)


def day_problem(day: date, today: date, born_on: date | None, referred_on: date | None) -> tuple[str, str] | None:
    """Rule and mend when a form, rating or note cannot be of this day; None when it can."""
    if day > today:
        return "the date lies in the future", "Correct the date."
    if born_on is not None and day < born_on:
        return "the date lies before the client was born", "Correct the date, or the date of birth."
    if referred_on is not None and day < referred_on:
        return "the date lies before the client was referred", "Correct the date, or the date of referral."
    return None
