"""The time shown in a client's charts: which stretches are offered, what lies outside, and how both are said."""

from __future__ import annotations

from datetime import date

import pytest

from lib.domain.check_ins import CourseEnd
from lib.ui.courses import Span
from lib.ui.shown_days import ShownDays, outside_in_words
from lib.ui.span_choice import QUARTER, WHOLE, YEAR, in_words, offered

TODAY = date(2026, 11, 22)
LONG = (date(2025, 3, 3), TODAY)


def test_a_short_course_is_shown_whole_and_nothing_is_asked() -> None:
    assert offered((date(2026, 9, 1), TODAY), ()) == {WHOLE: (date(2026, 9, 1), TODAY)}


def test_the_last_months_are_offered_where_they_show_less_than_the_whole() -> None:
    assert list(offered((date(2026, 3, 3), TODAY), ())) == [WHOLE, QUARTER]
    found = offered(LONG, ())
    assert list(found) == [WHOLE, YEAR, QUARTER]
    assert found[YEAR] == (date(2025, 11, 22), TODAY) and found[QUARTER] == (date(2026, 8, 22), TODAY)
    assert list(offered((date(2025, 11, 22), TODAY), ())) == [WHOLE, QUARTER]


def test_an_ended_course_is_offered_until_its_end_and_since() -> None:
    found = offered(LONG, (CourseEnd(date(2026, 6, 30)),))
    assert list(found)[3:] == ["Until the end", "Since the end"]
    assert found["Until the end"] == (LONG[0], date(2026, 6, 30))
    assert found["Since the end"] == (date(2026, 7, 1), TODAY)
    assert "Until the end" not in offered(LONG, (CourseEnd(TODAY),))


def test_every_course_of_therapy_is_offered_by_its_number() -> None:
    ends = (CourseEnd(date(2025, 9, 30), date(2026, 2, 2)), CourseEnd(date(2026, 6, 30), date(2026, 8, 3)))
    found = offered(LONG, ends)
    assert {name: found[name] for name in list(found)[3:]} == {
        "Course 1": (LONG[0], date(2025, 9, 30)),
        "Course 2": (date(2026, 2, 2), date(2026, 6, 30)),
        "Course 3": (date(2026, 8, 3), TODAY),
    }


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "said"),
    [
        (date(2026, 3, 3), TODAY, "3 Mar to 22 Nov 2026"),
        (date(2025, 3, 3), TODAY, "3 Mar 2025 to 22 Nov 2026"),
        (TODAY, TODAY, "22 Nov to 22 Nov 2026"),
    ],
)
def test_days_are_said_with_the_first_year_only_where_it_is_another(begins_on: date, ends_on: date, said: str) -> None:
    assert ShownDays(begins_on, ends_on).in_words() == said


def test_what_lies_outside_is_counted_by_its_kind_and_the_words_say_of_which_days_they_speak() -> None:
    days = ShownDays(date(2026, 8, 22), TODAY, is_whole=False)
    early, late = date(2026, 8, 21), date(2026, 8, 22)
    dated = {"score": [early, early, late], "break": [late], "piece of evidence|pieces of evidence": [early, late]}
    outside = outside_in_words(days, dated)
    assert outside == "2 of 3 scores, 1 of 2 pieces of evidence"
    assert outside_in_words(days, {"break": [late], "score": []}) == "nothing"
    assert in_words(days, LONG, outside) == (
        "Shown: 22 Aug to 22 Nov 2026. Outside it: 2 of 3 scores, 1 of 2 pieces of evidence. What is said in "
        "words below speaks of the whole course, 3 Mar 2025 to 22 Nov 2026."
    )
    assert in_words(ShownDays(*LONG), LONG, "nothing") == "Shown: the whole course, 3 Mar 2025 to 22 Nov 2026."
    assert (days.beside_a_verdict, ShownDays(*LONG).beside_a_verdict) == (", over the whole course", "")


def test_a_break_is_shown_as_far_as_it_lies_in_the_days_shown() -> None:
    days = ShownDays(date(2026, 8, 22), date(2026, 10, 1), is_whole=False)
    spans = [
        Span(date(2026, 7, 1), date(2026, 8, 21)),
        Span(date(2026, 8, 1), date(2026, 8, 30), "holiday"),
        Span(date(2026, 9, 20), date(2026, 12, 1)),
        Span(date(2026, 10, 2), date(2026, 10, 9)),
    ]
    assert days.part_of(spans) == (
        Span(date(2026, 8, 22), date(2026, 8, 30), "holiday"),
        Span(date(2026, 9, 20), date(2026, 10, 1)),
    )
