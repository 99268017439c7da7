"""Typed answers: what a hand types becomes answers, or is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.domain.errors import InvalidInput
from lib.exchange.definition_files import load_definitions
from lib.ui.typed_answers import read_answers, read_totals

DEFINITIONS = load_definitions(Path(__file__).parents[2] / "data")
PHQ9 = DEFINITIONS.instruments["phq9"]
BDI2 = DEFINITIONS.instruments["bdi2"]


def _typed(digits: str) -> dict[str, str]:
    return {f"phq9_{number}": digit.strip() for number, digit in enumerate(digits, start=1)}


def test_nine_digits_are_nine_answers() -> None:
    assert list(read_answers(PHQ9, _typed("012301230")).values()) == [0, 1, 2, 3, 0, 1, 2, 3, 0]


def test_an_empty_field_is_not_answered_and_never_zero() -> None:
    assert read_answers(PHQ9, _typed("01230123 "))["phq9_9"] is None


@pytest.mark.parametrize("typed", ["4", "-1", "1.5", "x", "²", "٣", "1 2", "nan"])
def test_an_answer_outside_the_form_is_refused_and_named(typed: str) -> None:
    with pytest.raises(InvalidInput, match="item 4"):
        read_answers(PHQ9, _typed("000000000") | {"phq9_4": typed})


def test_every_wrong_item_is_named_at_once() -> None:
    with pytest.raises(InvalidInput, match="item 2, item 9"):
        read_answers(PHQ9, _typed("070000008"))


def test_a_form_without_any_answer_is_refused() -> None:
    with pytest.raises(InvalidInput, match="No item"):
        read_answers(PHQ9, {})


def test_a_total_takes_a_decimal_comma() -> None:
    assert read_totals(BDI2, {"total": "21,5"}) == {"total": 21.5}


@pytest.mark.parametrize("typed", ["64", "-1", "abc", "1e1", "inf"])
def test_a_total_outside_the_scale_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match="BDI-II must be a number from 0 to 63"):
        read_totals(BDI2, {"total": typed})


def test_no_total_is_refused() -> None:
    with pytest.raises(InvalidInput, match="No score"):
        read_totals(BDI2, {"total": " "})
