"""Course drawing: words of the small chart keep clear of one another wherever breaks and first scores lie."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest

from lib.ui.course_drawing import course_shapes
from lib.ui.courses import MeasureCourse, Point, Span
from lib.ui.palette import LIGHT

FIRST = date(2026, 1, 5)
TODAY = FIRST + timedelta(days=300)


def _course(first: float, breaks: list[tuple[int, int]]) -> MeasureCourse:
    return MeasureCourse(
        name="PHQ-9",
        low=0,
        high=27,
        decimals=0,
        points=(Point(FIRST, first), Point(FIRST + timedelta(days=280), 8)),
        begins_on=FIRST,
        ends_on=TODAY,
        breaks=tuple(Span(FIRST + timedelta(days=begin), FIRST + timedelta(days=end)) for begin, end in breaks),
    )


def _boxes(course: MeasureCourse) -> list[tuple[str, float, float, float]]:
    """Every text with where it begins, ends and stands, six pixels a letter."""
    found = []
    for one in course_shapes(course, LIGHT, TODAY):
        if one.shape == "text":
            x, y, wide = float(one.attributes["x"]), float(one.attributes["y"]), 6 * len(one.text)
            left = x - wide / 2 if one.attributes.get("text-anchor") == "middle" else x
            found.append((one.text, left, left + wide, y))
    return found


@pytest.mark.parametrize("first", [1, 10, 20, 27])
@pytest.mark.parametrize("day", range(0, 120, 10))
def test_the_word_break_touches_neither_the_first_score_nor_its_neighbour(first: float, day: int) -> None:
    boxes = _boxes(_course(first, [(day, day + 14), (day + 20, day + 30)]))
    for (one, left, right, y), (other, start, end, level) in combinations(boxes, 2):
        assert right <= start or left >= end or abs(y - level) >= 12, (one, other)


def test_a_break_away_from_everything_is_named() -> None:
    assert [one[0] for one in _boxes(_course(20, [(150, 170)]))].count("break") == 1
