"""Typed answers: digits as a hand typed them become checked answers; an empty field is "not answered", never zero."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lib.domain.errors import InvalidInput
from lib.domain.instruments import Instrument, Scale

_WHOLE = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")


def read_answers(instrument: Instrument, typed: Mapping[str, str], order: str = "") -> dict[str, int | None]:
    """Answer by item id. InvalidInput names every item that is wrong, all at once, as the printed form numbers them."""
    wrong: list[str] = []
    answers: dict[str, int | None] = {}
    for place, item in enumerate(instrument.in_order(order), start=1):
        text = typed.get(item.id, "").strip()
        answer = int(text) if _WHOLE.fullmatch(text) else None
        if text and (answer is None or not instrument.minimum <= answer <= instrument.maximum):
            wrong.append(f"item {place}")
        answers[item.id] = answer
    if wrong:
        raise InvalidInput(
            f"Not an answer of this form: {', '.join(wrong)}.",
            f"Use {instrument.minimum} to {instrument.maximum}, or leave it empty if it was not answered.",
            wrong[0],
        )
    if all(answer is None for answer in answers.values()):
        raise InvalidInput("No item is filled in.", "Enter the answers, then save.")
    return answers


def read_total(scale: Scale, typed: str) -> float | None:
    """One scale value, None when the field is empty. InvalidInput names the scale and its range."""
    text = typed.strip()
    if not text:
        return None
    value = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) and text.isascii() else None
    if value is None or not scale.low <= value <= scale.high:
        raise InvalidInput(
            f"{scale.name} must be a number from {scale.low:g} to {scale.high:g}.", "Correct it, then save.", scale.name
        )
    return value


def read_totals(instrument: Instrument, typed: Mapping[str, str]) -> dict[str, float]:
    """Value by scale key, for the scales that were given. InvalidInput when none is."""
    values = {scale.key: read_total(scale, typed.get(scale.key, "")) for scale in instrument.scales}
    given = {key: value for key, value in values.items() if value is not None}
    if not given:
        raise InvalidInput("No score is filled in.", "Enter the total as the form gives it, then save.")
    return given
