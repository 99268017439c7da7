"""Signs of the avoidant pattern as they were seen: how often, in which context, on which day. They name no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lib.domain.clinical_model import ClinicalModel
from lib.domain.errors import InvalidInput

# Frequencies as our own words; no published scale stands behind them, so they are never added up.
SIGN_LEVELS = ("not seen", "once or twice", "sometimes", "often", "nearly always")


@dataclass(frozen=True, slots=True)
class SignRating:
    """How often a sign was seen in a context, 0-4 by SIGN_LEVELS. `level` None: not enough to say, never zero."""

    sign: str
    context: str
    rated_on: date
    level: int | None
    id: int = 0


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """A sign in one context, at its first rating and at its latest. `now` is None while it was rated once."""

    sign: str
    context: str
    then: SignRating
    now: SignRating | None


def check_sign_ratings(
    context: str, rated_on: date, levels: Mapping[str, int | None], model: ClinicalModel, today: date
) -> None:
    """Raises InvalidInput for nothing rated, an unknown sign or context, a level out of range, a day to come."""
    if rated_on > today:
        raise InvalidInput("The day lies ahead.", "Rate what was seen.", "date")
    if context not in model.contexts:
        raise InvalidInput("Choose where the signs were seen.", field="context")
    if not levels:
        raise InvalidInput("No sign is rated yet.", "Rate at least one.", "signs")
    for sign, level in levels.items():
        if sign not in model.signs:
            raise InvalidInput(f"{sign!r} is none of the signs the clinical model knows.", field="signs")
        if level is not None and (isinstance(level, bool) or not 0 <= level < len(SIGN_LEVELS)):
            raise InvalidInput(f"A sign is rated from 0 to {len(SIGN_LEVELS) - 1}.", field="signs")


def then_and_now(ratings: Iterable[SignRating]) -> list[ThenAndNow]:
    """First and latest rating of each sign in each context that was rated with a level, in the order of first days."""
    found: dict[tuple[str, str], list[SignRating]] = {}
    for rating in sorted(ratings, key=lambda one: (one.rated_on, one.id)):
        if rating.level is not None:
            found.setdefault((rating.sign, rating.context), []).append(rating)
    return [
        ThenAndNow(sign, context, rated[0], rated[-1] if len(rated) > 1 else None)
        for (sign, context), rated in found.items()
    ]
