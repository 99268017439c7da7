"""Sparkline and marker drawing: honest small pictures, on the scale's range, gaps open, absence dotted."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, timedelta

from lib.ui.courses import MeasureCourse, Point, Span, runs
from lib.ui.marker_drawing import MarkerMark, marker_picture, markers_picture
from lib.ui.palette import LIGHT
from lib.ui.sparkline import HEIGHT, WIDTH, course_picture
from lib.ui.strokes import STYLE, Picture, box, dot

START = date(2026, 1, 5)


def _weeks(*values: float, start: int = 0) -> list[Point]:
    return [Point(START + timedelta(weeks=start + week), value) for week, value in enumerate(values)]


def _paths(picture: Picture, kind: str) -> list[str]:
    return [path for held, path in picture.strokes if held == kind]


def _numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[0-9.]+", path)]


def _course(points: list[Point], band: tuple[float, float] | None = None) -> MeasureCourse:
    ends_on = START + timedelta(weeks=20)
    return MeasureCourse("PHQ-9", 0, 27, 0, tuple(points), begins_on=START, ends_on=ends_on, band=band)


def _heights(picture: Picture) -> list[float]:
    (path,) = _paths(picture, "course")
    return _numbers(path)[1::2]


def test_the_same_score_stands_at_the_same_height_in_every_row() -> None:
    small = _heights(course_picture(_course(_weeks(9, 10))))
    large = _heights(course_picture(_course(_weeks(27, 9, 0))))
    assert small[0] == large[1]


def test_one_point_of_change_does_not_look_like_a_cliff() -> None:
    first, second = _heights(course_picture(_course(_weeks(9, 10))))
    assert abs(first - second) < 1


def test_a_worse_score_stands_higher_on_a_scale_where_less_is_better() -> None:
    first, second = _heights(course_picture(_course(_weeks(5, 20))))
    assert second < first


def test_a_gap_is_left_open() -> None:
    points = _weeks(17, 16, 15) + _weeks(9, 8, start=10)
    assert [len(run) for run in runs(points)] == [3, 2]
    assert len(_paths(course_picture(_course(points)), "course")) == 2


def test_monthly_scores_are_one_line() -> None:
    points = [Point(START + timedelta(days=30 * month), 12.0) for month in range(6)]
    assert len(runs(points)) == 1


def test_a_break_of_therapy_opens_the_line_however_short_it_is() -> None:
    points = _weeks(17, 16, 15)
    holiday = Span(points[1].on + timedelta(days=1), points[2].on - timedelta(days=1))
    assert [len(run) for run in runs(points, [holiday])] == [2, 1]


def test_no_score_is_a_dotted_line_and_no_dot() -> None:
    assert [kind for kind, _path in course_picture(_course([])).strokes] == ["unrated"]


def test_the_error_band_lies_around_the_first_score_and_inside_the_range() -> None:
    (band,) = _paths(course_picture(_course(_weeks(25, 20), band=(18.24, 31.76))), "band")
    _left, top, _across, height, _back = _numbers(band)
    assert top >= 0 and height > 0 and top + height <= HEIGHT


def test_without_published_figures_no_band_and_no_cutoff_are_drawn() -> None:
    kinds = {kind for kind, _path in course_picture(_course(_weeks(25, 20))).strokes}
    assert kinds == {"ground", "course", "score"}


def test_an_old_last_score_stands_away_from_the_right_edge() -> None:
    dots = _paths(course_picture(_course(_weeks(17, 16, 15, 14, 13))), "score")
    assert _numbers(dots[-1])[0] < WIDTH / 2


def test_a_marker_not_rated_is_dotted_and_has_no_stroke() -> None:
    assert [kind for kind, _path in marker_picture(MarkerMark(None)).strokes] == ["unrated"]


def test_a_marker_at_level_zero_is_not_drawn_as_not_rated() -> None:
    assert [kind for kind, _path in marker_picture(MarkerMark(0)).strokes] == ["scale", "rating"]


def test_a_single_rating_has_no_interval() -> None:
    assert not _paths(marker_picture(MarkerMark(2)), "interval")
    assert _paths(marker_picture(MarkerMark(2, (1.4, 2.6))), "interval")


def test_the_stroke_of_a_level_stands_at_its_place_inside_the_interval() -> None:
    picture = marker_picture(MarkerMark(2, (1.5, 3)))
    (level,), (interval,) = _paths(picture, "level"), _paths(picture, "interval")
    assert _numbers(level)[::2] == [28, 28], "level 2 of 4 is the middle of 56 pixels"
    assert interval == box(22, 6, 18, 10, rounded=2.5)


def test_an_old_marker_looks_old_and_markers_side_by_side_do_not_overlap() -> None:
    both = markers_picture([MarkerMark(2, (1, 3), is_stale=True), MarkerMark(2, (1, 3))])
    assert {kind for kind, _path in both.strokes} == {"scale", "interval old", "level old", "interval", "level"}
    assert _numbers(_paths(both, "level")[0])[0] == _numbers(_paths(both, "level old")[0])[0] + 32


def test_a_narrow_box_is_rounded_no_further_than_it_is_wide_and_a_dot_closes() -> None:
    assert box(0, 0, 2, 10, rounded=2.5).startswith("M1 0h0a1 1 ") and box(0, 0, 2, 10) == "M0 0h2v10h-2z"
    assert dot(10, 11, 4) == "M6 11a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z"


def test_every_kind_of_stroke_has_its_colour_from_the_palette() -> None:
    course = course_picture(_course([*_weeks(25, 20), *_weeks(7, start=12)], band=(18, 31)))
    marker = marker_picture(MarkerMark(2, (1, 3), is_stale=True))
    for kind, _path in (*course.strokes, *marker.strokes, *marker_picture(MarkerMark(None)).strokes):
        assert f".strokes .{kind.replace(' ', '.')}" in STYLE
    assert set(re.findall(r"var\(--sb-([a-z]+)\)", STYLE)) <= set(asdict(LIGHT))
    assert "#" not in STYLE, "a colour of one palette alone would not follow the theme"
