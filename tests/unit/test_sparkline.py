"""Sparkline and marker drawing: honest small pictures, on the scale's range, gaps open, absence dotted."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta
from xml.etree import ElementTree

from lib.ui.courses import MeasureCourse, Point, Span, runs
from lib.ui.marker_drawing import MarkerMark, marker_picture
from lib.ui.palette import DARK, LIGHT
from lib.ui.sparkline import HEIGHT, WIDTH, course_picture

START = date(2026, 1, 5)
SVG = "{http://www.w3.org/2000/svg}"


def _weeks(*values: float, start: int = 0) -> list[Point]:
    return [Point(START + timedelta(weeks=start + week), value) for week, value in enumerate(values)]


def _tree(address: str) -> ElementTree.Element:
    assert address.startswith("data:image/svg+xml;base64,")
    return ElementTree.fromstring(base64.b64decode(address.split(",", 1)[1]))


def _course(points: list[Point], band: tuple[float, float] | None = None) -> MeasureCourse:
    ends_on = START + timedelta(weeks=20)
    return MeasureCourse("PHQ-9", 0, 27, 0, tuple(points), begins_on=START, ends_on=ends_on, band=band)


def _heights(address: str) -> list[float]:
    line = _tree(address).find(f"{SVG}polyline")
    assert line is not None
    return [float(pair.split(",")[1]) for pair in line.attrib["points"].split()]


def test_the_same_score_stands_at_the_same_height_in_every_row() -> None:
    small = _heights(course_picture(_course(_weeks(9, 10)), LIGHT))
    large = _heights(course_picture(_course(_weeks(27, 9, 0)), LIGHT))
    assert small[0] == large[1]


def test_one_point_of_change_does_not_look_like_a_cliff() -> None:
    first, second = _heights(course_picture(_course(_weeks(9, 10)), LIGHT))
    assert abs(first - second) < 1


def test_a_worse_score_stands_higher_on_a_scale_where_less_is_better() -> None:
    first, second = _heights(course_picture(_course(_weeks(5, 20)), LIGHT))
    assert second < first


def test_a_gap_is_left_open() -> None:
    points = _weeks(17, 16, 15) + _weeks(9, 8, start=10)
    assert [len(run) for run in runs(points)] == [3, 2]
    assert len(_tree(course_picture(_course(points), LIGHT)).findall(f"{SVG}polyline")) == 2


def test_monthly_scores_are_one_line() -> None:
    points = [Point(START + timedelta(days=30 * month), 12.0) for month in range(6)]
    assert len(runs(points)) == 1


def test_a_break_of_therapy_opens_the_line_however_short_it_is() -> None:
    points = _weeks(17, 16, 15)
    holiday = Span(points[1].on + timedelta(days=1), points[2].on - timedelta(days=1))
    assert [len(run) for run in runs(points, [holiday])] == [2, 1]


def test_no_score_is_a_dotted_line_and_no_dot() -> None:
    tree = _tree(course_picture(_course([]), LIGHT))
    assert tree.find(f"{SVG}circle") is None
    line = tree.find(f"{SVG}line")
    assert line is not None and "stroke-dasharray" in line.attrib


def test_the_error_band_lies_around_the_first_score_and_inside_the_range() -> None:
    tree = _tree(course_picture(_course(_weeks(25, 20), band=(18.24, 31.76)), LIGHT))
    band = tree.find(f"{SVG}rect")
    assert band is not None
    top, height = float(band.attrib["y"]), float(band.attrib["height"])
    assert top >= 0 and top + height <= HEIGHT


def test_without_published_figures_no_band_and_no_cutoff_are_drawn() -> None:
    tree = _tree(course_picture(_course(_weeks(25, 20)), LIGHT))
    assert tree.find(f"{SVG}rect") is None
    assert all("stroke-dasharray" not in line.attrib for line in tree.findall(f"{SVG}line"))


def test_an_old_last_score_stands_away_from_the_right_edge() -> None:
    dots = _tree(course_picture(_course(_weeks(17, 16, 15, 14, 13)), LIGHT)).findall(f"{SVG}circle")
    assert float(dots[-1].attrib["cx"]) < WIDTH / 2


def test_a_marker_not_rated_is_dotted_and_has_no_stroke() -> None:
    tree = _tree(marker_picture(MarkerMark(None), LIGHT))
    assert [child.tag for child in tree] == [f"{SVG}line"]
    assert "stroke-dasharray" in tree[0].attrib


def test_a_marker_at_level_zero_is_not_drawn_as_not_rated() -> None:
    assert marker_picture(MarkerMark(0), LIGHT) != marker_picture(MarkerMark(None), LIGHT)
    assert _tree(marker_picture(MarkerMark(0), LIGHT)).find(f"{SVG}circle") is not None


def test_a_single_rating_has_no_interval() -> None:
    assert _tree(marker_picture(MarkerMark(2), LIGHT)).find(f"{SVG}rect") is None
    assert _tree(marker_picture(MarkerMark(2, (1.4, 2.6)), LIGHT)).find(f"{SVG}rect") is not None


def test_drawings_follow_the_theme() -> None:
    for picture in (course_picture(_course(_weeks(9, 10)), DARK), marker_picture(MarkerMark(2), DARK)):
        colours = set(re.findall(r"#[0-9A-F]{6}", base64.b64decode(picture.split(",", 1)[1]).decode()))
        assert DARK.accent in colours and LIGHT.accent not in colours
