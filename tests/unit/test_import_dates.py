"""Dates: one order a file, proven by a day over 12 or asked for, never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.errors import ImportProblem
from lib.exchange.read_options import ReadOptions
from tests.unit.exchange_material import TODAY, phq9, rules

ZEROS = ",PHQ-9" + ",0" * 9


def days(*texts: str, date_format: str | None = None):
    """The dates read from a file of these, and the file."""
    rows = [f'C{number},"{text}"{ZEROS}' for number, text in enumerate(texts)]
    parsed = phq9(*rows, options=ReadOptions(today=TODAY, date_format=date_format))
    return [form.taken_on for form in parsed.administrations], parsed


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29",
        "2024/02/29",
        "2024.02.29",
        "20240229",
        "2024-2-29",
        " 2024-02-29 ",
        "2024-02-29T10:30",
        "2024-02-29 10:30:00",
        "2024-02-29T23:59:59.123Z",
        "2024-02-29T23:59:59+01:00",
        "29 Feb 2024",
        "29-Feb-2024",
        "29 February 2024",
    ],
)
def test_an_unambiguous_date_is_read_also_with_a_time(text):
    assert days(text)[0] == [date(2024, 2, 29)]


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "31/04/2025x",
        "1/2/25",
        "01.02.25",
        "45678",
        "45678.5",
        "2025-01",
        "yesterday",
        "NaT",
        "２０２５-01-05",
        "0025-01-01",
        "1899-12-31",
        "2025-01-05T25:00",
        "2025-1",
        "-2025-01-01",
        "12025-01-01",
        "2025--1-05",
        "1e5",
    ],
)
def test_what_is_no_day_of_the_calendar_is_a_problem(text):
    found, parsed = days(text, "2025-01-05")
    assert found == [date(2025, 1, 5)]
    assert parsed.problems[0].column == "date"


def test_a_two_digit_year_says_why():
    assert "four digits" in rules(days("13/02/25")[1])


def test_a_spreadsheets_day_count_says_why():
    assert "day count" in rules(days("45678")[1])


def test_a_day_over_12_proves_the_order_for_the_whole_file():
    assert days("03/02/2025", "25/02/2025")[0] == [date(2025, 2, 3), date(2025, 2, 25)]
    assert days("03/02/2025", "02/25/2025")[0] == [date(2025, 3, 2), date(2025, 2, 25)]
    assert days("03.02.2025", "25.02.2025")[0] == [date(2025, 2, 3), date(2025, 2, 25)]


def test_without_proof_the_order_is_asked_once_and_no_date_is_read():
    found, parsed = days("03/02/2025", "04/02/2025")
    assert found == []
    assert len(parsed.problems) == 1
    assert "--date-format" in parsed.problems[0].mend
    assert parsed.questions
    assert parsed.bad_rows == (2, 3)


def test_an_impossible_day_proves_nothing():
    assert days("03/02/2025", "31/02/2025")[0] == []


def test_dates_whose_day_is_their_month_need_no_order():
    assert days("05/05/2025", "06/06/2025")[0] == [date(2025, 5, 5), date(2025, 6, 6)]


@pytest.mark.parametrize("named", ["d/m/y", "DMY", "dd/mm/yyyy", "%d/%m/%Y", "dd.mm.yyyy", "D-M-Y"])
def test_an_order_that_was_named_is_used(named):
    assert days("03/02/2025", date_format=named)[0] == [date(2025, 2, 3)]


def test_a_named_order_that_does_not_fit_is_a_problem_and_never_swapped():
    found, parsed = days("25/02/2025", "03/02/2025", date_format="m/d/y")
    assert found == [date(2025, 3, 2)]
    assert "no such day (month first)" in rules(parsed)


@pytest.mark.parametrize(
    ("named", "day"),
    [
        ("dd/mm", date(2025, 2, 3)),
        ("day first", date(2025, 2, 3)),
        ("mm/dd", date(2025, 3, 2)),
        ("month-first", date(2025, 3, 2)),
    ],
)
def test_the_order_may_be_named_without_the_year_or_in_words(named: str, day: date):
    assert days("03/02/2025", date_format=named)[0] == [day]


def test_an_unknown_date_format_is_refused():
    with pytest.raises(ImportProblem, match="not known"):
        days("03/02/2025", date_format="klingon")


def test_both_orders_in_one_file_make_every_date_a_problem():
    found, parsed = days("25/02/2025", "02/25/2025", "03/02/2025")
    assert found == []
    assert len(parsed.bad_rows) == 3


def test_two_ways_of_writing_in_one_file_are_a_problem():
    found, parsed = days("2025-01-05", "2025-01-06", "25/02/2025")
    assert found == [date(2025, 1, 5), date(2025, 1, 6)]
    assert "one date format a file" in rules(parsed)


def test_today_is_not_in_the_future_and_tomorrow_is():
    found, parsed = days("2026-11-02", "2026-11-03")
    assert found == [date(2026, 11, 2)]
    assert "future" in rules(parsed)
