"""The story: which scores are events and in which direction, how versions differ, and where an anniversary is drawn."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lib.domain.entries import Formulation
from lib.domain.formulation import Difference, differences
from lib.domain.instruments import Direction
from lib.domain.signs import SignRating, ThenAndNow
from lib.ui import palette, sign_view, story_drawing
from lib.ui.story_lines import Happening, _scores
from tests import factories

TODAY = date(2026, 3, 2)


def course(better: Direction, band: tuple[float, float] | None, *values: float) -> Any:
    """A measure's course, a score a week."""
    points = [
        SimpleNamespace(form_id=place, taken_on=TODAY + timedelta(days=7 * place), value=value)
        for place, value in enumerate(values, start=1)
    ]
    return SimpleNamespace(
        measure="phq9.total", name="PHQ-9", decimals=0, better=better, error_band=band, points=tuple(points)
    )


@pytest.mark.parametrize(
    ("better", "values", "told"),
    [
        (Direction.LOWER_BETTER, (15, 12, 8, 7, 16), [("better", 3)]),
        (Direction.LOWER_BETTER, (15, 8, 22, 23), [("better", 2), ("worse", 3)]),
        (Direction.HIGHER_BETTER, (15, 8, 22), [("worse", 2), ("better", 3)]),
        (Direction.LOWER_BETTER, (15, 9, 21), []),
        (Direction.LOWER_BETTER, (15,), []),
    ],
)
def test_the_first_score_beyond_error_is_told_once_for_each_direction(
    better: Direction, values: tuple[float, ...], told: list[tuple[str, int]]
) -> None:
    found = list(_scores(course(better, (9, 21), *values)))
    assert [("worse" if one.mark == "worse" else "better", int(one.key[6])) for one in found] == told
    assert all(word in one.said for one, (word, _) in zip(found, told, strict=True))


def test_a_measure_without_published_figures_tells_no_event() -> None:
    assert list(_scores(course(Direction.LOWER_BETTER, None, 20, 1))) == []


def test_an_anniversary_is_drawn_on_every_return_within_the_story_and_its_first_day_moves_no_axis() -> None:
    session = Happening("session:1", "session", date(2024, 6, 1), "Session", "")
    loss = Happening("break:1", "break", date(1999, 8, 5), "Anniversary", "Record", mark="day")
    axis = story_drawing.axis_of([session, loss], TODAY, 1000)
    assert axis.begins_on == date(2024, 6, 1)
    shapes = story_drawing.story_shapes([session, loss], ["session"], axis, palette.LIGHT, TODAY)
    drawn = [one.attributes["x1"] for one in shapes if one.opens == "break:1"]
    assert drawn == [axis.x(date(2024, 8, 5)), axis.x(date(2025, 8, 5))]


def test_two_versions_differ_where_a_key_came_or_went_or_words_changed() -> None:
    before = Formulation(TODAY, ("rejection",), ("exposure",), stories={"danger": "seven"}, summary="same")
    after = Formulation(TODAY, ("rejection", "broken_trust"), (), stories={"danger": "eight"}, summary="same")
    assert differences(before, after, factories.definitions().model) == [
        Difference("Origin", "", "Broken trust"),
        Difference("Fear", "Exposure", ""),
        Difference("When connection became danger", "seven", "eight"),
    ]
    assert differences(before, before, factories.definitions().model) == []


def test_a_sign_rated_once_is_hollow_and_one_that_moved_has_both_ends() -> None:
    first, latest = SignRating("fear", "self", TODAY, 4), SignRating("fear", "self", TODAY + timedelta(days=90), 1)
    model = factories.definitions().model
    once, moved = (
        [
            one.attributes["fill"]
            for one in sign_view.sign_shapes([pair], model, palette.LIGHT, TODAY)
            if one.shape == "circle"
        ]
        for pair in (ThenAndNow("fear", "self", first, None), ThenAndNow("fear", "self", first, latest))
    )
    assert once == [palette.LIGHT.page]
    assert moved[-2:] == [palette.LIGHT.page, palette.LIGHT.accent]
