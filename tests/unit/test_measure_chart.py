"""Measure chart: where days and values stand, names that keep apart, and lines that stay open over what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from lib.ui.chart_axes import NARROW, WIDE, Frame, apart, frame_of, marked_days, round_step, value_ticks
from lib.ui.courses import ExpectedPoint, MeasureCourse, Point, Span, Step, runs
from lib.ui.drawings import Shape
from lib.ui.measure_chart import HEIGHT, in_words, measure_shapes, shown_of
from lib.ui.palette import LIGHT
from lib.ui.shown_days import ShownDays

DAY = date(2026, 1, 5)
TODAY = date(2026, 6, 1)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def course(**more: object) -> MeasureCourse:
    points = tuple(Point(after(14 * n), value, n + 1) for n, value in enumerate((16.0, 15.0, 9.0, 8.0)))
    given = {
        "name": "PHQ-9", "low": 0, "high": 27, "decimals": 0, "points": points, "begins_on": DAY, "ends_on": TODAY,
        "first": 16.0, "band": (9.2, 22.8), "cutoff": 10.0, "sessions": (DAY, after(7)),
    }  # fmt: skip
    return MeasureCourse(**(given | more))  # type: ignore[arg-type]


def texts(shapes: list[Shape]) -> list[str]:
    return [one.text for one in shapes if one.text]


def test_every_point_opens_its_form_and_says_its_score() -> None:
    dots = [one for one in measure_shapes(course(), LIGHT, TODAY) if one.opens]
    assert [(dot.opens, dot.told) for dot in dots] == [
        ("1", "5 Jan: 16. Click for the answers."),
        ("2", "19 Jan: 15. Click for the answers."),
        ("3", "2 Feb: 9. Click for the answers."),
        ("4", "16 Feb: 8. Click for the answers."),
    ]


def test_lines_and_bands_carry_their_names() -> None:
    said = texts(measure_shapes(course(references=((2.9, "mean of somebody"),)), LIGHT, TODAY))
    assert {"↓ within error", "first score 16", "cut-off 10", "not checked: 2.9", "sessions", "8"} <= set(said)


def test_without_figures_there_is_no_band_and_no_cutoff() -> None:
    said = texts(measure_shapes(course(band=None, cutoff=None), LIGHT, TODAY))
    assert "↓ within error" not in said and not any("cut-off" in one for one in said)


def test_a_break_is_shaded_inside_the_plot_and_named() -> None:
    shapes = measure_shapes(
        course(breaks=(Span(after(-400), after(3)), Span(after(30), after(40), "holiday"))), LIGHT, TODAY
    )
    assert "holiday" in texts(shapes)
    ground = [one for one in shapes if one.shape == "rect" and "fill-opacity" in one.attributes]
    assert len(ground) == 2 and all(float(one.attributes["x"]) >= 118 for one in ground)


def test_a_prorated_score_is_hollow_and_says_so() -> None:
    shapes = measure_shapes(course(points=(Point(DAY, 16, 1, True), Point(after(7), 15, 2))), LIGHT, TODAY)
    first, second = [one for one in shapes if one.opens]
    assert first.attributes["fill"] == LIGHT.page and "filled in by rule" in first.told
    assert second.attributes["fill"] == LIGHT.accent and "filled in" not in second.told


def test_a_sudden_step_is_drawn_broad_and_named() -> None:
    gain = Step(Point(after(14), 15), Point(after(28), 9), is_gain=True)
    loss = Step(Point(after(28), 9), Point(after(42), 16), is_gain=False)
    shapes = measure_shapes(course(steps=(gain, loss)), LIGHT, TODAY)
    assert {"sudden gain 6", "▲ sudden loss 7"} <= set(texts(shapes))
    assert [one.attributes["stroke"] for one in shapes if one.attributes.get("stroke-width") == 6] == [
        LIGHT.accent,
        LIGHT.warning,
    ]


def test_an_expected_band_is_drawn_from_two_points_on() -> None:
    one = ExpectedPoint(after(14), 14.0, 8.0, 30.0)
    assert "expected, 80 % band" not in texts(measure_shapes(course(expected=(one,)), LIGHT, TODAY))
    shapes = measure_shapes(course(expected=(one, ExpectedPoint(after(28), 12.0, -3.0, 18.0))), LIGHT, TODAY)
    assert "expected, 80 % band" in texts(shapes)
    (band,) = [one for one in shapes if one.shape == "polygon"]
    heights = [float(pair.split(",")[1]) for pair in str(band.attributes["points"]).split()]
    assert min(heights) >= 24 and max(heights) <= HEIGHT - 54  # never beyond the scale


def test_the_line_stays_open_over_a_gap_a_break_and_a_form_without_a_score() -> None:
    points = [Point(after(days), 10) for days in (0, 14, 28, 42)]
    assert [len(run) for run in runs(points)] == [4]
    assert [len(run) for run in runs(points, (), [after(20)])] == [2, 2]
    assert [len(run) for run in runs(points, (), [after(14)])] == [4]
    assert [len(run) for run in runs(points, (Span(after(15), after(27)),))] == [2, 2]
    assert [len(run) for run in runs([*points, Point(after(71), 9)])] == [4, 1]
    assert [len(run) for run in runs([*points, Point(after(70), 9)])] == [5]


def test_a_form_without_a_score_is_a_cross_with_words() -> None:
    shapes = measure_shapes(course(unscored_on=(after(20),)), LIGHT, TODAY)
    assert "no score" in texts(shapes)
    assert [one.told for one in shapes if one.shape == "path"] == ["25 Jan: filled in, no score"]
    assert in_words(course(unscored_on=(after(20),)), TODAY).endswith("16 Feb 8, 25 Jan no score.")


def test_a_measure_without_a_score_draws_no_point_and_says_so() -> None:
    empty = course(points=(), first=None, band=None)
    assert not [one for one in measure_shapes(empty, LIGHT, TODAY) if one.opens]
    assert in_words(empty, TODAY) == "PHQ-9: no score yet."


def test_a_part_of_a_course_keeps_the_first_score_of_all() -> None:
    drawn = course(breaks=(Span(DAY, after(5)), Span(after(20), after(35)), Span(after(90), after(99))))
    part = shown_of(drawn, ShownDays(after(28), after(60), is_whole=False))
    assert [point.value for point in part.points] == [9, 8] and (part.begins_on, part.ends_on) == (after(28), after(60))
    assert part.sessions == () and part.first == 16 and part.band == (9.2, 22.8)
    assert [(one.starts_on, one.ends_on) for one in part.breaks] == [(after(28), after(35))]


@pytest.mark.parametrize(
    ("begins", "ends", "opened", "outside"),
    [
        (28, 147, ["3", "4"], ["← 2 earlier"]),
        (0, 14, ["1", "2"], ["2 later →"]),
        (100, 120, [], ["← 4 earlier"]),
        (14, 28, ["2", "3"], ["← 1 earlier", "1 later →"]),
        (0, 147, ["1", "2", "3", "4"], []),
    ],
)
def test_a_chart_draws_the_days_shown_and_counts_the_scores_outside(
    begins: int, ends: int, opened: list[str], outside: list[str]
) -> None:
    shapes = measure_shapes(course(), LIGHT, TODAY, WIDE, ShownDays(after(begins), after(ends), is_whole=False))
    assert [one.opens for one in shapes if one.opens] == opened
    assert [one for one in texts(shapes) if "←" in one or "→" in one] == outside
    assert "first score 16" in texts(shapes)


def test_where_a_line_stays_open_is_a_matter_of_the_whole_course() -> None:
    days = (0, 7, 14, 21, 28, 70, 126)  # weekly, then with gaps of six and eight weeks
    drawn = course(points=tuple(Point(after(day), 10.0, day + 1) for day in days))
    late = ShownDays(after(60), after(130), is_whole=False)
    lines = [one for one in measure_shapes(drawn, LIGHT, TODAY, WIDE, late) if one.shape == "polyline"]
    assert [len(str(one.attributes["points"]).split()) for one in lines] == [1, 1]
    assert len(runs([point for point in drawn.points if late.holds(point.on)])) == 1


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_stands_inside_the_drawing(width: int) -> None:
    whole = course(
        breaks=(Span(after(30), after(40)),), unscored_on=(after(20),), references=((27.0, "top"), (0.0, "floor"))
    )
    for one in measure_shapes(whole, LIGHT, TODAY, width):
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(one.attributes.get(name, 0)) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(one.attributes.get(name, 0)) <= HEIGHT


def test_days_and_values_run_straight_between_the_ends_of_the_plot() -> None:
    frame = Frame(DAY, after(100), 0, 20, 400, 200)
    assert (frame.x(DAY), frame.x(after(100)), frame.x(after(50))) == (118, 224, 171)
    assert (frame.y(0), frame.y(20), frame.y(10)) == (146, 24, 85)


@pytest.mark.parametrize(
    ("span", "decimals", "step"), [(27, 0, 5), (21, 0, 5), (6, 2, 1), (40, 0, 10), (4, 0, 1), (100, 0, 20), (3, 2, 0.5)]
)
def test_values_are_marked_at_round_steps(span: float, decimals: int, step: float) -> None:
    assert round_step(span, decimals) == step
    marks = [one.text for one in value_ticks(Frame(DAY, TODAY, 0, span, 400, 200), decimals, LIGHT) if one.text]
    assert marks == [f"{step * place:g}" for place in range(len(marks))] and len(marks) <= 8


@pytest.mark.parametrize("days", [10, 30, 60, 100, 121, 200, 400, 900, 3000, 9000])
def test_marks_of_days_never_crowd(days: int) -> None:
    marks = marked_days(DAY, after(days), 8)
    assert 1 <= len(marks) <= 9 and all(DAY <= on <= after(days) for on, _ in marks)
    assert len({(on.year, said) for on, said in marks}) == len(marks)


def test_names_of_lines_keep_apart_in_the_order_of_their_lines() -> None:
    placed = apart([(50.0, "b", ""), (48.0, "a", ""), (90.0, "c", "")], 15)
    assert [(y, said) for y, said, _ in placed] == [(48, "a"), (63, "b"), (90, "c")]
    assert all(later[0] - earlier[0] >= 15 for earlier, later in pairwise(placed))


def test_the_end_of_therapy_check_ins_and_the_agreed_level_are_drawn_each_as_what_it_is_and_told_in_words() -> None:
    checked = Point(after(120), 11.0, 9, is_check_in=True)
    drawn = course(points=(*course().points, checked), ends=(after(60),), level=11.0)
    shapes = measure_shapes(drawn, LIGHT, TODAY)
    assert {"therapy ended", "get in touch 11", "11 check-in"} <= set(texts(shapes))
    nodes = {one.opens: one for one in shapes if one.opens}
    assert nodes["9"].shape == "path" and nodes["9"].told == "5 May: 11, check-in after the end. Click for the answers."
    assert nodes["4"].shape == "circle"
    assert in_words(drawn, TODAY).endswith(
        "16 Feb 8, 5 May 11 (check-in). Therapy ended on 6 Mar. Agreed as “get in touch”: 11."
    )
    assert [point.on for point in runs(drawn.points)[-1]] == [checked.on]


def test_without_an_end_and_without_an_agreed_level_nothing_of_them_is_drawn_or_told() -> None:
    said = f"{texts(measure_shapes(course(), LIGHT, TODAY))} {in_words(course(), TODAY)}"
    assert "ended" not in said and "get in touch" not in said and "check-in" not in said
    assert shown_of(course(ends=(after(5),)), ShownDays(after(10), TODAY)).ends == ()


def test_a_single_day_has_an_axis_too() -> None:
    frame = frame_of(ShownDays(DAY, DAY), 0, 4, WIDE, 200)
    assert frame.x(DAY) == pytest.approx((frame.left + frame.right) / 2)
