"""Words: days, figures and verdicts read the same on every screen."""

from __future__ import annotations

from datetime import date

import pytest

from lib.ui import words

TODAY = date(2026, 11, 24)


def test_a_day_of_this_year_is_written_without_its_year() -> None:
    assert words.day(date(2026, 11, 17), TODAY) == "17 Nov"


def test_a_day_of_another_year_carries_it() -> None:
    assert words.day(date(2025, 11, 17), TODAY) == "17 Nov 2025"


def test_no_day_is_a_dash_and_not_an_error() -> None:
    assert words.day(None, TODAY) == "–"
    assert words.full_day(None) == "–"


@pytest.mark.parametrize(
    ("born_on", "years"), [(date(1989, 11, 24), 37), (date(1989, 11, 25), 36), (date(2000, 2, 29), 26)]
)
def test_a_person_is_as_old_as_their_last_birthday(born_on: date, years: int) -> None:
    assert words.age(born_on, TODAY) == years


def test_an_unknown_birth_date_is_said() -> None:
    assert words.born(None, TODAY) == "birth date not known"
    assert words.born(date(1989, 4, 3), TODAY) == "born 3 Apr 1989 (37)"


@pytest.mark.parametrize(
    ("value", "decimals", "shown"), [(8.0, 0, "8"), (4.0, 1, "4.0"), (None, 0, "–"), (0.0, 0, "0"), (11.25, 0, "11.2")]
)
def test_a_score_has_the_decimals_of_its_scale_and_absence_is_never_zero(
    value: float | None, decimals: int, shown: str
) -> None:
    assert words.figure(value, decimals) == shown


def test_a_marker_nobody_rated_says_so() -> None:
    assert words.level(None) == "not rated"
    assert words.level(0) == "0"
    assert words.level(2.4) == "2.4"


@pytest.mark.parametrize(
    ("verdict", "points", "shown"),
    [
        ("recovered", 9, "● Recovered"),
        ("improved", 2, "◐ Improved"),
        ("unchanged", 2, "○ No clear change"),
        ("deteriorated", 4, "▲ Worse"),
        ("worsened_across_cutoff", 4, "▲ Worse, over cut-off"),
        ("undetermined", 4, "– Cannot be determined"),
        ("undetermined", 1, "– One score only"),
        (None, 0, "– No score yet"),
    ],
)
def test_a_verdict_has_its_sign_and_word(verdict: str | None, points: int, shown: str) -> None:
    assert words.verdict(verdict, points) == shown


def test_every_verdict_of_the_change_rules_has_words() -> None:
    from lib.domain.change import Verdict

    assert set(words.VERDICTS) == {str(verdict) for verdict in Verdict}


def test_a_count_agrees_with_its_noun() -> None:
    assert (words.count(1, "client"), words.count(0, "client"), words.count(5533, "client")) == (
        "1 client",
        "0 clients",
        "5,533 clients",
    )


def test_waiting_counts_whole_days() -> None:
    assert words.waiting(date(2026, 11, 10), TODAY) == "14 days"
    assert words.waiting(TODAY, TODAY) == "today"
