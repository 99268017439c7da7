"""Markers in time and the security plane: drawn where they belong, honest about silence, error and disagreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import pytest

from lib.services.client_measures import MeasureCourse, measures_told
from lib.storage.measure_queries import StoredForm
from lib.ui import security_plane
from lib.ui.chart_axes import NARROW, WIDE
from lib.ui.course_marks import Lane, Mark
from lib.ui.courses import MeasureCourse as DrawnMeasure
from lib.ui.courses import Point, Span
from lib.ui.drawings import Shape
from lib.ui.marker_course_drawing import SHIFT, Dot, MarkerPanel, height_of, panels_shapes
from lib.ui.measure_chart import measure_shapes
from lib.ui.palette import LIGHT
from lib.ui.shown_days import ShownDays
from tests.factories import definitions

BEGAN, TODAY = date(2026, 1, 5), date(2026, 7, 5)
LINE = ((BEGAN, 1.0, 0.2, 1.8), (date(2026, 4, 5), 1.6, 1.0, 2.2), (TODAY, 1.8, 0.9, 2.7))
PANEL = MarkerPanel("Trust", "+0.8, ● reliable growth", "", LINE, ())


WHOLE = ShownDays(BEGAN, TODAY)
LATE = ShownDays(date(2026, 4, 20), date(2026, 6, 20), is_whole=False)


def drawn(
    *panels: MarkerPanel,
    lanes: tuple[Lane, ...] = (),
    days: ShownDays = WHOLE,
    width: int = WIDE,
    ends: tuple[date, ...] = (),
) -> list[Shape]:
    breaks = [Span(date(2026, 5, 1), date(2026, 5, 20), "holiday")]
    return panels_shapes(panels, lanes, days, width, breaks, ends, LIGHT)


def named(shapes: list[Shape], shape: str, **attributes: object) -> list[Shape]:
    wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
    return [one for one in shapes if one.shape == shape and wanted.items() <= one.attributes.items()]


def texts(shapes: list[Shape]) -> list[str]:
    return [one.text for one in shapes if one.text]


def test_a_panel_has_title_verdict_levels_in_words_line_and_band() -> None:
    shapes = drawn(PANEL)
    assert {"Trust", "+0.8, ● reliable growth", "4 established", "0 absent"} <= set(texts(shapes))
    (band,), (line,) = named(shapes, "polygon"), named(shapes, "polyline")
    assert band.attributes["fill"] == LIGHT.soft and line.attributes["stroke"] == LIGHT.accent
    assert len(str(band.attributes["points"]).split()) == 6 and len(str(line.attributes["points"]).split()) == 3
    assert [one.told for one in named(shapes, "rect", fill=LIGHT.band)] == ["holiday"]


def test_a_stale_estimate_is_grey_and_says_so() -> None:
    shapes = drawn(replace(PANEL, is_stale=True, note="old: nothing since 5 Apr"))
    assert named(shapes, "polyline")[0].attributes["stroke"] == LIGHT.faint
    assert "old: nothing since 5 Apr" in texts(shapes)


def test_not_rated_is_a_dotted_line_and_never_zero() -> None:
    shapes = drawn(MarkerPanel("Needs", "", "", (), ()))
    assert "not rated" in texts(shapes) and len(named(shapes, "line", stroke_dasharray="1 5")) == 1
    assert not named(shapes, "polyline") and not named(shapes, "polygon")


def test_one_day_alone_is_a_bar_with_a_stroke() -> None:
    shapes = drawn(replace(PANEL, line=LINE[:1]))
    assert len(named(shapes, "rect", width=8.0)) == 1 and not named(shapes, "polyline")


def test_sources_of_one_day_stand_apart_and_differ_in_shape() -> None:
    dots = tuple(Dot(BEGAN, kind, 2.0, f"{kind} said", f"rating-{n}") for n, kind in enumerate(SHIFT))
    shapes = [one for one in drawn(replace(PANEL, dots=dots)) if one.told.endswith("said")]
    assert [one.shape for one in shapes] == ["circle", "polygon", "rect"]
    assert [one.opens for one in shapes] == ["rating-0", "rating-1", "rating-2"]


def test_not_enough_evidence_is_a_cross_below_the_scale() -> None:
    (cross,) = named(drawn(replace(PANEL, dots=(Dot(BEGAN, "therapist", None, "NE"),))), "path")
    zero = next(one for one in drawn(replace(PANEL, dots=(Dot(BEGAN, "therapist", 0.0, "0"),))) if one.told == "0")
    assert float(str(cross.attributes["d"]).split(",")[1].split(" ")[0]) > float(zero.attributes["cy"])


def test_levels_beyond_the_scale_stay_inside_the_panel() -> None:
    dots = (Dot(BEGAN, "other", -3.0, "low"), Dot(BEGAN, "other", 9.0, "high"))
    low, high = (one for one in drawn(replace(PANEL, dots=dots)) if one.told in ("low", "high"))
    assert 24 < float(high.attributes["y"]) < float(low.attributes["y"]) < 24 + 72


def test_disagreeing_scores_of_a_day_are_bracketed() -> None:
    dots = (Dot(BEGAN, "therapist", 1.0, ""), Dot(BEGAN, "client", 4.0, ""))
    panel = replace(PANEL, dots=dots, disagreed_on=(BEGAN,), note="≠ sources disagree")
    assert len(named(drawn(panel), "path", stroke=LIGHT.warning)) == 1
    assert not named(drawn(replace(panel, dots=dots[:1])), "path", stroke=LIGHT.warning)


def test_markers_stand_under_one_another_and_everything_inside_the_drawing() -> None:
    panels = [replace(PANEL, title=f"P{n}", marks=(Mark(TODAY, "for", "said"),)) for n in range(5)]
    lanes = (Lane("life events", (Mark(BEGAN, "event", "moved"),)),)
    for width in (WIDE, NARROW):
        shapes = drawn(*panels, lanes=lanes, width=width, ends=(TODAY,))
        tops = [float(one.attributes["y"]) for one in shapes if one.text in {"P0", "P1", "P2", "P3", "P4"}]
        assert tops == sorted(tops) and len(set(tops)) == 5 and texts(shapes).count("4 established") == 5
        for one in shapes:
            places = {
                name: float(one.attributes.get(name, 0)) for name in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy")
            }
            assert all(
                0 <= at <= (width if "x" in name else height_of(panels, lanes, WHOLE, [TODAY]))
                for name, at in places.items()
            )


@pytest.mark.parametrize("days", [WHOLE, LATE])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_day_stands_at_one_place_in_the_charts_of_markers_and_of_measures(days: ShownDays, width: int) -> None:
    scores = tuple(Point(on, 10.0, 1) for on, *_ in LINE)
    measure = DrawnMeasure("PHQ-9", 0, 27, 0, scores, BEGAN, TODAY, sessions=(date(2026, 5, 4),))
    rated = replace(PANEL, dots=(Dot(date(2026, 5, 4), "therapist", 2.0, "rated"),))

    def marked(shapes: list[Shape]) -> dict[str, object]:
        floor = {"Feb", "Mar", "Apr", "May", "Jun", "Jul", "27 Apr", "4 May", "11 May", "18 May", "25 May", "2026"}
        return {one.text: one.attributes["x"] for one in shapes if one.text in floor}

    of_markers = drawn(rated, days=days, width=width)
    of_measures = measure_shapes(measure, LIGHT, TODAY, width, days)
    assert marked(of_markers) == marked(of_measures) and len(marked(of_markers)) >= 2
    (dot,) = [one for one in of_markers if one.told == "rated"]
    held = [one.attributes["x1"] for one in named(of_measures, "line", stroke_width=1.6)]
    assert held == [pytest.approx(float(dot.attributes["cx"]) - SHIFT["therapist"])]


def test_a_line_is_cut_where_it_leaves_the_days_shown_and_what_lies_outside_is_not_drawn() -> None:
    panel = replace(PANEL, dots=(Dot(BEGAN, "client", 1.0, "early"), Dot(date(2026, 5, 4), "client", 2.0, "late")))
    shapes = drawn(panel, days=LATE)
    assert [one.told for one in shapes if one.told in ("early", "late")] == ["late"]
    (line,) = named(shapes, "polyline", stroke=LIGHT.accent)
    xs = [float(pair.split(",")[0]) for pair in str(line.attributes["points"]).split()]
    early = drawn(panel, days=ShownDays(LATE.begins_on, LATE.begins_on))
    assert len(xs) == 2 and len(named(early, "rect", width=8.0)) == 1  # one day alone: a bar
    assert LATE.part_of_line(LINE) == (
        (LATE.begins_on, pytest.approx(1.6 + 0.2 * 15 / 91), pytest.approx(1.0 - 0.1 * 15 / 91), pytest.approx(
            2.2 + 0.5 * 15 / 91)),
        (LATE.ends_on, pytest.approx(1.6 + 0.2 * 76 / 91), pytest.approx(1.0 - 0.1 * 76 / 91), pytest.approx(
            2.2 + 0.5 * 76 / 91)),
    )  # fmt: skip
    assert WHOLE.part_of_line(LINE) == LINE


def test_a_line_that_ended_before_the_days_shown_is_not_drawn_into_them() -> None:
    shapes = drawn(replace(PANEL, line=LINE[:2]), days=LATE)
    assert not named(shapes, "polyline") and not named(shapes, "polygon") and "not rated" not in texts(shapes)


def test_the_end_of_therapy_is_marked_across_all_rows_as_in_the_measures() -> None:
    ended_on = date(2026, 6, 1)
    shapes = drawn(PANEL, replace(PANEL, title="Needs"), ends=(ended_on,))
    (upright,) = named(shapes, "line", stroke=LIGHT.ink, stroke_width=1.4)
    measure = DrawnMeasure("PHQ-9", 0, 27, 0, (), BEGAN, TODAY, ends=(ended_on,))
    (same,) = named(measure_shapes(measure, LIGHT, TODAY), "line", stroke=LIGHT.ink, stroke_width=1.4)
    assert upright.attributes["x1"] == same.attributes["x1"] and texts(shapes).count("therapy ended") == 1
    assert float(upright.attributes["y2"]) - float(upright.attributes["y1"]) > 2 * 72
    assert "therapy ended" not in texts(drawn(PANEL, ends=(ended_on,), days=ShownDays(BEGAN, date(2026, 5, 1))))


def test_evidence_moments_and_events_differ_in_shape_and_stand_beside_each_other() -> None:
    signs = ("for", "against", "moment")
    marks = tuple(Mark(TODAY, sign, f"{sign} said", "note-1") for sign in signs)
    lanes = (
        Lane("life events", (Mark(BEGAN, "event", "event said"),)),
        Lane("check-ins", (Mark(TODAY, "check_in", "check-in said"),)),
    )
    shapes = drawn(replace(PANEL, marks=marks), lanes=lanes)
    told = {one.told: one for one in shapes if one.told.endswith("said")}
    assert {"evidence", "life events", "check-ins"} <= set(texts(shapes))
    paths = [told[f"{sign} said"].attributes["d"] for sign in ("for", "against")]
    assert "V" in str(paths[0]) and "V" not in str(paths[1])
    assert told["moment said"].shape == "circle" and told["event said"].shape == "rect"
    assert told["check-in said"].shape == "path" and told["for said"].opens == "note-1"
    across = [str(path).partition(",")[0] for path in paths]
    assert len(set(across)) == 2
    assert not [one for one in drawn(replace(PANEL, marks=marks), days=LATE) if one.told.endswith("said")]


# --- the plane ---------------------------------------------------------------------------------------


def _course(*scores: tuple[float, float], instrument: str = "ecr_r") -> tuple[MeasureCourse, ...]:
    forms = [
        StoredForm(
            n, 1, instrument, "general", "client", BEGAN + timedelta(days=60 * n), None,
            {"anxiety": anxiety, "avoidance": avoidance}, [], {}, [], None, None, None,
        )
        for n, (anxiety, avoidance) in enumerate(scores, start=1)
    ]  # fmt: skip
    return measures_told(forms, definitions().instruments)


def plane(*scores: tuple[float, float], instrument: str = "ecr_r") -> security_plane.Plane | None:
    return security_plane.plane_of(_course(*scores, instrument=instrument), definitions())


def test_ellipses_stand_on_first_and_last_only_with_the_joint_error() -> None:
    found = plane((4.0, 5.0), (3.5, 4.5), (3.0, 3.0))
    assert found is not None and found.errors == pytest.approx((1.12 * sqrt(0.08), 1.19 * sqrt(0.07)))
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    first, last = named(shapes, "path")
    assert first.attributes["stroke-dasharray"] == "4 3" and last.attributes["fill"] == LIGHT.soft
    radius = float(str(last.attributes["d"]).split("A")[1].split(",")[0])
    assert radius == pytest.approx(400 / 6 * 2.45 * 1.12 * sqrt(0.08), abs=0.1)


def test_the_path_starts_hollow_ends_filled_and_is_dated() -> None:
    found = plane((4.0, 5.0), (3.5, 4.5), (3.0, 3.0))
    assert found is not None
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    circles = named(shapes, "circle")
    assert [one.attributes["fill"] for one in circles] == [LIGHT.accent, LIGHT.page, LIGHT.accent]
    assert {"6 Mar", "4 Jul", "more security", "both lower:"} <= set(texts(shapes))
    told = security_plane.in_words(found, TODAY)
    assert (
        told == "ECR-R: from anxiety 4.0 and avoidance 5.0 on 6 Mar to anxiety 3.0 and avoidance 3.0 on 4 Jul, 3 dates."
    )


def test_points_outside_the_days_shown_fade_and_the_ellipses_move_to_the_first_and_last_shown() -> None:
    found = plane((4.0, 5.0), (3.5, 4.5), (3.2, 4.0), (3.0, 3.0))  # 6 Mar, 5 May, 4 Jul, 2 Sep
    assert found is not None
    middle = ShownDays(date(2026, 4, 1), date(2026, 8, 1), is_whole=False)
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY, middle)
    assert [one.attributes["fill"] for one in named(shapes, "circle")] == [
        LIGHT.faint, LIGHT.faint, LIGHT.page, LIGHT.accent,
    ]  # fmt: skip
    assert {"5 May", "4 Jul"} <= set(texts(shapes)) and not {"6 Mar", "2 Sep"} & set(texts(shapes))
    faded, path = named(shapes, "polyline")
    assert len(str(faded.attributes["points"]).split()) == 4 and len(str(path.attributes["points"]).split()) == 2
    nowhere = security_plane.plane_shapes(found, LIGHT, TODAY, ShownDays(date(2026, 12, 1), date(2026, 12, 9), False))
    assert not named(nowhere, "path") and len(named(nowhere, "circle", fill=LIGHT.faint)) == 4


def test_one_date_has_one_ellipse_and_no_hollow_start() -> None:
    found = plane((4.0, 5.0))
    assert found is not None
    shapes = security_plane.plane_shapes(found, LIGHT, TODAY)
    assert len(named(shapes, "path")) == 1 and len(named(shapes, "circle")) == 1
    assert security_plane.in_words(found, TODAY).endswith("one date only.")


def test_without_published_figures_there_is_a_path_and_no_ellipse() -> None:
    found = plane((4.0, 5.0), (3.0, 3.0), instrument="ecr_rs")
    assert found is not None and found.errors is None
    assert not named(security_plane.plane_shapes(found, LIGHT, TODAY), "path")


def test_without_both_scores_there_is_no_plane() -> None:
    assert security_plane.plane_of((), definitions()) is None
