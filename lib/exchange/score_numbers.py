"""Answers and totals from text: the instrument's own range, one decimal sign a file, blank is no answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from lib.domain.errors import ImportProblem
from lib.domain.instruments import Instrument, Scale
from lib.exchange.cell_values import decimal_sign, number, whole_number
from lib.exchange.tables import Fault

_THOUSANDS = re.compile(r"\d{1,3},\d{3}", re.ASCII)
_SIGNS = {"point": ".", ".": ".", "comma": ",", ",": ","}


class Read(NamedTuple):
    """A value, or the fault that stands in its place. Both None: the cell was blank, nothing was answered."""

    value: int | float | None
    fault: Fault | None = None


BLANK = Read(None)


class ScoreNumbers:
    """Reads the numbers of one file. The first decimal sign met, or the one named, is the only one accepted."""

    def __init__(self, decimal: str | None = None) -> None:
        if decimal is not None and decimal.strip().casefold() not in _SIGNS:
            raise ImportProblem(f"The decimal sign {decimal!r} is not known.", "Use point or comma.")
        self.sign = _SIGNS[decimal.strip().casefold()] if decimal else None
        self._answers: dict[tuple[str, str], Read] = {}
        self._right: dict[str, dict[str, int | None]] = defaultdict(dict)

    def answers(self, instrument: Instrument, texts: Sequence[str]) -> list[int | None] | None:
        """The answers of a whole form; None where one of the texts is none, which `answer` tells one by one."""
        found = {text: self.answer(instrument, text) for text in texts}
        right = {text: read.value for text, read in found.items() if read.fault is None}
        self._right[instrument.id] |= right  # type: ignore[arg-type]
        return self.read_before(instrument, texts)

    def read_before(self, instrument: Instrument, texts: Sequence[str]) -> list[int | None] | None:
        """The same for texts that were all read before and found right; else None."""
        right = self._right[instrument.id]
        try:
            return [right[text] for text in texts]
        except KeyError:
            return None

    def answer(self, instrument: Instrument, text: str) -> Read:
        """One item's answer: a whole number in the instrument's range, or why it is none."""
        key = (instrument.id, text)
        read = self._answers.get(key)
        if read is None:
            read = self._answers[key] = self._answer(instrument, text)
        return read

    def _answer(self, instrument: Instrument, text: str) -> Read:
        if not text.strip(" \t"):
            return BLANK
        if fault := self._other_sign(text):
            return Read(None, fault)
        value = whole_number(text, self.sign)
        low, high = instrument.minimum, instrument.maximum
        if value is not None and low <= value <= high and not text.strip().startswith("-0"):
            return Read(value)
        return Read(None, Fault(
            text,
            f"an answer to {instrument.short_name} is a whole number from {low} to {high}",
            "Correct it, or leave the cell empty if it was not answered. Codes for refused or don't know are named "
            "in a column mapping.",
        ))  # fmt: skip

    def total(self, scale: Scale, text: str) -> Read:
        """One scale's value: a number within the scale's range, or why it is none."""
        if not text.strip(" \t"):
            return BLANK
        if fault := self._other_sign(text):
            return Read(None, fault)
        if _THOUSANDS.fullmatch(text.strip(" \t")) and scale.decimals == 0:
            rule = f"{scale.name} is a whole number, and a comma before three digits may mean thousands"
            return Read(None, Fault(text, rule, "Write the number without the comma."))
        value = number(text, self.sign)
        if value is not None and scale.low <= value <= scale.high and not text.strip().startswith("-"):
            return Read(value)
        if value is not None and value == 0 and scale.low <= 0 <= scale.high:
            return Read(0.0)
        rule = f"{scale.name} is a number from {scale.low:g} to {scale.high:g}"
        return Read(None, Fault(text, rule, "Correct it, or leave the cell empty if there is no score."))

    def _other_sign(self, text: str) -> Fault | None:
        sign = decimal_sign(text)
        if sign is None:
            return None
        if self.sign is None:
            self.sign = sign
        if sign == self.sign:
            return None
        return Fault(
            text,
            "one decimal sign a file: point or comma",
            "Name it, point or comma (terminal: --decimal), or mend it.",
        )
