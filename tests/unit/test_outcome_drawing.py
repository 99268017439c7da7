"""First against latest score, drawn: what lies where, in which shape and colour, and what is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.ui.drawings import Shape
from lib.ui.outcome_drawing import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Dot,
    PairsOfScale,
    band_corners,
    in_words,
    pairs_shapes,
    ticks,
)
from lib.ui.palette import DARK, LIGHT


def _pair(client_id: int, first: float, latest: float, verdict: str, is_old: bool = False) -> Dot:
    return Dot(client_id, f"SB-{client_id:03}", first, latest, verdict, is_old)


BETTER = _pair(1, 20, 4, "recovered")
WORSE = _pair(2, 5, 21, "deteriorated")
SAME = _pair(3, 12, 12, "unchanged")
OLD = _pair(4, 22, 10, "improved", is_old=True)
SCALE = PairsOfScale("PHQ-9", 0, 27, 0, [BETTER, WORSE, SAME, OLD], band=6.0, cutoff=10.0)


def _dots(scale: PairsOfScale) -> dict[str, Shape]:
    return {one.opens: one for one in pairs_shapes(scale, LIGHT) if one.opens}


def _texts(scale: PairsOfScale) -> dict[str, Shape]:
    return {one.text: one for one in pairs_shapes(scale, LIGHT) if one.text}


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 27, [0, 5, 10, 15, 20, 27]),
        (1, 7, [1, 2, 3, 4, 5, 6, 7]),
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (0, 4, [0, 1, 2, 3, 4]),
        (0, 21, [0, 5, 10, 15, 21]),
    ],
)
def test_ticks_are_round_and_hold_both_ends(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected


def test_the_band_stays_inside_the_scale() -> None:
    corners = band_corners(0, 27, 6)
    assert (0, 6) in corners and (21, 27) in corners and (27, 21) in corners and (6, 0) in corners
    assert all(0 <= value <= 27 for corner in band_corners(0, 27, 40) for value in corner)


def test_every_verdict_has_its_shape_and_its_colour() -> None:
    dots = _dots(SCALE)
    assert (dots["1"].shape, dots["1"].attributes["fill"]) == ("circle", LIGHT.accent)
    assert (dots["2"].shape, dots["2"].attributes["fill"]) == ("polygon", LIGHT.warning)
    assert (dots["3"].shape, dots["3"].attributes["fill"]) == ("circle", LIGHT.faint)


def test_an_old_latest_score_is_hollow_and_the_others_are_filled() -> None:
    assert {key: dot.attributes["fill-opacity"] for key, dot in _dots(SCALE).items()} == {
        "1": 1,
        "2": 1,
        "3": 1,
        "4": 0,
    }


def test_the_first_score_runs_across_and_the_latest_up() -> None:
    corner = replace(SCALE, pairs=[_pair(1, 0, 27, "deteriorated"), _pair(2, 27, 0, "recovered")])
    low = _dots(corner)["2"].attributes
    assert (low["cx"], low["cy"]) == (RIGHT, BOTTOM)
    assert str(_dots(corner)["1"].attributes["points"]).startswith(f"{LEFT},{TOP - 5.6:.1f}")


def test_every_client_is_drawn_once_however_many_there_are() -> None:
    many = [_pair(number, number % 28, (number * 7) % 28, "unchanged") for number in range(1, 501)]
    drawn = [one.opens for one in pairs_shapes(replace(SCALE, pairs=many), LIGHT) if one.opens]
    assert len(drawn) == 500 and set(drawn) == {str(number) for number in range(1, 501)}


def test_who_is_worse_is_drawn_over_everybody_else() -> None:
    assert [one.opens for one in pairs_shapes(SCALE, LIGHT) if one.opens][-1] == "2"


def test_counts_stand_in_words_each_on_its_side_of_the_diagonal() -> None:
    texts = _texts(SCALE)
    assert {"improved: 2", "worse: 1", "no clear change: 1", "cut-off 10"} <= set(texts)
    assert float(texts["worse: 1"].attributes["y"]) < float(texts["improved: 2"].attributes["y"])


def test_where_more_is_better_improvement_stands_above_the_diagonal() -> None:
    texts = _texts(replace(SCALE, higher_is_better=True))
    assert float(texts["improved: 2"].attributes["y"]) < float(texts["worse: 1"].attributes["y"])


def test_without_published_figures_there_is_no_band_and_no_cut_off() -> None:
    bare = replace(SCALE, pairs=[_pair(1, 5, 9, "undetermined")], band=None, cutoff=None)
    shapes = pairs_shapes(bare, LIGHT)
    assert all(one.attributes.get("fill") != LIGHT.band and "stroke-dasharray" not in one.attributes for one in shapes)
    assert "cannot be determined: 1" in _texts(bare) and not any("cut-off" in said for said in _texts(bare))


def test_a_dot_says_whose_it_is_and_what_was_found() -> None:
    assert _dots(SCALE)["2"].told == "SB-002: 5 to 21. ▲ Worse"


def test_the_drawing_is_told_to_whoever_does_not_see_it() -> None:
    assert in_words(SCALE) == "PHQ-9, first against latest score; improved: 2, worse: 1, no clear change: 1"


def test_the_drawing_follows_the_theme() -> None:
    colours = {one.attributes.get("fill") for one in pairs_shapes(SCALE, DARK)}
    assert DARK.accent in colours and LIGHT.accent not in colours
